import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import {
  Kysely,
  Migrator,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type Dialect,
  type Transaction,
} from 'kysely';
import { first } from './migrations/first.ts';
import { eighth } from './migrations/eighth.ts';
import { second } from './migrations/second.ts';
import { fourth } from './migrations/fourth.ts';
import { third } from './migrations/third.ts';
import type { Tables } from './tables.ts';

export type Store = Kysely<Tables>;
/** What a query runs on: the store itself, or one transaction of it. */
export type StoreOrTransaction = Store | Transaction<Tables>;

/** The trust and school that a server without a directory of schools serves. */
export const localTrust = { trustId: 'trust', schoolId: 'school' } as const;

/** In the order they are applied; a name is never changed once released. */
const migrations = {
  '0001-first': first,
  '0002-sessions-and-machine-states': second,
  '0003-usb-devices': third,
  '0004-roles-and-audit': fourth,
  '0008-log-and-checks': eighth,
};

/**
 * Opens (and creates) the central endpoint's database: WAL, and `synchronous=FULL` so that a commit is on disk when it
 * returns (https://www.sqlite.org/pragma.html#pragma_synchronous).
 * @param pageLimit most 4 KiB pages the file may have; a write over it fails as on a full disk.
 * @throws Error when the file is not a database or a migration fails.
 */
export async function openStore(path: string, pageLimit?: number): Promise<Store> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives its side files the permissions of the database, so only the owner may read any of them.
  closeSync(openSync(path, 'a', 0o600));
  const sqlite = new SqliteDatabase(path, { timeout: 1_000 });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  const store = new Kysely<Tables>({ dialect: sqliteDialect(sqlite) });
  const migrator = new Migrator({ db: store, provider: { getMigrations: () => Promise.resolve(migrations) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await store.destroy();
    throw error instanceof Error ? error : new Error(String(error));
  }
  if (pageLimit !== undefined) sqlite.pragma(`max_page_count = ${Math.trunc(pageLimit)}`);
  return store;
}

/** SQLite ends a transaction by itself when the disk is full; rolling it back again would hide why. */
class SelfEndingDriver extends SqliteDriver {
  readonly #sqlite: SqliteDatabase.Database;
  constructor(sqlite: SqliteDatabase.Database) {
    super({ database: sqlite });
    this.#sqlite = sqlite;
  }
  override async rollbackTransaction(connection: Parameters<SqliteDriver['rollbackTransaction']>[0]): Promise<void> {
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection);
  }
}

function sqliteDialect(sqlite: SqliteDatabase.Database): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SelfEndingDriver(sqlite),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
