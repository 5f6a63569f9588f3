import { idleFinding, type IdleFinding } from '../contract/lock.ts';
import type { ScreenLockSetting } from '../contract/machine-state.ts';

/** An idle clock that says "just now" for so long, at every one of so many looks, is not looked at by a person. */
const zeroForMs = 10 * 60_000;
const zeroSamplesLeast = 30;
/** How far idle time may run ahead of real time between two looks. */
const jumpToleranceMs = 5_000;
const jumpForgottenMs = 30 * 60_000;
/** The system's second source has to say "nobody there" for so long, so often in a row, against a shell that says "just now". */
const systemIdleLeastMs = 60_000;
const justNowMs = 5_000;
const disagreementsLeast = 3;
/** Input that surely happened was missed so often. */
const missedLeast = 2;

/** What is known about how well a session's idle clock works. Times are milliseconds since boot. */
export interface IdleHealth {
  last: { idleMs: number; atMs: number } | null;
  zeroSinceMs: number | null;
  zeroSamples: number;
  /** When somebody surely touched the computer: they pressed a button of ours, or unlocked. */
  touchedMs: number | null;
  missed: number;
  disagreements: number;
  jumpedMs: number | null;
  open: Partial<Record<IdleFinding, string | undefined>>;
}

export const idleHealthUnknown: IdleHealth = {
  last: null,
  zeroSinceMs: null,
  zeroSamples: 0,
  touchedMs: null,
  missed: 0,
  disagreements: 0,
  jumpedMs: null,
  open: {},
};

export type IdleHealthInput =
  /** `systemIdleMs`: the second source at the same moment; null when it was not asked or has none. */
  | { kind: 'sampled'; idleMs: number; systemIdleMs: number | null }
  | { kind: 'touched' }
  | { kind: 'slept' }
  /** Neither the shell nor the system tells; or one of them does again. */
  | { kind: 'source'; available: boolean }
  /** The system's own screen lock beside the policy's; null: not known, or no policy. */
  | { kind: 'screenLock'; setting: ScreenLockSetting | null; lockAfterSeconds: number | null };

export interface IdleHealthStep {
  state: IdleHealth;
  found: { finding: IdleFinding; detail: string }[];
  restored: IdleFinding[];
}

/** Watches the idle clock itself, because a lock that rests on a broken one silently never happens. */
export function stepIdleHealth(before: IdleHealth, input: IdleHealthInput, nowMs: number): IdleHealthStep {
  const wanted: Partial<Record<IdleFinding, string | null>> = {};
  const state = take(before, input, nowMs, wanted);
  const open = { ...state.open };
  const step: IdleHealthStep = { state: { ...state, open }, found: [], restored: [] };
  for (const finding of idleFinding.options) {
    const detail = wanted[finding];
    if (detail === null) {
      if (open[finding] === undefined) continue;
      open[finding] = undefined;
      step.restored.push(finding);
    } else if (detail !== undefined && open[finding] !== detail) {
      open[finding] = detail;
      step.found.push({ finding, detail });
    }
  }
  return step;
}

type Wanted = Partial<Record<IdleFinding, string | null>>;

function take(state: IdleHealth, input: IdleHealthInput, nowMs: number, wanted: Wanted): IdleHealth {
  switch (input.kind) {
    case 'touched':
      return { ...state, touchedMs: nowMs };
    case 'slept':
      return { ...state, last: null, zeroSinceMs: null, zeroSamples: 0, touchedMs: null };
    case 'source':
      wanted.noSource = input.available
        ? null
        : 'Neither Usher in the session nor the operating system says when the computer was last used. Sign out and in again; if it stays, install Usher again.';
      return state;
    case 'screenLock':
      compareSettings(input, wanted);
      return state;
    case 'sampled':
      return takeSample(state, input, nowMs, wanted);
  }
}

function takeSample(
  state: IdleHealth,
  { idleMs, systemIdleMs }: Extract<IdleHealthInput, { kind: 'sampled' }>,
  nowMs: number,
  wanted: Wanted,
): IdleHealth {
  wanted.noSource = null;
  const zero = idleMs < 1_000;
  const zeroSinceMs = zero ? (state.zeroSinceMs ?? nowMs) : null;
  const zeroSamples = zero ? state.zeroSamples + 1 : 0;
  if (zeroSinceMs !== null && nowMs - zeroSinceMs >= zeroForMs && zeroSamples >= zeroSamplesLeast) {
    wanted.alwaysZero =
      'The idle time has been 0 for ten minutes without a break, as if somebody typed all the time. Look for a stuck key or a program that moves the mouse; on Wayland sign in with Xorg, or let the desktop report idle time.';
  } else if (!zero) wanted.alwaysZero = null;

  const missedInput = state.touchedMs !== null && nowMs - idleMs < state.touchedMs - jumpToleranceMs;
  const missed = state.touchedMs === null ? state.missed : missedInput ? state.missed + 1 : 0;
  if (missed >= missedLeast) {
    wanted.neverFalls =
      'Somebody used the computer and the idle time went on as if nobody had. The screen may lock while it is in use; update the desktop or the display driver.';
  } else if (state.touchedMs !== null && !missedInput) wanted.neverFalls = null;

  const jumped = state.last !== null && idleMs - state.last.idleMs > nowMs - state.last.atMs + jumpToleranceMs;
  const jumpedMs = jumped ? nowMs : state.jumpedMs;
  if (jumped)
    wanted.jumps =
      'The idle time jumped ahead of the clock. Usher counts by its own clock meanwhile; restart the computer if it stays.';
  else if (jumpedMs !== null && nowMs - jumpedMs > jumpForgottenMs) wanted.jumps = null;

  const compared = systemIdleMs !== null;
  const differs = systemIdleMs !== null && systemIdleMs > systemIdleLeastMs && idleMs < justNowMs;
  const disagreements = compared ? (differs ? state.disagreements + 1 : 0) : state.disagreements;
  if (disagreements >= disagreementsLeast) {
    wanted.disagrees =
      'Usher in the session says that somebody is there, the operating system says that nobody is. The operating system is believed; start Usher again in this session.';
  } else if (compared && !differs) wanted.disagrees = null;

  return {
    ...state,
    last: { idleMs, atMs: nowMs },
    zeroSinceMs,
    zeroSamples,
    touchedMs: null,
    missed,
    disagreements,
    jumpedMs,
  };
}

function compareSettings(
  { setting, lockAfterSeconds }: Extract<IdleHealthInput, { kind: 'screenLock' }>,
  wanted: Wanted,
): void {
  const never = setting !== null && setting.afterSeconds === null;
  const afterSeconds = setting?.afterSeconds ?? null;
  const earlier = afterSeconds !== null && lockAfterSeconds !== null && afterSeconds < lockAfterSeconds;
  wanted.systemNeverLocks =
    never && lockAfterSeconds !== null
      ? `The operating system's own screen lock is off (${setting.source}). Usher locks, but nothing would if Usher were removed; switch it on.`
      : null;
  wanted.systemLocksEarlier = earlier
    ? `The operating system locks after ${afterSeconds} seconds, before the policy's ${lockAfterSeconds} (${setting?.source ?? ''}). People see no warning then; set it to ${lockAfterSeconds} or more.`
    : null;
}

/** Is the shell's idle clock not to be relied on, so that the system's second source has to decide? */
export function distrustsShell(state: IdleHealth): boolean {
  return (['alwaysZero', 'neverFalls', 'disagrees'] as const).some((finding) => state.open[finding] !== undefined);
}
