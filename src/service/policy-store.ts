import { existsSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { mostPoliciesInForce, policySet, type PolicySet } from '../contract/policy-set.ts';
import { signedPolicy, type SignedPolicy } from '../contract/policy.ts';
import type { SyncAnswer } from '../contract/sync.ts';
import { policySetHolds, signedPolicyFault } from '../proof/index.ts';
import { keptFile } from './kept-file.ts';

const keptPolicies = z.strictObject({
  /** Null where the server speaks of one policy only. */
  set: policySet.nullable(),
  policies: z.array(signedPolicy).max(mostPoliciesInForce),
});
type KeptPolicies = z.infer<typeof keptPolicies>;

/** What a server said about policies in one answer. */
export type OfferedPolicies = Pick<SyncAnswer, 'policy' | 'policySet' | 'policies'>;

export type PolicyOffer =
  /** Nothing new was said, or it is known already. */
  | { kind: 'same' }
  | { kind: 'taken'; arrived: readonly SignedPolicy[]; withdrawn: readonly SignedPolicy[] }
  /** It is not used, and nothing changed. */
  | { kind: 'refused'; fault: string };

export interface PolicyStore {
  /** In the order in which people are asked; empty until some arrived whose signatures verify. */
  readonly inForce: readonly SignedPolicy[];
  /** @throws Error of `node:fs` when what was taken cannot be kept; then nothing changed. */
  offer(offered: OfferedPolicies, serverPublicKey: string): PolicyOffer;
}

export interface PolicyStoreOptions {
  path: string;
  /** Where versions before 0.2 kept their one policy. */
  olderPath: string;
  deviceId: string;
  serverPublicKey: string | null;
  now: () => number;
  onProblem: (sentence: string) => void;
}

/** The policies in force, kept on disk; what is read back is verified again before it is shown to anybody. */
export function openPolicyStore(options: PolicyStoreOptions): PolicyStore {
  const { path, olderPath, deviceId, serverPublicKey, now, onProblem } = options;
  const file = keptFile(path, keptPolicies, now, onProblem);
  let kept: KeptPolicies = { set: null, policies: [] };

  if (serverPublicKey !== null) {
    const older = (): KeptPolicies => {
      const one = keptFile(olderPath, signedPolicy, now, onProblem).read();
      return { set: null, policies: one === null ? [] : [one] };
    };
    const read = file.read() ?? older();
    const fault = faultOf(read, serverPublicKey, deviceId);
    if (fault === null) kept = read;
    else onProblem(`The policies kept in ${path} are not used: ${fault}.`);
  }

  const take = (next: KeptPolicies, key: string): PolicyOffer => {
    const fault = faultOf(next, key, deviceId);
    if (fault !== null) return { kind: 'refused', fault };
    const before = kept.policies;
    const arrived = next.policies.filter(
      ({ hash, version }) => !before.some((one) => one.hash === hash && one.version === version),
    );
    const withdrawn = before.filter(({ policy }) => !next.policies.some((one) => one.policy.id === policy.id));
    file.write(next);
    if (existsSync(olderPath)) rmSync(olderPath);
    kept = next;
    return { kind: 'taken', arrived, withdrawn };
  };

  return {
    get inForce() {
      return kept.policies;
    },
    offer({ policy, policySet: set, policies = [] }, key) {
      if (set !== undefined) {
        if (kept.set !== null && set.issuedAt < kept.set.issuedAt) {
          const fault = `what is in force was issued on ${set.issuedAt}, before what this machine has (${kept.set.issuedAt})`;
          return { kind: 'refused', fault };
        }
        const texts = [...policies, ...kept.policies];
        const found = set.hashes.map((hash) => texts.find((one) => one.hash === hash));
        const whole = found.filter((one) => one !== undefined);
        if (whole.length < found.length)
          return { kind: 'refused', fault: 'the text of one that is in force is missing' };
        return take({ set, policies: whole }, key);
      }
      const [current] = kept.policies;
      if (policy === undefined || (current?.hash === policy.hash && current.version === policy.version)) {
        return { kind: 'same' };
      }
      if (current !== undefined && policy.publishedAt < current.publishedAt) {
        const fault = `it was published on ${policy.publishedAt}, before the one this machine has (${current.publishedAt})`;
        return { kind: 'refused', fault };
      }
      return take({ set: null, policies: [policy] }, key);
    },
  };
}

/** Null when every signature is the server's and the set is this machine's, else one sentence. */
function faultOf({ set, policies }: KeptPolicies, serverPublicKey: string, deviceId: string): string | null {
  if (set !== null) {
    if (set.deviceId !== deviceId) return 'they are for another machine';
    const says = (set: PolicySet) => JSON.stringify(set.hashes) === JSON.stringify(policies.map(({ hash }) => hash));
    if (!says(set)) return 'they are not the ones that are said to be in force';
    if (!policySetHolds(serverPublicKey, set)) return "what is in force is not signed by this school's server";
  }
  for (const one of policies) {
    const fault = signedPolicyFault(serverPublicKey, one);
    if (fault !== null) return fault;
  }
  return null;
}
