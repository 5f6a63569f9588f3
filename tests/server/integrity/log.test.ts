import { join } from 'node:path';
import { onTestFinished, expect, test } from 'vitest';
import {
  GrowingTree,
  consistencyHolds,
  inclusionHolds,
  leafHash,
  logLeafHash,
  type TreeHash,
} from '../../../src/proof/index.ts';
import {
  appendReceipts,
  consistencyProof,
  inclusionProof,
  leafOf,
  logSize,
  rootAt,
} from '../../../src/server/integrity/log.ts';
import { appendToTiles, TileReader } from '../../../src/server/integrity/tiles.ts';
import { openStore, type Store } from '../../../src/server/store/database.ts';
import { databaseOf, temporaryFolder } from '../running.ts';

const trustId = 'trust';

async function emptyStore(): Promise<Store> {
  const folder = await temporaryFolder();
  const store = await openStore((await databaseOf(folder)) ?? join(folder, 'usher.db'));
  onTestFinished(() => store.destroy());
  return store;
}

const numbered = (count: number, from = 0): TreeHash[] =>
  Array.from({ length: count }, (_, place) => leafHash(Buffer.from(String(from + place))));

test(
  'leaves added in any portions make the tree of the definition, with every proof',
  { timeout: 30_000 },
  async () => {
    const store = await emptyStore();
    const reference = new GrowingTree();
    const roots = new Map<number, TreeHash>();
    let size = 0;
    for (const count of [1, 2, 253, 1, 255, 256, 257, 700]) {
      const added = numbered(count, size);
      await appendToTiles(store, trustId, size, added);
      for (const hash of added) reference.add(hash);
      size += count;
      roots.set(size, reference.root());
    }
    const tiles = new TileReader(store, trustId);
    for (const [at, root] of roots) {
      expect(await rootAt(tiles, at)).toEqual(root);
      for (const index of [0, 1, at >> 1, at - 1].filter((one) => one < at)) {
        const proof = await inclusionProof(tiles, index, at);
        expect(inclusionHolds(leafHash(Buffer.from(String(index))), index, at, proof, root)).toBe(true);
      }
      for (const [old, oldRoot] of roots) {
        if (old > at) continue;
        const proof = await consistencyProof(tiles, old, at);
        expect(consistencyHolds({ size: old, root: oldRoot }, { size: at, root }, proof)).toBe(true);
      }
    }
  },
);

test('a proof reads a few tiles, one or two for each factor of 256 leaves', { timeout: 60_000 }, async () => {
  const store = await emptyStore();
  // As deep as a million: three levels of tiles.
  const whole = 100_000;
  const portion = 20_000;
  for (let size = 0; size < whole; size += portion)
    await store
      .transaction()
      .execute((transaction) => appendToTiles(transaction, trustId, size, numbered(portion, size)));
  const forRoot = new TileReader(store, trustId);
  const root = await rootAt(forRoot, whole);
  expect(forRoot.reads).toBeLessThanOrEqual(3);
  const forInclusion = new TileReader(store, trustId);
  const proof = await inclusionProof(forInclusion, 65_432, whole);
  expect(inclusionHolds(leafHash(Buffer.from('65432')), 65_432, whole, proof, root)).toBe(true);
  expect(forInclusion.reads).toBeLessThanOrEqual(6);
  const forConsistency = new TileReader(store, trustId);
  const old = { size: 77_777, root: await rootAt(forConsistency, 77_777) };
  const consistency = await consistencyProof(forConsistency, old.size, whole);
  expect(consistencyHolds(old, { size: whole, root }, consistency)).toBe(true);
  expect(forConsistency.reads).toBeLessThanOrEqual(6);
});

test('every receipt comes into the log once, in an order that does not depend on when', async () => {
  const store = await emptyStore();
  const receiptRow = (device: string, seq: number) => ({
    trust_id: trustId,
    school_id: 'school',
    device_id: device.repeat(32),
    epoch: 1,
    seq,
    hash: String(seq).padStart(64, '0'),
    at: '2026-09-01T08:00:00.000Z',
    signature: 'x',
  });
  const receipted = async (device: string, seq: number) => {
    const { signature: _, at, seq: head_seq, hash: head_hash, ...keys } = receiptRow(device, seq);
    await store.insertInto('receipts').values(receiptRow(device, seq)).execute();
    await store
      .insertInto('chains')
      .values({ ...keys, head_seq, head_hash, updated_at: at })
      .onConflict((conflict) =>
        conflict.columns(['trust_id', 'device_id', 'epoch']).doUpdateSet({ head_seq, head_hash }),
      )
      .execute();
  };
  await receipted('b', 3);
  await receipted('a', 2);
  await receipted('b', 1_500);
  expect(await Promise.all([appendReceipts(store, trustId), appendReceipts(store, trustId)])).toEqual([3, 3]);
  await receipted('a', 9);
  expect(await appendReceipts(store, trustId)).toBe(4);
  expect(await appendReceipts(store, trustId)).toBe(4);
  const leaves = await store.selectFrom('log_leaves').selectAll().orderBy('leaf_index').execute();
  expect(leaves.map(({ device_id, seq }) => [device_id.charAt(0), seq])).toEqual([
    ['a', 2],
    ['b', 3],
    ['b', 1_500],
    ['a', 9],
  ]);
  const tree = new GrowingTree();
  for (const leaf of leaves) tree.add(logLeafHash(leafOf(leaf)));
  expect(await rootAt(new TileReader(store, trustId), await logSize(store, trustId))).toEqual(tree.root());
});
