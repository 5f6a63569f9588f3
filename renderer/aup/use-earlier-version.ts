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
    void ask((shell) => shell.policyText({ policyHash: wanted })).then((outcome) => {
      if (left) return;
      const version: EarlierVersion = outcome.ok ? { kind: 'here', policy: outcome.value.policy } : { kind: 'gone' };
      setBrought({ hash: wanted, version });
    });
    return () => {
      left = true;
    };
  }, [wanted]);

  if (why !== 'changed' || previous === null || previous.policyHash === gate.policy.hash) return none;
  if (previous.text === 'awaited') return awaited;
  if (previous.text === 'gone') return gone;
  return brought?.hash === previous.policyHash ? brought.version : coming;
}

const none: EarlierVersion = { kind: 'none' };
const coming: EarlierVersion = { kind: 'coming' };
const awaited: EarlierVersion = { kind: 'awaited' };
const gone: EarlierVersion = { kind: 'gone' };
