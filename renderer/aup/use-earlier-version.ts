import { useEffect, useState } from 'react';
import type { Policy } from '../../src/contract/policy.ts';
import type { GateView } from '../../src/contract/session.ts';
import { ask } from '../ui/bridge.ts';

/**
 * The version that the person accepted before. `none`: there is no other. `coming`: asked of the service. `awaited`: the
 * service waits for the school's server. `gone`: nobody has it any more.
 */
export type EarlierVersion = { kind: 'none' | 'coming' | 'awaited' | 'gone' } | { kind: 'here'; policy: Policy };

/** Brings the text of the version accepted before, where the policy changed since. */
export function useEarlierVersion(gate: Extract<GateView, { phase: 'asking' }>): EarlierVersion {
  const { previous, why } = gate;
  const [brought, setBrought] = useState<{ hash: string; version: EarlierVersion } | null>(null);
  const wanted =
    why === 'changed' && previous !== null && previous.policyHash !== gate.policy.hash && previous.text === 'here'
      ? previous.policyHash
      : null;

  useEffect(() => {
    if (wanted === null) return;
    let left = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    const bring = async (): Promise<void> => {
      const outcome = await ask((shell) => shell.policyText({ policyHash: wanted }));
      if (left) return;
      if (outcome.ok) setBrought({ hash: wanted, version: { kind: 'here', policy: outcome.value.policy } });
      else if (outcome.problem.code === 'policy.notInForce') setBrought({ hash: wanted, version: gone });
      // The service is restarting, say: it has the text, and will be back.
      else again = setTimeout(() => void bring(), askAgainMs);
    };
    void bring();
    return () => {
      left = true;
      clearTimeout(again);
    };
  }, [wanted]);

  if (why !== 'changed' || previous === null || previous.policyHash === gate.policy.hash) return none;
  if (previous.text === 'awaited') return awaited;
  if (previous.text === 'gone') return gone;
  return brought?.hash === previous.policyHash ? brought.version : coming;
}

const askAgainMs = 1_000;
const none: EarlierVersion = { kind: 'none' };
const coming: EarlierVersion = { kind: 'coming' };
const awaited: EarlierVersion = { kind: 'awaited' };
const gone: EarlierVersion = { kind: 'gone' };
