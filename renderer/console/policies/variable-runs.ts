import type { Variable } from '../../../src/contract/policy.ts';

/** A run of policy text; `variable` where it is a blank the school fills. */
export interface VariableRun {
  text: string;
  variable: Variable | null;
}

/** Cuts a text at its variables' placeholders. Joined, the runs are the text. */
export function variableRuns(text: string, variables: readonly Variable[]): VariableRun[] {
  return variables.reduce<VariableRun[]>(
    (runs, variable) => runs.flatMap((run) => (run.variable === null ? cut(run.text, variable) : [run])),
    [{ text, variable: null }],
  );
}

function cut(text: string, variable: Variable): VariableRun[] {
  return text
    .split(variable.placeholder)
    .flatMap((part, place) => [
      ...(place === 0 ? [] : [{ text: variable.placeholder, variable }]),
      ...(part === '' ? [] : [{ text: part, variable: null }]),
    ]);
}
