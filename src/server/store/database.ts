import { engineOfPlace, shownPlace } from './engine.ts';
import { Kysely, Migrator, type KyselyPlugin, type Transaction } from 'kysely';
import { first } from './migrations/first.ts';
import { eighth } from './migrations/eighth.ts';
import { second } from './migrations/second.ts';
import { tenth } from './migrations/tenth.ts';
import { sixth } from './migrations/sixth.ts';
import { fourth } from './migrations/fourth.ts';
import { ninth } from './migrations/ninth.ts';
import { seventh } from './migrations/seventh.ts';
import { third } from './migrations/third.ts';
import { fifteenth } from './migrations/fifteenth.ts';
import { fifth } from './migrations/fifth.ts';
import { fourteenth } from './migrations/fourteenth.ts';
import { thirteenth } from './migrations/thirteenth.ts';
import { twelfth } from './migrations/twelfth.ts';
import { PostgresColumns } from './migrations/postgres-columns.ts';
import { postgresDialect, PostgresStore, type PostgresOptions } from './postgres.ts';
import { openSqlite, sqliteDialect } from './sqlite.ts';
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
  '0005-server-identity': fifth,
  '0010-alerts-and-feeds': tenth,
  '0006-sign-in-and-openings': sixth,
  '0008-log-and-checks': eighth,
  '0009-retention': ninth,
  '0007-machines': seventh,
  '0012-schools-own-lists': twelfth,
  '0013-policy-life': thirteenth,
  '0014-policies-in-force': fourteenth,
  '0015-refused-by-a-feed': fifteenth,
};

export interface StoreOptions extends PostgresOptions {
  /** Most 4 KiB pages a database file may have; a write over it fails as on a full disk. */
  pageLimit?: number | undefined;
  /** Name of the last migration to apply; `none` leaves the tables as they are. Default: the newest. */
  upTo?: string | undefined;
  /** See every statement and its rows. */
  plugins?: KyselyPlugin[] | undefined;
}

/** Every migration this program knows, in order. */
export const migrationNames: readonly string[] = Object.keys(migrations).sort();

/**
 * Opens (and creates) the central endpoint's database and brings its tables up to date. Processes that start together
 * on one PostgreSQL do so one after the other.
 * @param place path of a SQLite file, or the `postgres://` address of a PostgreSQL database.
 * @throws Error when it is no database, cannot be reached, or a migration fails.
 */
export async function openStore(place: string, options: StoreOptions = {}): Promise<Store> {
  return engineOfPlace(place) === 'sqlite' ? await openFile(place, options) : await openServer(place, options);
}

async function openFile(path: string, { pageLimit, upTo, plugins = [] }: StoreOptions): Promise<Store> {
  const sqlite = openSqlite(path);
  const store = new Kysely<Tables>({ dialect: sqliteDialect(sqlite), plugins });
  await migrate(store, store, upTo);
  if (pageLimit !== undefined) sqlite.pragma(`max_page_count = ${Math.trunc(pageLimit)}`);
  return store;
}

async function openServer(url: string, options: StoreOptions): Promise<Store> {
  const store = new PostgresStore({ dialect: postgresDialect(url, options), plugins: options.plugins ?? [] });
  try {
    await migrate(store, store.withPlugin(new PostgresColumns()), options.upTo);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The PostgreSQL database ${shownPlace(url)} cannot be used: ${why}. Check that it runs, and the address in USHER_DATABASE_URL.`,
      { cause: error },
    );
  }
  return store;
}

/** @param migrated the store as migrations see it. */
async function migrate(store: Store, migrated: Store, upTo: string | undefined): Promise<void> {
  const migrator = new Migrator({ db: migrated, provider: { getMigrations: () => Promise.resolve(migrations) } });
  if (upTo === 'none') return;
  const { error } = await (upTo === undefined ? migrator.migrateToLatest() : migrator.migrateTo(upTo));
  if (error === undefined) return;
  await store.destroy();
  throw error instanceof Error ? error : new Error(String(error));
}
