import { expect, test } from 'vitest';
import { runScenarios } from './run-scenarios.ts';

/** A few of each; `npm run faults` does hundreds. */
const seed = Math.trunc(Math.random() * 1_000_000);

test(
  'whatever is killed, cut, filled up or set wrong: every confirmed record is there exactly once and every chain verifies',
  { timeout: 240_000 },
  async () => {
    const results = await runScenarios({
      seed,
      engines: ['sqlite', 'postgres'],
      times: 1,
      timesOf: { 'server killed with SIGKILL': 3 },
      machines: 3,
      built: false,
      tell: () => {},
    });
    expect({ seed, failed: results.filter(({ failed }) => failed !== null) }).toEqual({ seed, failed: [] });
    const held = results.filter(({ outcome }) => outcome !== null);
    expect(held.length).toBeGreaterThanOrEqual(9);
    for (const { name, engine, outcome } of held) {
      expect(`${name}, ${engine}: ${outcome?.acknowledged ?? 0}`).toMatch(/: [1-9]/);
      expect(outcome?.records).toBeGreaterThanOrEqual(outcome?.acknowledged ?? 0);
    }
  },
);
