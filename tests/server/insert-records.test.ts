import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { insertRecords } from '../../src/server/ingest/insert-records.ts';
import { recordRow } from '../../src/server/ingest/record-row.ts';
import { openStore } from '../../src/server/store/database.ts';

const row = (number: number) =>
  recordRow(
    { trustId: 'trust', schoolId: 'school', hostname: 'room-1' },
    'a'.repeat(32),
    { epoch: 1, seq: number, prev: 'p', bodyHash: 'b', hash: `h${String(number)}`, salt: null, body: null },
    { number, receivedAt: '2026-09-01T08:00:00.000Z', bodyText: null },
  );
const rows = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => row(from + index));

it('inserts none, one, and more than fit one statement, each once and as given', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'usher-insert-'));
  const store = await openStore(path.join(folder, 'usher.db'));
  try {
    for (const some of [[], rows(1, 1), rows(2, 452), rows(453, 903)]) {
      await store.transaction().execute((transaction) => insertRecords(transaction, some));
    }
    expect(await store.selectFrom('records').selectAll().orderBy('number').execute()).toEqual(rows(1, 903));
    await expect(
      store.transaction().execute((transaction) => insertRecords(transaction, rows(900, 1_000))),
    ).rejects.toThrow(/UNIQUE/u);
    expect(await store.selectFrom('records').select('number').execute()).toHaveLength(903);
  } finally {
    await store.destroy();
    rmSync(folder, { recursive: true, force: true });
  }
});
