import type { GateView } from '../src/contract/session.ts';

/** How long "Recorded" may stay on screen before the gate goes by itself. */
export const recordedStaysMs = 60_000;

/**
 * Does this keep the displays covered until it is answered? A person who is about to be signed out may save their work
 * first, where there is some.
 */
export function isAsked(gate: GateView): boolean {
  return gate.phase === 'asking' || gate.phase === 'identifying' || (gate.phase === 'leaving' && gate.covered);
}

/** Is the gate up, and what keeps it up. */
export interface GatePresence {
  up: boolean;
  /** The service last said that there is something to answer; kept while the service cannot be reached. */
  asked: boolean;
  /** An acceptance made here is on its way to the service. */
  accepting: boolean;
  /** Until when the page shows "Recorded" (milliseconds since 1970); null when it does not. */
  recordedUntilMs: number | null;
}

export type GatePresenceInput =
  | { kind: 'viewed'; asked: boolean }
  | { kind: 'acceptBegan' }
  | { kind: 'acceptEnded'; recorded: boolean }
  | { kind: 'finished' }
  | { kind: 'timePassed' };

export const gateAtStart: GatePresence = { up: false, asked: false, accepting: false, recordedUntilMs: null };

/**
 * Decides whether the gate covers the displays. It is up while the policy is asked for, stays while "Recorded" is
 * shown (until "Continue", at most `recordedStaysMs`), and goes at once when the policy was accepted elsewhere.
 * Losing the service is no input: what was up stays up.
 */
export function gatePresence(state: GatePresence, input: GatePresenceInput, nowMs: number): GatePresence {
  const next = apply(state, input, nowMs);
  const showsRecorded = next.recordedUntilMs !== null && nowMs < next.recordedUntilMs;
  return {
    ...next,
    recordedUntilMs: showsRecorded ? next.recordedUntilMs : null,
    up: next.asked || (state.up && (next.accepting || showsRecorded)),
  };
}

function apply(state: GatePresence, input: GatePresenceInput, nowMs: number): GatePresence {
  switch (input.kind) {
    case 'viewed':
      return { ...state, asked: input.asked };
    case 'acceptBegan':
      return { ...state, accepting: true };
    case 'acceptEnded':
      return { ...state, accepting: false, recordedUntilMs: input.recorded ? nowMs + recordedStaysMs : null };
    case 'finished':
      return { ...state, recordedUntilMs: null };
    case 'timePassed':
      return state;
  }
}
