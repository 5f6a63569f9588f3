import { z } from 'zod';

/** What watches over the server asks here. */
export const operationPaths = { alive: '/healthz', ready: '/readyz', metrics: '/metrics' } as const;

export const aliveAnswer = z.object({ status: z.literal('alive') });

/** One thing the server needs in order to take records and answer. */
export const readinessCheck = z.object({
  name: z.enum(['phase', 'database', 'migrations', 'disk']),
  ok: z.boolean(),
  /** One sentence: how it stands, and where it is not well, what to do. */
  detail: z.string(),
});
export type ReadinessCheck = z.infer<typeof readinessCheck>;

export const readyAnswer = z.object({ status: z.literal('ready'), checks: z.array(readinessCheck) });
/** Members of the problem document that `/readyz` answers with (503) when something is not well. */
export const notReady = z.object({ checks: z.array(readinessCheck) });
