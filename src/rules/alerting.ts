/** When a rule speaks: from `count` matches within `withinMs`, and not again for `quietMs`. */
export interface AlertTerms {
  count: number;
  withinMs: number;
  quietMs: number;
}

/** What is remembered of one rule in one school. */
export interface AlertState {
  /** Matches that count towards the threshold, oldest first; always fewer than the threshold asks for. */
  recent: readonly { atMs: number; count: number }[];
  lastSentMs: number | null;
  /** Matches that would have been told of, had it not been quiet time. */
  heldBack: number;
}

export const freshAlertState: AlertState = { recent: [], lastSentMs: null, heldBack: 0 };

/** `tick`: time passed. Matches are placed at the moment they reach the server, so they never go backwards. */
export type AlertInput = { kind: 'match'; count: number } | { kind: 'tick' };

/** `alert`: tell of `matches`. `summary`: the quiet time is over, and `matches` were held back in it. */
export type AlertEffect = { kind: 'alert' | 'summary'; matches: number };

/**
 * One step of a rule. Every match ends in exactly one place: told of, held back and summed up, waiting for the
 * threshold, or older than the threshold's window.
 */
export function stepAlert(
  terms: AlertTerms,
  state: AlertState,
  input: AlertInput,
  nowMs: number,
): { state: AlertState; effect: AlertEffect | null } {
  const recent = state.recent.filter(({ atMs }) => nowMs - atMs < terms.withinMs);
  const quiet = isQuiet(terms, state.lastSentMs, nowMs);
  if (input.kind === 'tick') {
    if (quiet || state.heldBack === 0) return { state: { ...state, recent }, effect: null };
    return {
      state: { recent, lastSentMs: nowMs, heldBack: 0 },
      effect: { kind: 'summary', matches: state.heldBack },
    };
  }
  const matches = recent.reduce((sum, { count }) => sum + count, input.count);
  if (matches < terms.count) {
    return { state: { ...state, recent: [...recent, { atMs: nowMs, count: input.count }] }, effect: null };
  }
  if (quiet) return { state: { ...state, recent: [], heldBack: state.heldBack + matches }, effect: null };
  return {
    state: { recent: [], lastSentMs: nowMs, heldBack: 0 },
    effect: { kind: 'alert', matches: state.heldBack + matches },
  };
}

/** A clock that was set back does not keep a rule quiet for longer than its terms say. */
function isQuiet({ quietMs }: AlertTerms, lastSentMs: number | null, nowMs: number): boolean {
  if (lastSentMs === null) return false;
  const since = nowMs - lastSentMs;
  return since >= 0 && since < quietMs;
}
