import { sql } from 'kysely';
import type { Store, StoreOrTransaction } from './database.ts';
import { engineOf } from './engine.ts';

/** Months for which `records` has a place before they begin. */
export const monthsAhead = 3;

/** The month of an instant: `2026-09`. */
export const monthOf = (instant: string): string => instant.slice(0, 7);

/** `count` months after one. */
export function monthAfter(month: string, count = 1): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

const partitionName = (month: string): string => `records_${month.replace('-', '_')}`;

/** The months that have a partition, in order; none on SQLite, which keeps all records in one table. */
export async function partitionedMonths(store: StoreOrTransaction): Promise<string[]> {
  if (engineOf(store) === 'sqlite') return [];
  const { rows } = await sql<{ name: string }>`
    select child.relname as name from pg_inherits
    join pg_class child on child.oid = pg_inherits.inhrelid
    where pg_inherits.inhparent = to_regclass('records') order by child.relname`.execute(store);
  return rows.map(({ name }) => name.replace('records_', '').replace('_', '-'));
}

/**
 * Makes the partition of a month, if it is not there. Attaching a finished table does not hold up those who write to
 * `records` meanwhile (https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE).
 * Must run in a `read committed` transaction, so that it sees what was made while it waited. On SQLite there is nothing to do.
 */
export async function makePartition(transaction: StoreOrTransaction, month: string): Promise<void> {
  if (engineOf(transaction) === 'sqlite') return;
  if (!/^\d{4}-\d{2}$/.test(month)) throw new Error(`${month} is no month`);
  await sql`select pg_advisory_xact_lock(hashtext('usher/partitions'))`.execute(transaction);
  if ((await partitionedMonths(transaction)).includes(month)) return;
  const name = sql.table(partitionName(month));
  await sql`create table ${name} (like records including all)`.execute(transaction);
  await sql`alter table records attach partition ${name}
    for values from (${sql.lit(month)}) to (${sql.lit(monthAfter(month))})`.execute(transaction);
}

/** Which months each open store is known to have, so that taking a batch need not ask. */
const known = new WeakMap<Store, Set<string>>();

/** Makes sure that records received in a month have a place. */
export async function openMonth(store: Store, month: string): Promise<void> {
  if (engineOf(store) === 'sqlite') return;
  const months = known.get(store) ?? new Set<string>();
  known.set(store, months);
  if (months.has(month)) return;
  await store
    .transaction()
    .setIsolationLevel('read committed')
    .execute((transaction) => makePartition(transaction, month));
  months.add(month);
}

/** Makes the partitions of this month and the coming ones. */
export async function openComingMonths(store: Store, now: Date): Promise<void> {
  const current = monthOf(now.toISOString());
  for (let ahead = 0; ahead <= monthsAhead; ahead += 1) await openMonth(store, monthAfter(current, ahead));
}
