import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { SqliteAdapter, SqliteDriver, SqliteIntrospector, SqliteQueryCompiler, type Dialect } from 'kysely';
import { withKeptStatements } from './statement-cache.ts';

/** Memory for pages of the database: the ends of every index stay in it, so that adding to them reads nothing. */
const pageCacheKib = 64 * 1024;
/**
 * Pages of 4 KiB in the write-ahead log before they are moved into the database: 32 MiB. A page that changed often
 * meanwhile is moved once (https://www.sqlite.org/wal.html#performance_considerations).
 */
const checkpointPages = 8_192;

/**
 * Opens (and creates) a database file: WAL, and `synchronous=FULL` so that a commit is on disk when it returns
 * (https://www.sqlite.org/pragma.html#pragma_synchronous).
 */
export function openSqlite(path: string): SqliteDatabase.Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // SQLite gives its side files the permissions of the database, so only the owner may read any of them.
  closeSync(openSync(path, 'a', 0o600));
  const sqlite = new SqliteDatabase(path, { timeout: 1_000 });
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  // What is deleted is overwritten with zeros (https://www.sqlite.org/pragma.html#pragma_secure_delete).
  sqlite.pragma('secure_delete = ON');
  sqlite.pragma(`cache_size = -${pageCacheKib}`);
  sqlite.pragma(`wal_autocheckpoint = ${checkpointPages}`);
  return sqlite;
}

/** SQLite ends a transaction by itself when the disk is full; rolling it back again would hide why. */
class SelfEndingDriver extends SqliteDriver {
  readonly #sqlite: SqliteDatabase.Database;
  constructor(sqlite: SqliteDatabase.Database) {
    super({ database: withKeptStatements(sqlite) });
    this.#sqlite = sqlite;
  }
  override async rollbackTransaction(connection: Parameters<SqliteDriver['rollbackTransaction']>[0]): Promise<void> {
    if (this.#sqlite.inTransaction) await super.rollbackTransaction(connection);
  }
}

export function sqliteDialect(sqlite: SqliteDatabase.Database): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SelfEndingDriver(sqlite),
    createIntrospector: (database) => new SqliteIntrospector(database),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}
