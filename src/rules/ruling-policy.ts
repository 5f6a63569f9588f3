import type { SignedPolicy } from '../contract/policy.ts';

/** Which of the policies in force says what the machine does: the first that has rules, else the first. */
export function rulingPolicy(inForce: readonly SignedPolicy[]): SignedPolicy | null {
  return inForce.find(({ policy }) => Object.keys(policy.rules ?? {}).length > 0) ?? inForce[0] ?? null;
}
