import type { LockAction } from '../../contract/lock.ts';
import type { IdleLockState } from './idle-lock-state.ts';
import type { LockTerms } from './lock-terms.ts';

/** How long the system has to confirm before the displays are covered. A sign-out waits for programs to close. */
export const confirmWithinMs = (action: LockAction): number => (action === 'lock' ? 3_000 : 20_000);
/** A covered machine asks the system to lock again this often. */
export const retryLockMs = 10_000;

/** When the lock is due if nobody touches the computer, milliseconds since boot. */
export function lockDueMs(state: IdleLockState, terms: LockTerms): number {
  return Math.max(state.lastInput.latestMs + terms.lockAfterMs, state.notBeforeMs);
}

/** When the screen locks because nobody could tell any more, since `blindSinceMs`, whether it was used. */
export function blindLockDueMs(state: IdleLockState, terms: LockTerms, blindSinceMs: number): number {
  return Math.max(blindSinceMs + terms.lockAfterMs, state.notBeforeMs);
}

/** When the warning is due: as long before the lock as the terms say, also after "More time" or a presentation. */
export function warnDueMs(state: IdleLockState, terms: LockTerms): number {
  const countdownMs = terms.lockAfterMs - terms.warnAfterMs;
  return Math.max(state.lastInput.latestMs + terms.warnAfterMs, state.notBeforeMs - countdownMs);
}

/** How long a shell may be late with its sample before the system is asked instead. */
export function silenceMs(state: IdleLockState): number {
  return state.phase.kind === 'warning' ? 500 : 5_000;
}

/** How long until the system's own idle time is asked again. */
export function systemAskMs(state: IdleLockState, terms: LockTerms, nowMs: number): number {
  return Math.min(5_000, Math.max(500, lockDueMs(state, terms) - nowMs));
}
