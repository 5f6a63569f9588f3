import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  freshAlertState,
  stepAlert,
  type AlertInput,
  type AlertState,
  type AlertTerms,
} from '../../src/rules/alerting.ts';
import { dueSlot, localDay } from '../../src/rules/weekly-slot.ts';

const terms = fc.record({
  count: fc.integer({ min: 1, max: 20 }),
  withinMs: fc.integer({ min: 1, max: 100_000 }),
  quietMs: fc.integer({ min: 0, max: 100_000 }),
});
const happenings = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 50_000 }),
    input: fc.oneof(
      fc.record({ kind: fc.constant('match' as const), count: fc.integer({ min: 1, max: 30 }) }),
      fc.constant({ kind: 'tick' as const }),
    ),
  }),
  { maxLength: 200 },
);

function play(given: AlertTerms, days: readonly { afterMs: number; input: AlertInput }[]) {
  let state: AlertState = freshAlertState;
  let nowMs = 1_000;
  const told: { atMs: number; kind: string; matches: number }[] = [];
  for (const { afterMs, input } of days) {
    nowMs += afterMs;
    const step = stepAlert(given, state, input, nowMs);
    state = step.state;
    if (step.effect !== null) told.push({ atMs: nowMs, ...step.effect });
  }
  return { state, told, nowMs };
}

const matchesIn = (days: readonly { input: AlertInput }[]) =>
  days.reduce((sum, { input }) => sum + (input.kind === 'match' ? input.count : 0), 0);

describe('a rule, on random days', () => {
  test('never speaks twice within its quiet time', () => {
    fc.assert(
      fc.property(terms, happenings, (given, days) => {
        const { told } = play(given, days);
        told.forEach(({ atMs }, place) => {
          const before = told[place - 1];
          if (before !== undefined) expect(atMs - before.atMs).toBeGreaterThanOrEqual(given.quietMs);
        });
      }),
    );
  });

  test('without a threshold, tells of every match once: at once, or in the summary after the quiet time', () => {
    fc.assert(
      fc.property(terms, happenings, (given, days) => {
        const one = { ...given, count: 1 };
        const end = { afterMs: one.quietMs, input: { kind: 'tick' } as const };
        const { state, told } = play(one, [...days, end]);
        expect(told.reduce((sum, { matches }) => sum + matches, 0)).toBe(matchesIn(days));
        expect(state.heldBack).toBe(0);
      }),
    );
  });

  test('never speaks of fewer matches than its threshold, nor of more than there were', () => {
    fc.assert(
      fc.property(terms, happenings, (given, days) => {
        const { told, state } = play(given, days);
        for (const { matches } of told) expect(matches).toBeGreaterThanOrEqual(given.count);
        const kept = state.recent.reduce((sum, { count }) => sum + count, 0);
        expect(kept).toBeLessThan(given.count);
        expect(told.reduce((sum, { matches }) => sum + matches, kept + state.heldBack)).toBeLessThanOrEqual(
          matchesIn(days),
        );
      }),
    );
  });

  test('counts no match that is older than the window', () => {
    fc.assert(
      fc.property(terms, (given) => {
        const rare = { ...given, count: 2 };
        const match = { afterMs: rare.withinMs, input: { kind: 'match', count: 1 } as const };
        expect(play(rare, [match, match, match]).told).toEqual([]);
      }),
    );
  });

  test('is not kept quiet by a clock that was set back', () => {
    const given = { count: 1, withinMs: 1_000, quietMs: 60_000 };
    const first = stepAlert(given, freshAlertState, { kind: 'match', count: 1 }, 1_000_000);
    expect(stepAlert(given, first.state, { kind: 'match', count: 1 }, 1_010_000).effect).toBeNull();
    expect(stepAlert(given, first.state, { kind: 'match', count: 1 }, 500_000).effect).toEqual({
      kind: 'alert',
      matches: 1,
    });
  });
});

describe('the weekly slot', () => {
  const monday = { weekday: 1, hour: 8, timeZone: 'Europe/London' };
  test.each([
    ['before the hour', '2026-06-08T06:59:00Z', null],
    ['at the hour in summer time', '2026-06-08T07:00:00Z', '2026-06-08'],
    ['at the hour in winter time', '2026-11-23T08:00:00Z', '2026-11-23'],
    ['late that day', '2026-06-08T22:30:00Z', '2026-06-08'],
    ['the next day, for a server that was off', '2026-06-09T12:00:00Z', '2026-06-08'],
    ['two days later', '2026-06-10T12:00:00Z', null],
  ])('%s', (_name, now, day) => {
    expect(dueSlot(monday, new Date(now))).toBe(day);
  });

  test('an hour that the clock skips is due at the next, one that comes twice is one slot', () => {
    const sunday = { weekday: 7, hour: 1, timeZone: 'Europe/London' };
    expect(dueSlot(sunday, new Date('2026-03-29T00:59:00Z'))).toBeNull();
    expect(dueSlot(sunday, new Date('2026-03-29T01:00:00Z'))).toBe('2026-03-29');
    expect(dueSlot(sunday, new Date('2026-10-25T00:30:00Z'))).toBe('2026-10-25');
    expect(dueSlot(sunday, new Date('2026-10-25T01:30:00Z'))).toBe('2026-10-25');
  });

  test('in any week and zone exactly one slot is due', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 23 }),
        fc.constantFrom('Europe/London', 'Pacific/Auckland', 'America/St_Johns', 'UTC'),
        fc.integer({ min: 0, max: 3_000 }),
        (weekday, hour, timeZone, days) => {
          const start = Date.UTC(2026, 0, 1) + days * 86_400_000;
          const slots = new Set<string>();
          for (let hours = 0; hours < 9 * 24; hours += 1) {
            const slot = dueSlot({ weekday, hour, timeZone }, new Date(start + hours * 3_600_000));
            if (slot !== null) slots.add(slot);
          }
          expect(slots.size).toBeGreaterThanOrEqual(1);
          expect(slots.size).toBeLessThanOrEqual(2);
          for (const slot of slots) expect(new Date(`${slot}T00:00:00Z`).getUTCDay() || 7).toBe(weekday);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('midnight is hour 0', () => {
    expect(localDay(new Date('2026-06-07T23:00:00Z'), 'Europe/London')).toEqual({
      day: '2026-06-08',
      weekday: 1,
      hour: 0,
    });
  });
});
