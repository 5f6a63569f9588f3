import type { ClauseReference, LockAction } from '../../contract/lock.ts';
import { everySection, type SignedPolicy } from '../../contract/policy.ts';
import type { PresentationSignal } from '../../contract/policy-rules.ts';

/** What the policy in force asks of this machine about idle time; durations in milliseconds. */
export interface LockTerms {
  policyVersion: number;
  /** The clause that allows the lock (or, on a shared machine, the sign-out). */
  clause: string;
  action: LockAction;
  warnAfterMs: number;
  lockAfterMs: number;
  /** What "More time" gives, once; null where it is not allowed. */
  extendMs: number | null;
  presentation: { clause: string; maximumMs: number; recognise: readonly PresentationSignal[] } | null;
}

/** The terms of the policy for this machine; null where it asks for no idle lock. */
export function lockTermsOf(signed: SignedPolicy | null, sharedMachine: boolean): LockTerms | null {
  const rules = signed?.policy.rules;
  const idle = rules?.idleLock;
  if (signed === null || idle === undefined) return null;
  const lockAfterMs = idle.lockAfterSeconds * 1_000;
  const presentation =
    rules?.presentation === undefined
      ? null
      : {
          clause: rules.presentation.clause,
          maximumMs: rules.presentation.maximumMinutes * 60_000,
          recognise: rules.presentation.recognise ?? [],
        };
  const common = { policyVersion: signed.version, lockAfterMs, presentation };
  const shared = sharedMachine ? idle.sharedMachines : undefined;
  if (shared === undefined) {
    return {
      ...common,
      clause: idle.clause,
      action: 'lock',
      warnAfterMs: idle.warnAfterSeconds * 1_000,
      extendMs: null,
    };
  }
  return {
    ...common,
    clause: shared.clause,
    action: 'signOut',
    warnAfterMs: Math.max(1_000, lockAfterMs - shared.saveWorkSeconds * 1_000),
    extendMs: shared.extendOnceSeconds === undefined ? null : shared.extendOnceSeconds * 1_000,
  };
}

/** A clause of the policy as it is shown beside what it allows; null when the policy has no such clause. */
export function clauseReferenceOf(signed: SignedPolicy, id: string): ClauseReference | null {
  for (const section of everySection(signed.policy.sections)) {
    const clause = section.clauses.find((one) => one.id === id);
    if (clause === undefined) continue;
    return {
      id,
      number: clause.number ?? null,
      text: clause.text,
      policyTitle: signed.policy.title,
      policyVersion: signed.version,
    };
  }
  return null;
}
