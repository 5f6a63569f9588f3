import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { retentionCategory, type KeepFor } from '../../src/contract/retention.ts';
import {
  holdCovers,
  isDue,
  mayErase,
  mayRemove,
  monthsBefore,
  type HoldTerms,
  type KeptItem,
} from '../../src/rules/retention.ts';

const schools = fc.constantFrom('north', 'south');
const people = fc.constantFrom('ada', 'ben');
const machines = fc.constantFrom('m1', 'm2');
const instants = fc
  .integer({ min: Date.UTC(2019, 0, 1), max: Date.UTC(2026, 11, 31) })
  .map((ms) => new Date(ms).toISOString());
const items: fc.Arbitrary<KeptItem> = fc.record({
  schoolId: schools,
  category: fc.constantFrom(...retentionCategory.options),
  personId: fc.option(people, { nil: null }),
  deviceId: fc.option(machines, { nil: null }),
  at: fc.option(instants, { nil: null }),
  receivedAt: instants,
  lastSeenAt: fc.option(instants, { nil: null }),
});
const holds: fc.Arbitrary<HoldTerms> = fc.record({
  kind: fc.constantFrom('person' as const, 'machine' as const, 'school' as const),
  schoolId: schools,
  personId: fc.option(people, { nil: null }),
  deviceId: fc.option(machines, { nil: null }),
  from: fc.option(instants, { nil: null }),
  to: fc.option(instants, { nil: null }),
});
const keeps: fc.Arbitrary<KeepFor> = fc.record({
  from: fc.constantFrom('received' as const, 'lastSeen' as const),
  months: fc.integer({ min: 1, max: 84 }),
});
const nows = instants.map((at) => new Date(at));

describe('what retention lets go of', () => {
  test('is never on hold and never younger than it is kept for; everything else that is old enough goes', () => {
    fc.assert(
      fc.property(items, keeps, fc.array(holds, { maxLength: 4 }), nows, (item, keep, all, now) => {
        const held = all.some((hold) => holdCovers(hold, item));
        const old = item.receivedAt < monthsBefore(now, keep.months);
        const gone =
          keep.from === 'received' || item.lastSeenAt === null || item.lastSeenAt < monthsBefore(now, keep.months);
        expect(mayRemove(item, keep, all, now)).toBe(!held && old && gone);
      }),
      { numRuns: 5_000 },
    );
  });

  test('what is due stays due as time goes on, and a longer time never makes more due', () => {
    fc.assert(
      fc.property(items, keeps, nows, fc.nat(400), (item, keep, now, days) => {
        if (!isDue(item, keep, now)) return;
        expect(isDue(item, keep, new Date(now.getTime() + days * 86_400_000))).toBe(true);
        if (keep.months > 1) expect(isDue(item, { ...keep, months: keep.months - 1 }, now)).toBe(true);
      }),
    );
  });

  test('a machine whose clock says 1970 loses nothing early', () => {
    const item: KeptItem = {
      schoolId: 'north',
      category: 'acceptances',
      personId: 'ada',
      deviceId: 'm1',
      at: '1970-01-01T00:00:00.000Z',
      receivedAt: '2026-11-20T09:00:00.000Z',
      lastSeenAt: null,
    };
    expect(isDue(item, { from: 'received', months: 1 }, new Date('2026-11-25T00:00:00Z'))).toBe(false);
  });
});

describe('a legal hold', () => {
  test('on a person covers them alone, in their school, and within its range by either clock', () => {
    fc.assert(
      fc.property(holds, items, (hold, item) => {
        if (!holdCovers(hold, item)) return;
        expect(item.schoolId).toBe(hold.schoolId);
        if (hold.kind === 'person') expect(item.personId).toBe(hold.personId);
        if (hold.kind === 'machine') expect(item.deviceId).toBe(hold.deviceId);
        const inside = (at: string | null) =>
          at !== null && (hold.from === null || at >= hold.from) && (hold.to === null || at <= hold.to);
        expect(inside(item.at) || inside(item.receivedAt)).toBe(true);
      }),
    );
  });

  test('keeps from erasure too, and erasure is of one person and leaves acceptances when asked to', () => {
    fc.assert(
      fc.property(items, fc.array(holds, { maxLength: 3 }), fc.boolean(), (item, all, keepAcceptances) => {
        const goes = mayErase(item, { personId: 'ada', keepAcceptances }, all);
        const wanted = item.personId === 'ada' && !(keepAcceptances && item.category === 'acceptances');
        expect(goes).toBe(wanted && !all.some((hold) => holdCovers(hold, item)));
      }),
    );
  });
});

test('months are calendar months: from the 31st one lands on the last day of a shorter month', () => {
  expect(monthsBefore(new Date('2026-03-31T10:00:00Z'), 1)).toBe('2026-02-28T10:00:00.000Z');
  expect(monthsBefore(new Date('2028-03-31T10:00:00Z'), 1)).toBe('2028-02-29T10:00:00.000Z');
  expect(monthsBefore(new Date('2026-11-25T10:00:00Z'), 84)).toBe('2019-11-25T10:00:00.000Z');
});
