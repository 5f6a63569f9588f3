import type { Audience, SignedPolicy } from '../contract/policy.ts';
import type { AcceptanceReceipt } from '../contract/session.ts';

const dayMs = 86_400_000;

/** An acceptance that is committed in the journal. */
export interface RecordedAcceptance {
  policyId: string;
  policyHash: string;
  /** Wall clock of the record, milliseconds since 1970. */
  atMs: number;
  /** The session it was given in. */
  session: string | null;
  audience: Audience;
  teaching: boolean;
  receipt: AcceptanceReceipt;
}

/** May the person go on (and by which acceptance), or do they have to be asked (and why)? */
export type Standing =
  | { open: true; by: RecordedAcceptance }
  /** Nobody is asked yet. */
  | { open: true; by: null; fromMs: number }
  /** `postponableUntilMs`: "Not now" holds until then; null where there is no grace, or it is over. */
  | { open: false; why: 'first' | 'changed' | 'renewal'; postponableUntilMs: number | null };

/** Where and by whom a policy is answered. */
export interface AskedOf {
  session: string;
  /** Several people use the account: only what was accepted in this very session was accepted by who sits there. */
  shared: boolean;
}

/**
 * Applies the policy's renewal to what an account accepted before, newest first. Only an acceptance of this very text
 * counts, unless it is asked for once. An acceptance dated in the future (the clock was set back) has not expired.
 */
export function standing(
  { policy, hash, publishedAt }: SignedPolicy,
  acceptances: readonly RecordedAcceptance[],
  { session, shared }: AskedOf,
  nowMs: number,
): Standing {
  const { renewal } = policy;
  const own = acceptances.filter((one) => one.policyId === policy.id && (!shared || one.session === session));
  const ofThisText = own.filter((one) => one.policyHash === hash);
  const valid = (renewal.kind === 'once' ? own : ofThisText).find((one) => {
    switch (renewal.kind) {
      case 'onChange':
      case 'once':
        return true;
      case 'eachSignIn':
        return one.session === session;
      case 'everyDays':
        return nowMs - one.atMs < renewal.days * dayMs;
    }
  });
  if (valid !== undefined) return { open: true, by: valid };
  const startsMs = renewal.startsOn === undefined ? 0 : Date.parse(renewal.startsOn);
  if (nowMs < startsMs) return { open: true, by: null, fromMs: startsMs };
  const [newest] = ofThisText;
  const why = newest !== undefined ? 'renewal' : own.length > 0 ? 'changed' : 'first';
  if (shared || renewal.kind === 'eachSignIn' || renewal.graceDays === undefined) {
    return { open: false, why, postponableUntilMs: null };
  }
  const ranOutMs =
    newest !== undefined && renewal.kind === 'everyDays' ? newest.atMs + renewal.days * dayMs : Date.parse(publishedAt);
  const untilMs = Math.max(ranOutMs, startsMs) + renewal.graceDays * dayMs;
  return { open: false, why, postponableUntilMs: nowMs < untilMs ? untilMs : null };
}
