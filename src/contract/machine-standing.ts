import { z } from 'zod';

/**
 * `waiting`: for an administrator. `approved`: trusted. `refused`: was never let in. `revoked`: was, and is no longer.
 */
export const standing = z.enum(['waiting', 'approved', 'refused', 'revoked']);
export type Standing = z.infer<typeof standing>;

/**
 * What can be found about a machine. Stable names: alerts and reports rest on them.
 * - `cloned`: two machines use one key.
 * - `rolledBack`: it went back to an earlier state.
 * - `forked`: it sent another record under a number that is held.
 * - `reinstalled`: another machine has the same serial number.
 * - `untrusted`: something claims to be it and cannot show it.
 * - `silent`: not heard of when it should have been. `gone`: for so long that it is probably not there any more.
 */
export const findingKind = z.enum(['cloned', 'rolledBack', 'forked', 'reinstalled', 'untrusted', 'silent', 'gone']);
export type FindingKind = z.infer<typeof findingKind>;
export const findingState = z.enum(['open', 'acknowledged', 'resolved']);
export type FindingState = z.infer<typeof findingState>;
