import { sql } from 'kysely';
import type { Store } from '../../src/server/store/database.ts';
import { engineOf } from '../../src/server/store/engine.ts';

/**
 * Fills `records` without its further indexes and makes them again as they were: sorting once takes less time than
 * keeping them in order. Keys stay.
 */
export async function withoutIndexes(store: Store, fill: () => Promise<void>): Promise<void> {
  const { rows } = await (
    engineOf(store) === 'sqlite'
      ? sql<{ name: string; text: string }>`select name, sql as text from sqlite_master
          where type = 'index' and tbl_name = 'records' and sql is not null`
      : sql<{ name: string; text: string }>`select indexname as name, indexdef as text from pg_indexes
          where tablename = 'records' and indexname <> 'records_key'`
  ).execute(store);
  for (const { name } of rows) await store.schema.dropIndex(name).execute();
  await fill();
  // PostgreSQL names a partitioned table's own index with ONLY, which would leave out its partitions.
  for (const { text } of rows) await sql.raw(text.replace(' ON ONLY ', ' ON ')).execute(store);
}
