import type { Transaction } from 'kysely';
import {
  consistencyPlan,
  inclusionPlan,
  logLeafHash,
  rootPlan,
  type LogLeaf,
  type TreeHash,
} from '../../proof/index.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Store, StoreOrTransaction } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import type { TileReader } from './tiles.ts';
import { appendToTiles } from './tiles.ts';

/** Leaves that one transaction adds at most, so that it holds its locks for a moment only. */
const leavesPerTransaction = 2_000;
/** Rows of one INSERT: well under SQLite's 32,766 parameters (https://www.sqlite.org/limits.html). */
const rowsPerInsert = 500;

/** How many leaves the log has. */
export async function logSize(store: StoreOrTransaction, trustId: string): Promise<number> {
  const row = await store
    .selectFrom('counters')
    .select('value')
    .where('trust_id', '=', trustId)
    .where('name', '=', 'log')
    .executeTakeFirst();
  return row?.value ?? 0;
}

/**
 * Brings every receipt that is not in the log yet into it, machine by machine in the order of their ids, each machine's
 * heads in their own order. Ingest takes no part in it. @returns how many leaves the log has then.
 */
export async function appendReceipts(store: Store, trustId: string): Promise<number> {
  for (;;) {
    const added = await store.transaction().execute((transaction) => appendSome(transaction, trustId));
    if (added < leavesPerTransaction) return await logSize(store, trustId);
  }
}

async function appendSome(transaction: Transaction<Tables>, trustId: string): Promise<number> {
  // Taking no number locks the counter until the commit: one server process at a time adds leaves.
  const size = (await takeNumbers(transaction, trustId, 'log', 0)) - 1;
  const pending = await transaction
    .selectFrom('chains')
    .leftJoin('chain_checks', (join) =>
      join
        .onRef('chain_checks.trust_id', '=', 'chains.trust_id')
        .onRef('chain_checks.device_id', '=', 'chains.device_id')
        .onRef('chain_checks.epoch', '=', 'chains.epoch'),
    )
    .innerJoin('receipts', (join) =>
      join
        .onRef('receipts.trust_id', '=', 'chains.trust_id')
        .onRef('receipts.device_id', '=', 'chains.device_id')
        .onRef('receipts.epoch', '=', 'chains.epoch'),
    )
    .select([
      'receipts.school_id',
      'receipts.device_id',
      'receipts.epoch',
      'receipts.seq',
      'receipts.hash',
      'receipts.at',
    ])
    .where('chains.trust_id', '=', trustId)
    .where((row) => row('chains.head_seq', '>', row.fn.coalesce('chain_checks.logged_seq', row.lit(0))))
    .where((row) => row('receipts.seq', '>', row.fn.coalesce('chain_checks.logged_seq', row.lit(0))))
    .orderBy('receipts.device_id')
    .orderBy('receipts.epoch')
    .orderBy('receipts.seq')
    .limit(leavesPerTransaction)
    .execute();
  if (pending.length === 0) return 0;
  await takeNumbers(transaction, trustId, 'log', pending.length);
  const rows = pending.map((row, place) => ({ trust_id: trustId, leaf_index: size + place, ...row }));
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    await transaction
      .insertInto('log_leaves')
      .values(rows.slice(from, from + rowsPerInsert))
      .execute();
  }
  await appendToTiles(
    transaction,
    trustId,
    size,
    rows.map((row) => logLeafHash(leafOf(row))),
  );
  const newest = new Map(rows.map((row) => [`${row.device_id}/${row.epoch}`, row]));
  for (const row of newest.values()) await noteLogged(transaction, row);
  return rows.length;
}

async function noteLogged(
  transaction: Transaction<Tables>,
  row: { trust_id: string; school_id: string; device_id: string; epoch: number; seq: number },
): Promise<void> {
  await transaction
    .insertInto('chain_checks')
    .values({ ...newCheck(row), logged_seq: row.seq })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id', 'epoch']).doUpdateSet({ logged_seq: row.seq }))
    .execute();
}

/** A row about a chain of which nothing was logged or verified yet. */
export const newCheck = (chain: { trust_id: string; school_id: string; device_id: string; epoch: number }) => ({
  trust_id: chain.trust_id,
  school_id: chain.school_id,
  device_id: chain.device_id,
  epoch: chain.epoch,
  logged_seq: 0,
  checked_seq: 0,
  checked_hash: null,
  pass: 0,
  pass_seq: 0,
  pass_hash: null,
});

/** The leaf that a row of the log stands for. */
export const leafOf = (row: { device_id: string; epoch: number; seq: number; hash: string; at: string }): LogLeaf => ({
  deviceId: row.device_id,
  epoch: row.epoch,
  seq: row.seq,
  hash: row.hash,
  at: row.at,
});

/** The root of the tree of the first `size` leaves. */
export async function rootAt(tiles: TileReader, size: number): Promise<TreeHash> {
  const [root] = await tiles.hashes([size === 0 ? [] : rootPlan(size)]);
  if (root === undefined) throw new Error('A tree has a root');
  return root;
}

/** @throws RangeError when a tree of `size` leaves has no leaf `index`. */
export const inclusionProof = (tiles: TileReader, index: number, size: number): Promise<TreeHash[]> =>
  tiles.hashes(inclusionPlan(index, size));

/** @throws RangeError when `old` is larger than `size`. */
export const consistencyProof = (tiles: TileReader, old: number, size: number): Promise<TreeHash[]> =>
  tiles.hashes(consistencyPlan(old, size));

/** The first leaf of a machine's epoch that covers the record `seq`, among the first `size`; null when none does. */
export async function coveringLeaf(
  store: StoreOrTransaction,
  trustId: string,
  place: { deviceId: string; epoch: number; seq: number },
  size: number,
) {
  const row = await store
    .selectFrom('log_leaves')
    .select(['leaf_index', 'school_id', 'device_id', 'epoch', 'seq', 'hash', 'at'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', place.deviceId)
    .where('epoch', '=', place.epoch)
    .where('seq', '>=', place.seq)
    .where('leaf_index', '<', size)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { index: row.leaf_index, schoolId: row.school_id, leaf: leafOf(row) };
}
