import { sql } from 'kysely';
import type { StoreOrTransaction } from '../store/database.ts';
import { engineOf } from '../store/engine.ts';

/** A table as it is copied. Columns are in alphabetical order, the same on both engines. */
export interface CopiedTable {
  name: string;
  columns: string[];
}

/** Every table that holds data, those that others refer to first. Migrations keep their own account of themselves. */
export async function tablesOf(store: StoreOrTransaction): Promise<CopiedTable[]> {
  const { columns, references } = engineOf(store) === 'sqlite' ? await ofSqlite(store) : await ofPostgres(store);
  const tables = new Map<string, string[]>();
  for (const { table, column } of columns) {
    if (!table.startsWith('kysely_migration')) tables.set(table, [...(tables.get(table) ?? []), column]);
  }
  const ordered = new Map<string, CopiedTable>();
  const place = (name: string): void => {
    const own = tables.get(name);
    if (own === undefined || ordered.has(name)) return;
    for (const { table, refersTo } of references) if (table === name && refersTo !== name) place(refersTo);
    ordered.set(name, { name, columns: own.sort() });
  };
  for (const name of [...tables.keys()].sort()) place(name);
  return [...ordered.values()];
}

interface Catalogue {
  columns: { table: string; column: string }[];
  references: { table: string; refersTo: string }[];
}

async function ofSqlite(store: StoreOrTransaction): Promise<Catalogue> {
  const { rows: columns } = await sql<Catalogue['columns'][number]>`
    select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
    where m.type = 'table' and m.name not like 'sqlite\\_%' escape '\\'`.execute(store);
  const { rows: references } = await sql<Catalogue['references'][number]>`
    select m.name as "table", f."table" as "refersTo" from sqlite_master m, pragma_foreign_key_list(m.name) f
    where m.type = 'table'`.execute(store);
  return { columns, references };
}

/** A partition's rows are its parent's, so only the parent is copied. */
async function ofPostgres(store: StoreOrTransaction): Promise<Catalogue> {
  const { rows: columns } = await sql<Catalogue['columns'][number]>`
    select t.relname as "table", a.attname as "column" from pg_class t
    join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    where t.relnamespace = current_schema()::regnamespace and t.relkind in ('r', 'p') and not t.relispartition`.execute(
    store,
  );
  const { rows: references } = await sql<Catalogue['references'][number]>`
    select t.relname as "table", r.relname as "refersTo" from pg_constraint c
    join pg_class t on t.oid = c.conrelid join pg_class r on r.oid = c.confrelid
    where c.contype = 'f' and t.relnamespace = current_schema()::regnamespace`.execute(store);
  return { columns, references };
}

/** The migrations a database has had; none for a new one. */
export async function appliedMigrations(store: StoreOrTransaction): Promise<string[]> {
  const { rows: found } =
    engineOf(store) === 'sqlite'
      ? await sql`select name from sqlite_master where name = 'kysely_migration'`.execute(store)
      : await sql`select 1 where to_regclass('kysely_migration') is not null`.execute(store);
  if (found.length === 0) return [];
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(store);
  return rows.map(({ name }) => name);
}

/** Names of the tables that hold anything. */
export async function filledTables(store: StoreOrTransaction, tables: readonly CopiedTable[]): Promise<string[]> {
  const filled: string[] = [];
  for (const { name } of tables) {
    const { rows } = await sql`select 1 from ${sql.table(name)} limit 1`.execute(store);
    if (rows.length > 0) filled.push(name);
  }
  return filled;
}
