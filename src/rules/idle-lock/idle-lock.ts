import type { LockAction, LockReason } from '../../contract/lock.ts';
import type { Moment } from '../moment.ts';
import { inputAt, sampled } from './last-input.ts';
import type {
  Authority,
  IdleLockEffect,
  IdleLockInput,
  IdleLockState,
  IdleLockStep,
  Locking,
} from './idle-lock-state.ts';
import type { LockTerms } from './lock-terms.ts';
import {
  endPresentation,
  lookDueMs,
  passPresentation,
  seeSignals,
  startPresentation,
  wantsLook,
} from './presentation.ts';
import { blindLockDueMs, confirmWithinMs, lockDueMs, retryLockMs, silenceMs, systemAskMs, warnDueMs } from './times.ts';

export type * from './idle-lock-state.ts';
export type { LockTerms } from './lock-terms.ts';

/** A session nobody has told anything about yet; counting begins now. */
export function idleLock(now: Moment): IdleLockState {
  return {
    phase: { kind: 'watching' },
    lastInput: inputAt(now.uptimeMs),
    notBeforeMs: 0,
    extended: false,
    presentation: null,
    signalsSpent: false,
    lookedMs: null,
    watch: { by: 'nobody' },
  };
}

/**
 * The idle lock of one session: pure, over plain data. It asks for a lock only on a sample that was taken when the time
 * was up, so that it is never early; once asked, it ends locked, signed out or covered, whatever the system answers.
 */
export function stepIdleLock(
  before: IdleLockState,
  input: IdleLockInput,
  terms: LockTerms | null,
  now: Moment,
): IdleLockStep {
  const nowMs = now.uptimeMs;
  const effects: IdleLockEffect[] = [];
  const taken = take(before, input, terms, nowMs, effects);
  const presented = passPresentation(taken, terms, nowMs, effects);
  const watched = watchTheWatch(presented, terms, nowMs, effects);
  const state = pursueLock(settle(watched, input, terms, nowMs, effects), nowMs, effects);
  if (wantsLook(state, terms, nowMs)) {
    effects.push({ kind: 'lookForPresentation' });
    return { state: { ...state, lookedMs: nowMs }, effects };
  }
  return { state, effects };
}

function take(
  state: IdleLockState,
  input: IdleLockInput,
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  switch (input.kind) {
    case 'idleSampled':
      return takeSample(state, input, terms, nowMs);
    case 'systemIdleUnknown': {
      if (state.watch.by !== 'system') return state;
      const blindSinceMs = state.watch.blindSinceMs ?? nowMs;
      return { ...state, watch: { ...state.watch, blindSinceMs } };
    }
    case 'shellSeen':
      return { ...state, watch: { by: 'shell', dueMs: nowMs } };
    case 'shellLost':
      return state.watch.by === 'nobody'
        ? state
        : { ...state, watch: { by: 'system', askAtMs: nowMs, blindSinceMs: null } };
    case 'slept':
      return afterSleep(state, input.asleepMs, terms, nowMs, effects);
    case 'locked':
      return afterLock(state, nowMs, effects);
    case 'unlocked':
      return state.phase.kind === 'locked'
        ? { ...state, phase: { kind: 'watching' }, lastInput: inputAt(nowMs), notBeforeMs: 0, extended: false }
        : state;
    case 'ended': {
      const ended = endPresentation(state, 'signedOut', terms, nowMs, effects);
      if (ended.phase.kind !== 'locking') return ended;
      confirm(ended.phase, nowMs, effects);
      return { ...ended, phase: { kind: 'locked', sinceMs: nowMs } };
    }
    case 'lockAsked':
      return request(
        state,
        { action: 'lock', reason: input.reason, authority: input.authority },
        terms,
        nowMs,
        effects,
      );
    case 'lockedFromInside':
      return state.phase.kind === 'locking' ? { ...state, phase: { ...state.phase, inSession: true } } : state;
    case 'lockFailed':
      return state.phase.kind === 'locking' ? cover(state, state.phase, input.why, nowMs, effects) : state;
    case 'retryAsked':
      return retry(state, nowMs, effects);
    case 'extendAsked':
      return extend(state, terms, nowMs, effects);
    case 'presentationAsked':
      return startPresentation(state, 'person', input.minutes * 60_000, terms, nowMs, effects);
    case 'presentationEndAsked':
      return endPresentation(state, 'person', terms, nowMs, effects);
    case 'signalsSeen':
      return seeSignals(state, input.signals, terms, nowMs, effects);
    case 'termsChanged':
      return (terms?.presentation ?? null) === null
        ? endPresentation(state, 'policyChanged', terms, nowMs, effects)
        : state;
    case 'timePassed':
      return state;
  }
}

function takeSample(
  state: IdleLockState,
  input: Extract<IdleLockInput, { kind: 'idleSampled' }>,
  terms: LockTerms | null,
  nowMs: number,
): IdleLockState {
  if (input.source === 'system' && state.watch.by === 'shell') return state;
  const lastInput = sampled(state.lastInput, input.idleMs, nowMs);
  const touched = lastInput.latestMs > state.lastInput.sampledMs;
  const state2 = touched
    ? {
        ...state,
        signalsSpent: false,
        // Once for each time somebody is away: it may be asked for again after the extra time was not needed.
        extended: state.extended && nowMs < state.notBeforeMs,
        lookedMs: state.presentation === null ? null : state.lookedMs,
      }
    : state;
  const watch =
    input.source === 'shell'
      ? ({ by: 'shell', dueMs: nowMs + sampleInMs({ ...state2, lastInput }, terms, nowMs) } as const)
      : state.watch.by === 'system'
        ? { ...state.watch, blindSinceMs: null }
        : state.watch;
  return { ...state2, lastInput, watch };
}

/** Turns to the system's own idle time when the shell keeps silent, and asks it whenever it is time. */
function watchTheWatch(
  state: IdleLockState,
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  let { watch } = state;
  if (terms === null || state.phase.kind === 'locked' || state.phase.kind === 'locking') return state;
  if (watch.by === 'shell' && nowMs > watch.dueMs + silenceMs(state)) {
    watch = { by: 'system', askAtMs: nowMs, blindSinceMs: null };
  }
  if (watch.by === 'system' && nowMs >= watch.askAtMs) {
    effects.push({ kind: 'askSystemIdle' });
    watch = { ...watch, askAtMs: nowMs + systemAskMs(state, terms, nowMs) };
  }
  return watch === state.watch ? state : { ...state, watch };
}

/** Puts up and takes down the warning, and asks for the lock when its time has come and somebody vouches for it. */
function settle(
  state: IdleLockState,
  input: IdleLockInput,
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  const { phase, watch } = state;
  if (phase.kind !== 'watching' && phase.kind !== 'warning') return state;
  if (terms === null || state.presentation !== null) {
    return phase.kind === 'warning' ? { ...state, phase: { kind: 'watching' } } : state;
  }
  const authority = { policyVersion: terms.policyVersion, clause: terms.clause };
  if (
    watch.by === 'system' &&
    watch.blindSinceMs !== null &&
    nowMs >= blindLockDueMs(state, terms, watch.blindSinceMs)
  ) {
    return request(state, { action: terms.action, reason: 'notWatched', authority }, terms, nowMs, effects);
  }
  const isFresh = input.kind === 'idleSampled' && (input.source === 'shell' || watch.by !== 'shell');
  if (isFresh && nowMs >= lockDueMs(state, terms)) {
    return request(state, { action: terms.action, reason: 'idle', authority }, terms, nowMs, effects);
  }
  const warns = nowMs >= warnDueMs(state, terms);
  if (warns && phase.kind === 'watching') return { ...state, phase: { kind: 'warning', sinceMs: nowMs } };
  if (!warns && phase.kind === 'warning') return { ...state, phase: { kind: 'watching' } };
  return state;
}

interface Wanted {
  action: LockAction;
  reason: LockReason;
  authority: Authority | null;
}

/** One request at a time: while one is under way, or the screen is locked already, another changes nothing. */
function request(
  before: IdleLockState,
  wanted: Wanted,
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  if (before.phase.kind === 'locking' || before.phase.kind === 'locked') return before;
  const state = endPresentation(before, 'locked', terms, nowMs, effects);
  const idleMs = nowMs - state.lastInput.latestMs;
  effects.push({
    kind: 'record',
    type: 'lock.requested',
    authority: wanted.authority,
    data: {
      action: wanted.action,
      reason: wanted.reason,
      idleSeconds: wanted.reason === 'idle' ? Math.max(0, Math.floor(idleMs / 1_000)) : null,
    },
  });
  effects.push({ kind: wanted.action });
  return {
    ...state,
    phase: {
      kind: 'locking',
      ...wanted,
      requestedMs: nowMs,
      askedMs: nowMs,
      attempts: 1,
      inSession: false,
      covered: null,
    },
  };
}

/** What becomes of a request: covered when the system does not confirm, and asked again until it does. */
function pursueLock(state: IdleLockState, nowMs: number, effects: IdleLockEffect[]): IdleLockState {
  const { phase } = state;
  if (phase.kind !== 'locking') return state;
  if (phase.covered === null) {
    if (nowMs < phase.askedMs + confirmWithinMs(phase.action)) return state;
    return cover(
      state,
      phase,
      phase.action === 'lock'
        ? 'The operating system did not confirm the lock within 3 seconds'
        : 'The session was still open 20 seconds after it was asked to end',
      nowMs,
      effects,
    );
  }
  return nowMs < phase.askedMs + retryLockMs ? state : retry(state, nowMs, effects);
}

/** Asks a covered machine's system once more. */
function retry(state: IdleLockState, nowMs: number, effects: IdleLockEffect[]): IdleLockState {
  const { phase } = state;
  if (phase.kind !== 'locking' || phase.covered === null) return state;
  effects.push({ kind: 'lock' });
  return { ...state, phase: { ...phase, askedMs: nowMs, attempts: phase.attempts + 1 } };
}

function cover(
  state: IdleLockState,
  phase: Locking,
  why: string,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  if (phase.covered !== null) return { ...state, phase: { ...phase, covered: { ...phase.covered, why } } };
  effects.push({
    kind: 'record',
    type: 'lock.failed',
    authority: phase.authority,
    data: { action: phase.action, reason: phase.reason, why: why.slice(0, 300), covered: true },
  });
  const covered = { sinceMs: nowMs, why: why.slice(0, 300) };
  if (phase.action === 'lock') return { ...state, phase: { ...phase, covered } };
  // A session that does not end is at least locked.
  effects.push({ kind: 'lock' });
  return { ...state, phase: { ...phase, covered, action: 'lock', askedMs: nowMs, attempts: phase.attempts + 1 } };
}

function confirm(phase: Locking, nowMs: number, effects: IdleLockEffect[]): void {
  effects.push({
    kind: 'record',
    type: 'lock.confirmed',
    authority: phase.authority,
    data: {
      action: phase.action,
      tookMs: Math.max(0, Math.round(nowMs - phase.requestedMs)),
      wasCovered: phase.covered !== null,
    },
  });
}

function afterLock(before: IdleLockState, nowMs: number, effects: IdleLockEffect[]): IdleLockState {
  if (before.phase.kind === 'locked') return before;
  if (before.phase.kind === 'locking') confirm(before.phase, nowMs, effects);
  const state = endPresentation(before, 'locked', null, nowMs, effects);
  return { ...state, phase: { kind: 'locked', sinceMs: nowMs } };
}

/** Nobody touched it while it slept, whoever opens the lid now. */
function afterSleep(
  state: IdleLockState,
  asleepMs: number,
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  if (terms === null || asleepMs < terms.lockAfterMs) return state;
  const authority = { policyVersion: terms.policyVersion, clause: terms.clause };
  return request(state, { action: terms.action, reason: 'slept', authority }, terms, nowMs, effects);
}

function extend(
  state: IdleLockState,
  terms: LockTerms | null,
  nowMs: number,
  effects: IdleLockEffect[],
): IdleLockState {
  if (terms === null || !mayExtend(state, terms) || terms.extendMs === null) return state;
  effects.push({
    kind: 'record',
    type: 'lock.extended',
    authority: { policyVersion: terms.policyVersion, clause: terms.clause },
    data: { bySeconds: Math.round(terms.extendMs / 1_000) },
  });
  const notBeforeMs = Math.max(nowMs, lockDueMs(state, terms)) + terms.extendMs;
  return { ...state, extended: true, notBeforeMs, phase: { kind: 'watching' } };
}

/**
 * Is there "More time" to be had now? Also without a warning, because whoever reaches for the button has moved the mouse
 * and so taken the warning down.
 */
export function mayExtend(state: IdleLockState, terms: LockTerms): boolean {
  const { kind } = state.phase;
  return (kind === 'warning' || kind === 'watching') && terms.extendMs !== null && !state.extended;
}

const longestBetweenSamplesMs = 15_000;
const warningSampleMs = 200;

/** When the shell should look at the idle clock again, milliseconds. */
export function sampleInMs(state: IdleLockState, terms: LockTerms | null, nowMs: number): number {
  if (terms === null || state.phase.kind === 'locked' || state.phase.kind === 'locking') return longestBetweenSamplesMs;
  if (state.presentation !== null) {
    return Math.max(50, Math.min(longestBetweenSamplesMs, state.presentation.endsMs - nowMs));
  }
  const lockIn = lockDueMs(state, terms) - nowMs;
  const warnIn = warnDueMs(state, terms) - nowMs;
  if (warnIn <= 0) return Math.max(50, Math.min(warningSampleMs, lockIn));
  return Math.max(50, Math.min(longestBetweenSamplesMs, warnIn));
}

/** When `timePassed` has to be said at the latest, milliseconds since boot; null when nothing waits for time. */
export function wakeAtMs(state: IdleLockState, terms: LockTerms | null): number | null {
  const { phase, watch, presentation } = state;
  if (phase.kind === 'locked') return null;
  if (phase.kind === 'locking') {
    return phase.askedMs + (phase.covered === null ? confirmWithinMs(phase.action) : retryLockMs);
  }
  if (terms === null) return null;
  const times: number[] = [];
  if (presentation !== null) {
    times.push(presentation.endsMs);
    if (presentation.reason !== 'person') times.push((state.lookedMs ?? presentation.startedMs) + 10_000);
  }
  if (terms.presentation !== null && presentation === null && state.lookedMs === null && !state.signalsSpent) {
    times.push(lookDueMs(state, terms));
  }
  if (watch.by === 'shell') times.push(watch.dueMs + silenceMs(state) + 1);
  if (watch.by === 'system') {
    times.push(watch.askAtMs);
    if (watch.blindSinceMs !== null && presentation === null) {
      times.push(blindLockDueMs(state, terms, watch.blindSinceMs));
    }
  }
  return times.length === 0 ? null : Math.min(...times);
}
