import { z } from 'zod';
import { eventType } from './event.ts';
import { deviceId, instant } from './primitives.ts';

export const exportPaths = { events: '/v1/console/events/export' } as const;

/** `jsonl`: one event row as JSON on each line. `csv`: RFC 4180, with a line of names first. */
export const exportFormat = z.enum(['jsonl', 'csv']);

export const eventExportQuery = z.object({
  format: exportFormat.default('jsonl'),
  type: eventType.optional(),
  machine: deviceId.optional(),
  /** When it happened: from this moment on … */
  from: instant.optional(),
  /** … and before this one. */
  to: instant.optional(),
});
export type EventExportQuery = z.infer<typeof eventExportQuery>;
