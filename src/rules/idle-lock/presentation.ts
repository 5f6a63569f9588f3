import type { EventData } from '../../contract/event.ts';
import type { PresentationReason } from '../../contract/lock.ts';
import type { PresentationSignal } from '../../contract/policy-rules.ts';
import type { IdleLockEffect, IdleLockState } from './idle-lock-state.ts';
import type { LockTerms } from './lock-terms.ts';
import { warnDueMs } from './times.ts';

/** Signs of a presentation are looked for so long before the warning, and this often while one goes on. */
const lookBeforeWarningMs = 3_000;
const lookAgainMs = 10_000;

/** Begins a presentation: as long as asked for, at most the policy's ceiling. One that runs already is replaced by none. */
export function startPresentation(
  state: IdleLockState,
  reason: PresentationReason,
  askedMs: number,
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  const allowed = terms?.presentation ?? null;
  if (terms === null || allowed === null || state.presentation !== null) return state;
  if (state.phase.kind !== 'watching' && state.phase.kind !== 'warning') return state;
  const lastsMs = Math.max(1, Math.min(askedMs, allowed.maximumMs));
  effects.push({
    kind: 'record',
    type: 'presentation.started',
    authority: { policyVersion: terms.policyVersion, clause: allowed.clause },
    data: { reason, maximumMinutes: Math.max(1, Math.ceil(lastsMs / 60_000)) },
  });
  return {
    ...state,
    presentation: { reason, startedMs: nowMs, endsMs: nowMs + lastsMs },
    phase: { kind: 'watching' },
  };
}

/** Ends it; whoever is in the room gets the whole countdown before the screen locks. */
export function endPresentation(
  state: IdleLockState,
  why: EventData<'presentation.ended'>['why'],
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  const { presentation } = state;
  if (presentation === null) return state;
  const clause = terms?.presentation?.clause;
  effects.push({
    kind: 'record',
    type: 'presentation.ended',
    authority: terms === null || clause === undefined ? null : { policyVersion: terms.policyVersion, clause },
    data: {
      reason: presentation.reason,
      why,
      lastedSeconds: Math.max(0, Math.round((nowMs - presentation.startedMs) / 1_000)),
    },
  });
  const countdownMs = terms === null ? 0 : terms.lockAfterMs - terms.warnAfterMs;
  return {
    ...state,
    presentation: null,
    notBeforeMs: Math.max(state.notBeforeMs, nowMs + countdownMs),
    signalsSpent: presentation.reason !== 'person' && why === 'ceiling',
    lookedMs: null,
  };
}

/** Ends a presentation whose time is up. */
export function passPresentation(
  state: IdleLockState,
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  const { presentation } = state;
  if (presentation === null) return state;
  // A newer policy may have lowered the ceiling meanwhile.
  const ceilingMs = presentation.startedMs + (terms?.presentation?.maximumMs ?? 0);
  return nowMs >= Math.min(presentation.endsMs, ceilingMs)
    ? endPresentation(state, 'ceiling', terms, nowMs, effects)
    : state;
}

/** Takes what was found: begins a presentation on the first sign the policy recognises, ends one whose sign is gone. */
export function seeSignals(
  state: IdleLockState,
  signals: readonly PresentationSignal[],
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  const recognised = terms?.presentation?.recognise ?? [];
  const [sign] = signals.filter((one) => recognised.includes(one));
  if (state.presentation !== null) {
    const goesOn = state.presentation.reason === 'person' || sign !== undefined;
    return goesOn ? state : endPresentation(state, 'signalGone', terms, nowMs, effects);
  }
  if (sign === undefined || state.signalsSpent) return state;
  return startPresentation(state, sign, terms?.presentation?.maximumMs ?? 0, terms, nowMs, effects);
}

/** When signs are looked for, so that an answer is there before the warning would be. */
export function lookDueMs(state: IdleLockState, terms: LockTerms): number {
  return warnDueMs(state, terms) - lookBeforeWarningMs;
}

/** Is it time to look for signs of a presentation? */
export function wantsLook(state: IdleLockState, terms: LockTerms | null, nowMs: number): boolean {
  if (terms === null || (terms.presentation?.recognise.length ?? 0) === 0) return false;
  if (state.phase.kind !== 'watching' && state.phase.kind !== 'warning') return false;
  if (state.presentation !== null) {
    return (
      state.presentation.reason !== 'person' && nowMs >= (state.lookedMs ?? state.presentation.startedMs) + lookAgainMs
    );
  }
  return state.lookedMs === null && !state.signalsSpent && nowMs >= lookDueMs(state, terms);
}
