import { z } from 'zod';
import { account } from '../../contract/event.ts';
import { instant } from '../../contract/primitives.ts';

/** Which sessions were open, so that a start after a power cut knows who never signed out. */
export const keptSessions = z.strictObject({
  bootId: z.string(),
  /** When it was last written: the last time this machine is known to have run. */
  at: instant,
  /** The machine said that it shuts down, or the service was stopped in order. */
  inOrder: z.boolean(),
  sessions: z.record(
    z.string(),
    z.strictObject({
      account,
      since: instant,
      seenBy: z.enum(['system', 'shell']),
      active: z.boolean(),
      lockedSinceMs: z.number().nullable(),
    }),
  ),
});
export type KeptSessions = z.infer<typeof keptSessions>;
