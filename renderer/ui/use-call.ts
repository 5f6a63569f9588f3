import { useState } from 'react';
import type { Outcome, Problem } from '../../src/contract/problem.ts';
import type { PageBridge } from '../../src/contract/shell.ts';
import { ask } from './bridge.ts';

export interface Call {
  /** A call is on its way: buttons are closed. */
  busy: boolean;
  /** Why the last call was refused; null when it was not. */
  problem: Problem | null;
  run(call: (shell: PageBridge) => Promise<Outcome<null>>): Promise<boolean>;
}

/** One call to the shell at a time, with what came of it. `run` tells whether it was done. */
export function useCall(): Call {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  return {
    busy,
    problem,
    async run(call) {
      setBusy(true);
      setProblem(null);
      const outcome = await ask(call);
      setBusy(false);
      if (!outcome.ok) setProblem(outcome.problem);
      return outcome.ok;
    },
  };
}
