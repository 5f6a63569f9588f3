import { signedPolicy, type SignedPolicy } from '../contract/policy.ts';
import { signedPolicyFault } from '../proof/index.ts';
import { keptFile } from './kept-file.ts';

export interface PolicyStore {
  /** Null until one arrived whose signature verifies. */
  readonly current: SignedPolicy | null;
  /**
   * Takes a policy that a server sent: null once it is on disk (or was already), else one sentence that says why not.
   * @throws Error of `node:fs` when it cannot be kept; then nothing changed.
   */
  offer(policy: SignedPolicy, serverPublicKey: string): string | null;
}

/** The published policy, kept on disk; what is read back is verified again before it is shown to anybody. */
export function openPolicyStore(
  path: string,
  serverPublicKey: string | null,
  now: () => number,
  onProblem: (sentence: string) => void,
): PolicyStore {
  const file = keptFile(path, signedPolicy, now, onProblem);
  let current = serverPublicKey === null ? null : file.read();
  if (current !== null && serverPublicKey !== null) {
    const fault = signedPolicyFault(serverPublicKey, current);
    if (fault !== null) {
      onProblem(`The policy kept in ${path} is not used: ${fault}.`);
      current = null;
    }
  }
  return {
    get current() {
      return current;
    },
    offer(policy, key) {
      if (current?.hash === policy.hash && current.version === policy.version) return null;
      const fault = signedPolicyFault(key, policy);
      if (fault !== null) return fault;
      if (current !== null && policy.publishedAt < current.publishedAt) {
        return `it was published on ${policy.publishedAt}, before the one this machine has (${current.publishedAt})`;
      }
      file.write(policy);
      current = policy;
      return null;
    },
  };
}
