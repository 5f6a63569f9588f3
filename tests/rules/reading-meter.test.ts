import { describe, expect, test } from 'vitest';
import { readingNotStarted } from '../../src/contract/acceptance.ts';
import { meterAfter, meterFrom, type ReadingObservation } from '../../src/rules/reading-meter.ts';

const look = (change: Partial<ReadingObservation> = {}): ReadingObservation => ({
  elapsedMs: 1_000,
  visible: true,
  focused: true,
  depthPercent: 0,
  changesPercent: null,
  sectionsSeen: [],
  ...change,
});
const after = (...looks: ReadingObservation[]) => looks.reduce(meterAfter, meterFrom(readingNotStarted)).reading;

describe('the reading meter', () => {
  test('adds parts of seconds up to whole ones', () => {
    expect(after(look({ elapsedMs: 600 })).readSeconds).toBe(0);
    expect(after(look({ elapsedMs: 600 }), look({ elapsedMs: 600 })).readSeconds).toBe(1);
    expect(after(...Array.from({ length: 10 }, () => look({ elapsedMs: 250 }))).readSeconds).toBe(2);
  });

  test('counts nothing while the policy is not on screen', () => {
    const reading = after(look({ visible: false, depthPercent: 80, sectionsSeen: ['one'] }));
    expect(reading).toEqual(readingNotStarted);
  });

  test('counts how far a window without the focus is scrolled, but no time', () => {
    const reading = after(look({ focused: false, depthPercent: 80, sectionsSeen: ['one'] }));
    expect(reading).toEqual({ readSeconds: 0, depthPercent: 80, sectionsRead: ['one'] });
  });

  test('does not take an hour of sleep for an hour of reading', () => {
    expect(after(look({ elapsedMs: 3_600_000 })).readSeconds).toBe(2);
  });

  test('never counts backwards when a clock does', () => {
    expect(after(look({ elapsedMs: 5_000 }), look({ elapsedMs: -5_000 })).readSeconds).toBe(2);
  });

  test('keeps the furthest point when the person scrolls back up', () => {
    expect(after(look({ depthPercent: 70.9 }), look({ depthPercent: 10 })).depthPercent).toBe(70);
  });

  test('keeps the depth between 0 and 100 on a page that bounces', () => {
    expect(after(look({ depthPercent: -12 })).depthPercent).toBe(0);
    expect(after(look({ depthPercent: 140 })).depthPercent).toBe(100);
  });

  test('keeps how far what changed was read apart from the policy itself', () => {
    const reading = after(look({ changesPercent: 60, depthPercent: 3 }), look({ changesPercent: 20 }), look());
    expect(reading).toMatchObject({ changesPercent: 60, depthPercent: 3 });
    expect(after(look())).not.toHaveProperty('changesPercent');
  });

  test('names each section once, in the order of reading', () => {
    const reading = after(look({ sectionsSeen: ['b'] }), look({ sectionsSeen: ['a', 'b'] }));
    expect(reading.sectionsRead).toEqual(['b', 'a']);
  });

  test('goes on from what was read before the machine restarted', () => {
    const meter = meterFrom({ readSeconds: 40, depthPercent: 55, sectionsRead: ['a'] });
    expect(meterAfter(meter, look({ depthPercent: 20 })).reading).toEqual({
      readSeconds: 41,
      depthPercent: 55,
      sectionsRead: ['a'],
    });
  });
});
