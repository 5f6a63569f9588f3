import { useCallback, useEffect, useState } from 'react';
import type { Outcome } from '../../src/contract/problem.ts';
import type { AcceptanceReceipt } from '../../src/contract/session.ts';
import type { PageView } from '../../src/contract/shell.ts';
import { ask } from '../ui/bridge.ts';

/** The person's receipts, newest first; asked for again whenever something reached the school. Null while asking. */
export function useReceipts(pageView: PageView | null): {
  outcome: Outcome<AcceptanceReceipt[]> | null;
  again: () => void;
} {
  const [outcome, setOutcome] = useState<Outcome<AcceptanceReceipt[]> | null>(null);
  const [round, setRound] = useState(0);
  const service = pageView?.service ?? null;
  const syncedAt = pageView?.view?.sync.lastSyncedAt ?? null;
  const phase = pageView?.view?.gate.phase ?? null;

  useEffect(() => {
    let left = false;
    void ask((shell) => shell.receipts({})).then((answer) => {
      // What is on screen stays when a later look fails.
      if (!left) setOutcome((before) => (answer.ok || before === null || !before.ok ? answer : before));
    });
    return () => {
      left = true;
    };
  }, [round, service, syncedAt, phase]);

  return { outcome, again: useCallback(() => setRound((count) => count + 1), []) };
}
