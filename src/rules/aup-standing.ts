import type { SignedPolicy } from '../contract/policy.ts';
import type { Audience } from '../contract/policy.ts';
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
export type Standing = { open: true; by: RecordedAcceptance } | { open: false; why: 'first' | 'changed' | 'renewal' };

/**
 * Applies the policy's renewal to what an account accepted before, newest first. Only an acceptance of this very text
 * counts. An acceptance dated in the future (the clock was set back) has not expired.
 */
export function standing(
  policy: SignedPolicy,
  acceptances: readonly RecordedAcceptance[],
  session: string,
  nowMs: number,
): Standing {
  const ofThisText = acceptances.filter((one) => one.policyHash === policy.hash);
  const renewal = policy.policy.renewal;
  const valid = ofThisText.find((one) => {
    switch (renewal.kind) {
      case 'onChange':
        return true;
      case 'eachSignIn':
        return one.session === session;
      case 'everyDays':
        return nowMs - one.atMs < renewal.days * dayMs;
    }
  });
  if (valid !== undefined) return { open: true, by: valid };
  if (ofThisText.length > 0) return { open: false, why: 'renewal' };
  const ofThisPolicy = acceptances.some((one) => one.policyId === policy.policy.id);
  return { open: false, why: ofThisPolicy ? 'changed' : 'first' };
}
