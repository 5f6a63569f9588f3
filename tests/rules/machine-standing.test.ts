import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterStep,
  dayNumber,
  endsTooEarly,
  isSchoolDay,
  judgeExchange,
  noExchanges,
  schoolDaysSince,
  silenceOf,
  tellingSerial,
  type ExchangeLine,
  type ExchangeVerdict,
} from '../../src/rules/machine-standing.ts';

/** One server's memory of one key, and whoever uses that key. */
class Exchanges {
  line: ExchangeLine = noExchanges;
  verdicts: ExchangeVerdict[] = [];
  #clock = 0;
  #random = 0;

  /** Somebody who knows `name` exchanges; what they know afterwards. */
  exchange(name: string | null, { lost = false, sentAt = this.now() } = {}): string | null {
    this.#random += 1;
    const random = String(this.#random).padStart(16, 'r');
    const judged = judgeExchange(this.line, { exchange: name, sentAt }, random);
    this.line = judged.line;
    this.verdicts.push(judged.verdict);
    return lost || judged.verdict === 'late' ? name : judged.line.current;
  }

  now(): string {
    this.#clock += 1;
    return new Date(this.#clock * 1_000).toISOString();
  }
}

describe('one machine', () => {
  test('is never taken for two or for one that was set back, whichever answers are lost and whichever requests come late', () => {
    const deeds = fc.array(fc.constantFrom('well', 'lost', 'late'), { maxLength: 60 });
    fc.assert(
      fc.property(deeds, (done) => {
        const server = new Exchanges();
        let name: string | null = null;
        for (const deed of done) {
          const sentAt = server.now();
          if (deed === 'late') {
            // A request that the machine gave up waits on the way while its repetition is answered, then arrives.
            const given = name;
            name = server.exchange(given);
            server.exchange(given, { sentAt, lost: true });
          } else name = server.exchange(name, { lost: deed === 'lost', sentAt });
        }
        expect(server.verdicts.filter((verdict) => verdict === 'cloned' || verdict === 'rolledBack')).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('goes on after the server itself was restored from a backup', () => {
    const server = new Exchanges();
    let name = server.exchange(null);
    const backup = server.line;
    for (let count = 0; count < 5; count += 1) name = server.exchange(name);
    server.line = backup;
    for (let count = 0; count < 5; count += 1) name = server.exchange(name);
    expect(new Set(server.verdicts)).toEqual(new Set(['ok']));
  });
});

describe('a copy', () => {
  test('that takes turns with its original is found at the second exchange of either', () => {
    const before = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(before, fc.boolean(), (exchanges, copyFirst) => {
        const server = new Exchanges();
        let name: string | null = server.exchange(null);
        for (let count = 0; count < exchanges; count += 1) name = server.exchange(name);
        let [one, other] = copyFirst ? [name, name] : [server.exchange(name), name];
        for (let turn = 0; turn < 2; turn += 1) {
          other = server.exchange(other);
          one = server.exchange(one);
        }
        expect(server.verdicts).toContain('cloned');
      }),
    );
  });

  test('is found however the two take turns and whichever answers are lost, as soon as both had two answered', () => {
    const turns = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(turns, (taken) => {
        const server = new Exchanges();
        const name = server.exchange(server.exchange(null));
        const holders = { one: name, other: name };
        let changes = 0;
        let last: 'one' | 'other' | null = null;
        for (const [first, lost] of taken) {
          const who = first ? 'one' : 'other';
          holders[who] = server.exchange(holders[who], { lost });
          if (lost) continue;
          if (last !== who) changes += 1;
          last = who;
        }
        // Four answered turns that alternate: each of the two was answered after the other twice.
        if (changes >= 4) expect(server.verdicts.some((verdict) => verdict !== 'ok' && verdict !== 'late')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a machine that was set back', () => {
  test('by two exchanges or more says a name long past', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 2, max: 50 }), (exchanges, back) => {
        const server = new Exchanges();
        const names: (string | null)[] = [server.exchange(null)];
        for (let count = 0; count < exchanges; count += 1) names.push(server.exchange(names.at(-1) ?? null));
        const image = names.at(-1 - Math.min(back, exchanges)) ?? null;
        server.exchange(image);
        expect(server.verdicts.at(-1)).toBe('rolledBack');
      }),
    );
  });

  test('ends before what is held of it', () => {
    expect(endsTooEarly({ epoch: 1, seq: 9 }, { epoch: 1, seq: 10 })).toBe(true);
    expect(endsTooEarly({ epoch: 1, seq: 99 }, { epoch: 2, seq: 1 })).toBe(true);
    expect(endsTooEarly({ epoch: 1, seq: 10 }, { epoch: 1, seq: 10 })).toBe(false);
    expect(endsTooEarly({ epoch: 2, seq: 1 }, { epoch: 1, seq: 10 })).toBe(false);
    expect(endsTooEarly({ epoch: 1, seq: 0 }, null)).toBe(false);
  });
});

const school = { days: [1, 2, 3, 4, 5], closed: [], silentAfterSchoolDays: 3, goneAfterDays: 30 };
const day = dayNumber;

describe('silence', () => {
  test('is counted in school days: a weekend and the holidays are none', () => {
    const friday = day('2026-09-11');
    const term = { ...school, closed: [{ from: '2026-10-26', until: '2026-10-30' }] };
    expect(isSchoolDay(friday, school)).toBe(true);
    expect(isSchoolDay(friday + 1, school)).toBe(false);
    expect(silenceOf({ lastDay: friday, today: day('2026-09-15'), todayIsOver: true }, school)).toBe('heardOf');
    expect(silenceOf({ lastDay: friday, today: day('2026-09-16'), todayIsOver: false }, school)).toBe('heardOf');
    expect(silenceOf({ lastDay: friday, today: day('2026-09-16'), todayIsOver: true }, school)).toBe('silent');
    const beforeHalfTerm = day('2026-10-23');
    expect(silenceOf({ lastDay: beforeHalfTerm, today: day('2026-11-03'), todayIsOver: true }, term)).toBe('heardOf');
    expect(silenceOf({ lastDay: beforeHalfTerm, today: day('2026-11-04'), todayIsOver: true }, term)).toBe('silent');
  });

  test('over the whole summer is no alarm, and after 30 days in term the machine is probably gone', () => {
    const summer = { ...school, closed: [{ from: '2026-07-22', until: '2026-09-01' }] };
    const last = day('2026-07-21');
    expect(silenceOf({ lastDay: last, today: day('2026-09-01'), todayIsOver: true }, summer)).toBe('heardOf');
    expect(silenceOf({ lastDay: last, today: day('2026-09-04'), todayIsOver: true }, summer)).toBe('gone');
  });

  test('only ever grows while nothing is heard', () => {
    const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 });
    fc.assert(
      fc.property(
        days,
        fc.integer({ min: 15_000, max: 25_000 }),
        fc.integer({ min: 0, max: 400 }),
        (open, last, gap) => {
          const days = { days: open, closed: [] };
          const now = schoolDaysSince(last, last + gap, false, days);
          const evening = schoolDaysSince(last, last + gap, true, days);
          const tomorrow = schoolDaysSince(last, last + gap + 1, false, days);
          expect(now).toBeLessThanOrEqual(evening);
          expect(evening).toBe(gap === 0 ? 0 : tomorrow);
          expect(tomorrow).toBeLessThanOrEqual(gap + 1);
        },
      ),
    );
  });
});

describe('serial numbers', () => {
  test('that makers write where they have none tell nothing', () => {
    for (const none of [
      '',
      '0',
      '00000000',
      'None',
      'To be filled by O.E.M.',
      'Default string',
      'System Serial Number',
    ]) {
      expect(tellingSerial(none)).toBeNull();
    }
    expect(tellingSerial(null)).toBeNull();
    expect(tellingSerial('123456789')).toBeNull();
    expect(tellingSerial('5CG1234XYZ')).toBe('5CG1234XYZ');
  });
});

test('a machine goes from waiting to approved or refused, is revoked, and may wait again; no other step leads on', () => {
  expect(afterStep('waiting', 'approve')).toBe('approved');
  expect(afterStep('waiting', 'refuse')).toBe('refused');
  expect(afterStep('approved', 'revoke')).toBe('revoked');
  expect(afterStep('revoked', 'readmit')).toBe('waiting');
  expect(afterStep('refused', 'readmit')).toBe('waiting');
  for (const step of ['approve', 'refuse', 'readmit'] as const) expect(afterStep('approved', step)).toBeNull();
  for (const step of ['approve', 'refuse', 'revoke'] as const) expect(afterStep('revoked', step)).toBeNull();
});
