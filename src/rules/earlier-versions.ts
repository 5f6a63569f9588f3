import type { SignedPolicy } from '../contract/policy.ts';

/** An acceptance, as far as it says which text somebody may want to see again. */
export interface AcceptedText {
  accountId: string;
  policyId: string;
  policyHash: string;
}

/**
 * The earlier versions that somebody may still want: the one each account accepted last of each policy, where it is not
 * the version in force. When the newer is accepted, nobody needs the earlier one any more.
 * @param acceptances of everybody, newest first
 */
export function wantedVersions(
  acceptances: readonly AcceptedText[],
  inForce: readonly Pick<SignedPolicy, 'hash'>[],
): Set<string> {
  const inForceNow = new Set(inForce.map(({ hash }) => hash));
  const seen = new Set<string>();
  const wanted = new Set<string>();
  for (const { accountId, policyId, policyHash } of acceptances) {
    const key = JSON.stringify([accountId, policyId]);
    if (seen.has(key)) continue;
    seen.add(key);
    if (!inForceNow.has(policyHash)) wanted.add(policyHash);
  }
  return wanted;
}
