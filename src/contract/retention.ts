import { z } from 'zod';

/** What an event type is filed under, for how long it is kept. */
export const retentionCategory = z.enum(['acceptances', 'sessions', 'devices', 'requests', 'machines', 'service']);
export type RetentionCategory = z.infer<typeof retentionCategory>;

/** The shortest and the longest that anything may be kept, in months. */
export const shortestMonths = 1;
export const longestMonths = 84;

/**
 * How long something is kept. `received`: so many months after this server received it. `lastSeen`: so many months after
 * the person it is about was last seen on a machine, which is "while they work here, and then".
 */
export const keepFor = z.strictObject({
  from: z.enum(['received', 'lastSeen']),
  months: z
    .int('must be whole months')
    .min(shortestMonths, `must be at least ${shortestMonths} month`)
    .max(longestMonths, `must be at most ${longestMonths} months (7 years)`),
});
export type KeepFor = z.infer<typeof keepFor>;
