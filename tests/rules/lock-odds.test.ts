import { expect, test } from 'vitest';
import { endOfDayDue } from '../../src/rules/end-of-day.ts';
import {
  idleHealthUnknown,
  stepIdleHealth,
  type IdleHealth,
  type IdleHealthInput,
} from '../../src/rules/idle-health.ts';
import { inputAt, sampled } from '../../src/rules/idle-lock/last-input.ts';
import { passwordAgeing, passwordSentence } from '../../src/rules/password-age.ts';
import { stepSessions, type OpenSessions } from '../../src/rules/sessions.ts';

/** Feeds inputs, each so many milliseconds after the one before; what was found and restored, in order. */
function watch(steps: readonly (readonly [afterMs: number, input: IdleHealthInput])[]): string[] {
  let state: IdleHealth = idleHealthUnknown;
  let nowMs = 1_000_000;
  const told: string[] = [];
  for (const [afterMs, input] of steps) {
    nowMs += afterMs;
    const step = stepIdleHealth(state, input, nowMs);
    state = step.state;
    told.push(...step.found.map(({ finding }) => finding), ...step.restored.map((finding) => `${finding} restored`));
  }
  return told;
}
const sample = (idleMs: number, systemIdleMs: number | null = null): IdleHealthInput => ({
  kind: 'sampled',
  idleMs,
  systemIdleMs,
});

test('an idle clock that says zero for ten minutes is found, and believed again once it counts', () => {
  const zeros = Array.from({ length: 41 }, () => [15_000, sample(0)] as const);
  expect(watch([...zeros, [15_000, sample(15_000)]])).toEqual(['alwaysZero', 'alwaysZero restored']);
  // Somebody who types for long is no fault: there are pauses of more than a second.
  const typing = Array.from({ length: 80 }, (_, look) => [15_000, sample(look % 5 === 4 ? 1_500 : 200)] as const);
  expect(watch(typing)).toEqual([]);
});

test('input that the idle clock does not see is found at the second time', () => {
  const missed = [
    [10_000, sample(10_000)],
    [10_000, { kind: 'touched' }],
    [9_000, sample(29_000)],
    [10_000, { kind: 'touched' }],
    [9_000, sample(48_000)],
  ] as const;
  expect(watch(missed)).toEqual(['neverFalls']);
  expect(watch([...missed, [5_000, { kind: 'touched' }], [1_000, sample(1_000)]])).toEqual([
    'neverFalls',
    'neverFalls restored',
  ]);
});

test('an idle clock that runs ahead of time is found; sleep is no jump', () => {
  expect(
    watch([
      [0, sample(1_000)],
      [1_000, sample(60_000)],
    ]),
  ).toEqual(['jumps']);
  expect(
    watch([
      [0, sample(1_000)],
      [1_000, { kind: 'slept' }],
      [1_000, sample(60_000)],
    ]),
  ).toEqual([]);
});

test('two sources that disagree three times are found', () => {
  const look = [60_000, sample(100, 120_000)] as const;
  expect(watch([look, look])).toEqual([]);
  expect(watch([look, look, look, [60_000, sample(100, 0)]])).toEqual(['disagrees', 'disagrees restored']);
});

test('the system’s own setting: earlier than the policy, never, and put right', () => {
  const setting = (afterSeconds: number | null): IdleHealthInput => ({
    kind: 'screenLock',
    setting: { afterSeconds, source: 'org.gnome.desktop.session idle-delay' },
    lockAfterSeconds: 600,
  });
  expect(
    watch([
      [0, setting(300)],
      [0, setting(null)],
      [0, setting(900)],
    ]),
  ).toEqual(['systemLocksEarlier', 'systemNeverLocks', 'systemLocksEarlier restored', 'systemNeverLocks restored']);
  expect(watch([[0, { kind: 'screenLock', setting: null, lockAfterSeconds: 600 }]])).toEqual([]);
});

test('a clock of whole seconds is brought to the precision of the sampling, and never says too early', () => {
  // Touched at 5.3 s; looked at every 200 ms by a clock that shows whole seconds.
  let last = inputAt(0);
  for (let nowMs = 5_400; nowMs < 12_000; nowMs += 200) {
    last = sampled(last, Math.floor((nowMs - 5_300) / 1_000) * 1_000, nowMs);
    expect(last.latestMs).toBeGreaterThanOrEqual(5_300);
  }
  expect(last.latestMs - 5_300).toBeLessThanOrEqual(200);
});

test('reminders at the end of the day: on its days, from its time, for an hour and a half, once', () => {
  const rule = { clause: 'screens.3', remindAt: '15:45', weekdays: [1, 2, 3, 4, 5] };
  const at = (weekday: number, minutes: number) => ({ date: '2026-11-23', weekday, minutes });
  expect(endOfDayDue(rule, at(1, 15 * 60 + 44), null)).toBe(false);
  expect(endOfDayDue(rule, at(1, 15 * 60 + 45), null)).toBe(true);
  expect(endOfDayDue(rule, at(1, 17 * 60 + 14), null)).toBe(true);
  expect(endOfDayDue(rule, at(1, 17 * 60 + 15), null)).toBe(false);
  expect(endOfDayDue(rule, at(6, 16 * 60), null)).toBe(false);
  expect(endOfDayDue(rule, at(1, 16 * 60), '2026-11-23')).toBe(false);
});

test('old passwords are told in words', () => {
  const rule = { clause: 'accounts.2', maximumDays: 90, remindDays: 7 };
  expect(passwordAgeing(rule, 82)).toBeNull();
  expect(passwordAgeing(rule, 83)).toEqual({ dueInDays: 7 });
  expect(passwordSentence(-1, 90)).toBe(
    'Your password was due to be changed yesterday. The policy asks for a new one every 90 days.',
  );
  expect(passwordSentence(1, 90)).toContain('tomorrow');
});

test('sessions: what the system lists and what shells say come to one list, and nothing is told twice', () => {
  const account = { id: '1000', name: 'robin' };
  const listed = { session: 'b-2', account, active: true, locked: false, remote: false };
  let sessions: OpenSessions = {};
  const step = (input: Parameters<typeof stepSessions>[1]): string[] => {
    const next = stepSessions(sessions, input, { atMs: 0, uptimeMs: 5_000 }, () => true);
    sessions = next.sessions;
    return next.news.map(({ type }) => type);
  };
  expect(step({ kind: 'shellSeen', session: 'b-2', account })).toEqual(['session.signedIn']);
  expect(step({ kind: 'listed', sessions: [listed] })).toEqual([]);
  expect(step({ kind: 'changed', session: { ...listed, locked: true } })).toEqual(['session.locked']);
  expect(step({ kind: 'screenLockChanged', session: 'b-2', locked: true })).toEqual([]);
  expect(step({ kind: 'screenLockChanged', session: 'b-2', locked: false })).toEqual(['session.unlocked']);
  expect(step({ kind: 'screenLockChanged', session: 'nobody', locked: true })).toEqual([]);
  // The session service was away and comes back without it.
  expect(step({ kind: 'listed', sessions: [] })).toEqual(['session.signedOut']);
  expect(step({ kind: 'ended', session: 'b-2' })).toEqual([]);
});
