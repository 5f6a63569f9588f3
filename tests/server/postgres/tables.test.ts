import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { openStore, type Store } from '../../../src/server/store/database.ts';
import { monthAfter, monthsAhead, openComingMonths, partitionedMonths } from '../../../src/server/store/partitions.ts';
import { freshDatabase } from '../../support/postgres/fresh-database.ts';
import { enrolledDevice, runningServer, storeOf } from '../running.ts';

/** Tables of better-auth, which are small and belong to the whole installation: reference tables on Citus. */
const referenceTables = new Set(['user', 'session', 'account', 'verification', 'passkey', 'twoFactor']);

async function emptyStore(): Promise<Store> {
  const { url, drop } = await freshDatabase({ empty: true });
  onTestFinished(drop);
  const store = await openStore(url);
  onTestFinished(() => store.destroy());
  return store;
}

test('every primary key and unique index of our tables begins with trust_id, so that they distribute by trust', async () => {
  const store = await emptyStore();
  const { rows } = await sql<{ table: string; index: string; columns: string[] }>`
    select t.relname as "table", i.relname as "index",
      array(select a.attname::text from unnest(x.indkey) with ordinality k(number, place)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number order by k.place) as columns
    from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
    where x.indisunique and t.relnamespace = current_schema()::regnamespace and not t.relispartition`.execute(store);
  const ours = rows.filter(({ table }) => !referenceTables.has(table) && !table.startsWith('kysely_'));
  expect(ours.length).toBeGreaterThan(20);
  expect(ours.filter(({ columns }) => columns[0] !== 'trust_id')).toEqual([]);
});

test('every table of ours has trust_id', async () => {
  const store = await emptyStore();
  const { rows } = await sql<{ name: string }>`
    select t.relname as name from pg_class t
    where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and not t.relispartition
      and not exists (select 1 from pg_attribute a where a.attrelid = t.oid and a.attname = 'trust_id')`.execute(store);
  const without = rows.map(({ name }) => name).filter((name) => !name.startsWith('kysely_'));
  expect(without.filter((name) => !referenceTables.has(name))).toEqual([]);
});

test('text is compared byte by byte, as SQLite does, whatever the locale of the database', async () => {
  const store = await emptyStore();
  const { rows } = await sql<{ table: string; column: string }>`
    select t.relname as "table", a.attname as "column" from pg_class t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    join pg_collation c on c.oid = a.attcollation
    where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p')
      and t.relname not like 'kysely%' and c.collname <> 'C'`.execute(store);
  expect(rows).toEqual([]);
});

test('records are partitioned by the month they were received in, made ahead', async () => {
  const store = await emptyStore();
  const { rows } = await sql<{ key: string }>`select pg_get_partkeydef('records'::regclass) as key`.execute(store);
  expect(rows).toEqual([{ key: 'RANGE (received_at)' }]);
  await openComingMonths(store, new Date('2026-11-30T23:59:59.999Z'));
  expect(monthsAhead).toBe(3);
  expect(await partitionedMonths(store)).toEqual(['2026-11', '2026-12', '2027-01', '2027-02']);
  expect(monthAfter('2026-12')).toBe('2027-01');
});

test('a month nobody foresaw is made when its first record comes, and the record stands in it', async () => {
  const server = await runningServer({ now: () => new Date('2031-07-15T10:00:00.000Z') });
  const device = await enrolledDevice(server);
  device.begin();
  await device.sync(server.origin);
  const store = await storeOf(server.folder);
  onTestFinished(() => store.destroy());
  const { rows } = await sql<{ partition: string }>`
    select tableoid::regclass::text as partition from records`.execute(store);
  expect(rows).toEqual([{ partition: 'records_2031_07' }]);
});

test('processes that make the same partition at once make it once', async () => {
  const { url, drop } = await freshDatabase({ empty: true });
  onTestFinished(drop);
  const stores = await Promise.all([openStore(url), openStore(url), openStore(url)]);
  onTestFinished(async () => {
    for (const store of stores) await store.destroy();
  });
  await Promise.all(stores.map((store) => openComingMonths(store, new Date('2027-03-01T00:00:00.000Z'))));
  const [store] = stores;
  expect(store === undefined ? [] : await partitionedMonths(store)).toEqual([
    '2027-03',
    '2027-04',
    '2027-05',
    '2027-06',
  ]);
});

test('whole numbers come back as numbers, exact or not at all', async () => {
  const store = await emptyStore();
  const { rows } = await sql<{ big: number; sum: number }>`
    select ${sql.lit(2 ** 53 - 1)}::bigint as big, sum(v) as sum from (values (1::bigint), (2)) t(v)`.execute(store);
  expect(rows).toEqual([{ big: 2 ** 53 - 1, sum: 3 }]);
  await expect(sql`select 9007199254740993::bigint as big`.execute(store)).rejects.toThrow(
    'too large to be read exactly',
  );
});
