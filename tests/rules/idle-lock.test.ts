import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LockTerms } from '../../src/rules/idle-lock/idle-lock.ts';
import { World, type Mood, type Step } from './idle-lock-world.ts';

const lockTerms: LockTerms = {
  policyVersion: 3,
  clause: 'screens.1',
  action: 'lock',
  warnAfterMs: 60_000,
  lockAfterMs: 90_000,
  extendMs: null,
  presentation: { clause: 'screens.4', maximumMs: 5 * 60_000, recognise: ['fullScreen', 'videoCall'] },
};
const signOutTerms: LockTerms = { ...lockTerms, action: 'signOut', extendMs: 60_000, presentation: null };

const anyTerms = fc.record({
  policyVersion: fc.constant(3),
  clause: fc.constant('screens.1'),
  action: fc.constantFrom('lock', 'signOut'),
  warnAfterMs: fc.integer({ min: 1, max: 60 }).map((seconds) => seconds * 1_000),
  lockAfterMs: fc.integer({ min: 61, max: 120 }).map((seconds) => seconds * 1_000),
  extendMs: fc.constantFrom(null, 60_000),
  presentation: fc.constantFrom(lockTerms.presentation, null),
});
const anyMood: fc.Arbitrary<Mood> = fc.oneof(
  fc.record({ kind: fc.constant('confirms'), afterMs: fc.integer({ min: 1, max: 6_000 }) }),
  fc.record({ kind: fc.constant('inSession'), afterMs: fc.integer({ min: 1, max: 6_000 }) }),
  fc.constantFrom<Mood>({ kind: 'silent' }, { kind: 'refuses' }),
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.integer({ min: 1, max: 150_000 }) }) },
  { weight: 3, arbitrary: fc.constant<Step>({ do: 'touch' }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('keepTouching'),
      times: fc.integer({ min: 1, max: 10 }),
      everyMs: fc.integer({ min: 10, max: 40_000 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('shell'), is: fc.constantFrom('alive', 'silent', 'gone') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sleep'), ms: fc.integer({ min: 1_000, max: 400_000 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('present'), minutes: fc.integer({ min: 1, max: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('signals'), on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('mood'), mood: anyMood }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('systemIdle'), is: fc.constantFrom('right', 'unknown') }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('moveClock'), byMs: fc.integer({ min: -1e9, max: 1e9 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Step>(
      { do: 'askLock' },
      { do: 'unlock' },
      { do: 'personLocks' },
      { do: 'extend' },
      { do: 'stopPresenting' },
    ),
  },
);

const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 14 });

/** Long enough for a presentation to end, its countdown, an extension and a system that never answers. */
const longEnoughMs = 5 * 60_000 + 4 * 120_000 + 60_000;

test('whatever happens: never early, one request for one idle period, presentations end, and it ends locked or covered', () => {
  let requests = 0;
  const lateness: number[] = [];
  fc.assert(
    fc.property(anyTerms, fc.boolean(), fc.nat(400), anySteps, (terms, coarse, learntLateMs, steps) => {
      const world = new World(terms, coarse, learntLateMs);
      for (const step of steps) world.take(step);
      world.take({ do: 'wait', ms: longEnoughMs });
      expect(world.faults).toEqual([]);
      expect(world.isSafe, `ended ${JSON.stringify(world.state.phase)}`).toBe(true);
      for (const lasted of world.presentations) expect(lasted).toBeLessThanOrEqual(5 * 60_000 + 5);
      requests += world.requests.length;
      lateness.push(...world.latenessMs);
    }),
    { numRuns: 20_000 },
  );
  // The sequences did reach what they are about.
  expect(requests).toBeGreaterThan(10_000);
  expect(lateness.length).toBeGreaterThan(2_000);
  expect(lateness.reduce((worst, one) => Math.max(worst, one), 0)).toBeLessThanOrEqual(1_000 + 400);
}, 300_000);

test('the warning comes when it should, any touch takes it down, and the lock comes when nobody is there', () => {
  const world = new World(lockTerms, true);
  world.take({ do: 'wait', ms: 59_000 });
  expect(world.state.phase.kind).toBe('watching');
  world.take({ do: 'wait', ms: 2_500 });
  expect(world.state.phase.kind).toBe('warning');
  world.take({ do: 'touch' });
  world.take({ do: 'wait', ms: 400 });
  expect(world.state.phase.kind).toBe('watching');
  world.take({ do: 'wait', ms: 91_000 });
  expect(world.state.phase.kind).toBe('locked');
  expect(world.requests).toMatchObject([{ data: { action: 'lock', reason: 'idle' } }]);
});

test('five locks asked at once are one', () => {
  const world = new World(lockTerms, true);
  for (let time = 0; time < 5; time += 1) world.take({ do: 'askLock' });
  world.take({ do: 'wait', ms: 5_000 });
  expect(world.requests).toHaveLength(1);
  expect(world.state.phase.kind).toBe('locked');
});

test('a system that does not confirm within 3 seconds is covered, and stays so until it locks', () => {
  const world = new World(lockTerms, true);
  world.take({ do: 'mood', mood: { kind: 'silent' } });
  world.take({ do: 'askLock' });
  world.take({ do: 'wait', ms: 2_900 });
  expect(world.isSafe).toBe(false);
  world.take({ do: 'wait', ms: 200 });
  expect(world.state.phase).toMatchObject({ kind: 'locking', covered: { why: /within 3 seconds/ } });
  world.take({ do: 'touch' });
  world.take({ do: 'wait', ms: 60_000 });
  expect(world.state.phase.kind).toBe('locking');
  world.take({ do: 'mood', mood: { kind: 'confirms', afterMs: 100 } });
  world.take({ do: 'wait', ms: 10_200 });
  expect(world.state.phase.kind).toBe('locked');
});

test('a shared machine signs out; more time is given once', () => {
  const world = new World(signOutTerms, true);
  world.take({ do: 'wait', ms: 70_000 });
  expect(world.state.phase.kind).toBe('warning');
  world.take({ do: 'extend' });
  expect(world.state.phase.kind).toBe('watching');
  world.take({ do: 'wait', ms: 75_000 });
  world.take({ do: 'extend' });
  world.take({ do: 'wait', ms: 6_200 });
  expect(world.ended).toBe(true);
  expect(world.requests).toMatchObject([{ data: { action: 'signOut' } }]);
});

test('a machine that slept past the threshold locks when it wakes, before anybody sees the screen', () => {
  const world = new World(lockTerms, false);
  world.take({ do: 'sleep', ms: 600_000 });
  expect(world.requests).toMatchObject([{ data: { reason: 'slept' } }]);
});

test('a recognised presentation needs its sign, ends at its ceiling, and is not begun again until somebody is there', () => {
  const world = new World(lockTerms, true);
  world.take({ do: 'signals', on: true });
  world.take({ do: 'wait', ms: 100_000 });
  expect(world.state.presentation).toMatchObject({ reason: 'fullScreen' });
  world.take({ do: 'wait', ms: 260_000 });
  expect(world.state.presentation).toBeNull();
  expect(world.state.phase.kind).toBe('warning');
  world.take({ do: 'wait', ms: 60_000 });
  expect(world.state.phase.kind).toBe('locked');
});

test('without a shell the system’s own idle time locks; without either, the screen locks for not being watched', () => {
  const world = new World(lockTerms, true);
  world.take({ do: 'shell', is: 'gone' });
  world.take({ do: 'wait', ms: 92_000 });
  expect(world.requests).toMatchObject([{ data: { reason: 'idle' } }]);

  const blind = new World(lockTerms, true);
  blind.take({ do: 'systemIdle', is: 'unknown' });
  blind.take({ do: 'shell', is: 'gone' });
  blind.take({ do: 'wait', ms: 92_000 });
  expect(blind.requests).toMatchObject([{ data: { reason: 'notWatched' } }]);
});
