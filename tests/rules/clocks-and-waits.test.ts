import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffSeconds, pollSeconds, retryAfterSeconds } from '../../src/rules/backoff.ts';
import { watchClock, type ClockWatch } from '../../src/rules/clock-watch.ts';
import { secondsLeft } from '../../src/rules/sign-in-waits.ts';

const random = fc.double({ min: 0, max: 0.999_999, noNaN: true });

test('waits double from one second to five minutes, spread over the upper half of each step', () => {
  expect(backoffSeconds(1, 0, null)).toBe(0.5);
  expect(backoffSeconds(3, 0, null)).toBe(2);
  expect(backoffSeconds(40, 0, null)).toBe(150);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2_000 }), random, (failures, chance) => {
      const wait = backoffSeconds(failures, chance, null);
      const step = Math.min(300, 2 ** (failures - 1));
      expect(wait).toBeGreaterThanOrEqual(step / 2);
      expect(wait).toBeLessThanOrEqual(step);
    }),
  );
});

test('what the server asks for with Retry-After is the least wait, up to an hour', () => {
  expect(backoffSeconds(1, 0, 30)).toBe(30);
  expect(backoffSeconds(1, 0.5, 1_000_000)).toBe(3_780);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      random,
      fc.integer({ min: 0, max: 3_600 }),
      (failures, chance, asked) => {
        expect(backoffSeconds(failures, chance, asked)).toBeGreaterThanOrEqual(asked);
      },
    ),
  );
});

test('Retry-After is read as seconds or as a date, and anything else is no wish', () => {
  const nowMs = Date.parse('2026-01-05T08:00:00.000Z');
  expect(retryAfterSeconds('120', nowMs)).toBe(120);
  expect(retryAfterSeconds('Mon, 05 Jan 2026 08:01:30 GMT', nowMs)).toBe(90);
  expect(retryAfterSeconds('Mon, 05 Jan 2026 07:00:00 GMT', nowMs)).toBe(0);
  for (const header of [null, '', 'soon', '-5', '1e9']) expect(retryAfterSeconds(header, nowMs)).toBeNull();
});

test('polls keep within a fifth of what the server asked for', () => {
  expect(pollSeconds(60, 0)).toBe(48);
  expect(pollSeconds(60, 1)).toBeCloseTo(72);
});

test('a clock set back a year is told once, with by how much', () => {
  const start = { atMs: Date.parse('2026-06-01T00:00:00.000Z'), uptimeMs: 50_000 };
  let watch: ClockWatch = watchClock(null, start).state;
  const yearSeconds = 365 * 86_400;
  const back = watchClock(watch, { atMs: start.atMs - yearSeconds * 1_000 + 60_000, uptimeMs: 110_000 });
  expect(back.movedBySeconds).toBe(-yearSeconds);
  watch = back.state;
  const after = watchClock(watch, { atMs: start.atMs - yearSeconds * 1_000 + 120_000, uptimeMs: 170_000 });
  expect(after.movedBySeconds).toBeNull();
});

test('a clock that goes right, or is slewed by less than two minutes, is not told', () => {
  let watch: ClockWatch = null;
  for (let minute = 0; minute < 100; minute += 1) {
    const seen = watchClock(watch, { atMs: 1_700_000_000_000 + minute * 61_000, uptimeMs: minute * 60_000 });
    watch = seen.state;
    expect(seen.movedBySeconds).toBeNull();
  }
});

test('slow drift adds up until it is told', () => {
  const start: ClockWatch = { atMs: 0, uptimeMs: 0 };
  const seen = watchClock(start, { atMs: 1_000_000 + 121_000, uptimeMs: 1_000_000 });
  expect(seen.movedBySeconds).toBe(121);
});

test('a wait for another sign-in counts failures, and a clock that is ahead makes nobody wait for longer', () => {
  const at = (failures: number, agoMs: number) =>
    secondsLeft('account', { failures, lastAtMs: 100_000 - agoMs }, 100_000);
  expect(secondsLeft('account', null, 100_000)).toBe(0);
  expect([at(4, 0), at(5, 0), at(6, 0), at(8, 500), at(8, 8_000)]).toEqual([0, 1, 2, 8, 0]);
  expect([at(0, -5_000), at(4, -1), at(5, -60_000)]).toEqual([0, 0, 1]);
});
