import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commitTogether } from '../../src/server/ingest/commit-together.ts';
import { localTrust, openStore, type Store } from '../../src/server/store/database.ts';
import { takeNumbers } from '../../src/server/store/counters.ts';

const { trustId } = localTrust;
let folder: string;
let store: Store;
let other: Store;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'usher-together-'));
  store = await openStore(path.join(folder, 'usher.db'));
  // What another connection reads was committed.
  other = await openStore(path.join(folder, 'usher.db'));
});
afterEach(async () => {
  await store.destroy();
  await other.destroy();
  rmSync(folder, { recursive: true, force: true });
});

async function committed(): Promise<number> {
  const row = await other
    .selectFrom('counters')
    .select('value')
    .where('trust_id', '=', trustId)
    .where('name', '=', 'event')
    .executeTakeFirst();
  return row?.value ?? 0;
}

describe('requests that commit together', () => {
  it('hear nothing before what they did is committed', async () => {
    const together = commitTogether(store, trustId);
    const answers = Array.from({ length: 20 }, async () => {
      const number = await together(1, (transaction) => takeNumbers(transaction, trustId, 'event', 1));
      expect(await committed()).toBeGreaterThanOrEqual(number);
      return number;
    });
    expect((await Promise.all(answers)).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  });

  it('fail alone: the others of the same transaction are done all the same, once', async () => {
    const together = commitTogether(store, trustId);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, (_, place) =>
        together(1, async (transaction) => {
          const number = await takeNumbers(transaction, trustId, 'event', 1);
          if (place === 4) throw new Error('the fault of the fifth');
          return number;
        }),
      ),
    );
    expect(outcomes.flatMap((outcome, place) => (outcome.status === 'rejected' ? [place] : []))).toEqual([4]);
    expect(await committed()).toBe(9);
  });

  it('share transactions: a hundred at once are far fewer commits', async () => {
    let transactions = 0;
    const together = commitTogether(store, trustId);
    const seen = new WeakSet<object>();
    await Promise.all(
      Array.from({ length: 100 }, () =>
        together(1, async (transaction) => {
          if (!seen.has(transaction)) transactions += 1;
          seen.add(transaction);
          await takeNumbers(transaction, trustId, 'event', 1);
        }),
      ),
    );
    expect(transactions).toBeLessThan(10);
    expect(await committed()).toBe(100);
  });
});
