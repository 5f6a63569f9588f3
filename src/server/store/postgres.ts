import {
  CompiledQuery,
  Kysely,
  PostgresDialect,
  sql,
  type Dialect,
  type Transaction,
  type TransactionBuilder,
} from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { tellWhyEnded } from './ended-transaction.ts';
import { wantsRetry } from './faults.ts';
import { retried } from './retried.ts';
import type { Tables } from './tables.ts';

/** Types of PostgreSQL that the driver gives as text (https://www.postgresql.org/docs/current/catalog-pg-type.html). */
const bigint = 20;
const numeric = 1700;

/** Reads whole numbers as JavaScript's, which are exact up to 2^53. @throws RangeError rather than round. */
function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RangeError(`The database holds ${text}, which is too large to be read exactly`);
  }
  return value;
}

/** Reads 64-bit integers and sums as numbers, on this server's connections only. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (type, format) =>
    (type === bigint || type === numeric) && format !== 'binary' ? wholeNumber : pg.types.getTypeParser(type, format),
};

/**
 * PostgreSQL's text cannot hold the character NUL (https://www.postgresql.org/docs/current/datatype-character.html).
 * What a machine names itself or a stranger asks for may: it is kept, and searched for, with U+FFFD in its place. Bodies
 * of records are JSON, where NUL is escaped, and stay as they are.
 */
const storable = (value: unknown): unknown => {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  return Array.isArray(value) ? value.map(storable) : value;
};

function sendStorableText(client: pg.PoolClient): void {
  const query: unknown = client.query.bind(client);
  if (typeof query !== 'function') return;
  Object.assign(client, {
    query: (what: unknown, values?: unknown, ...more: unknown[]): unknown => {
      // A cursor carries its values itself.
      if (what instanceof Object && 'values' in what) Object.assign(what, { values: storable(what.values) });
      return Reflect.apply(query, client, [what, storable(values), ...more]);
    },
  });
}

/** A connection that cannot be made within this is a database that is busy or gone. */
export const connectWithinMs = 5_000;

/**
 * What every session is told: a commit is on disk before it returns (https://www.postgresql.org/docs/current/wal-async-commit.html);
 * nobody waits for ever for a lock, and a process that hangs does not keep one.
 */
const sessionSettings = [
  "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') in ('off', 'local')",
  'set lock_timeout = 10000',
  'set idle_in_transaction_session_timeout = 60000',
];

export interface PostgresOptions {
  /** Connections this process may hold at once. Default 10. */
  connections?: number | undefined;
  /** Told when an idle connection breaks; the pool makes another by itself. */
  onIdleFault?: ((error: Error) => void) | undefined;
}

export function postgresDialect(url: string, options: PostgresOptions): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.connections ?? 10,
    connectionTimeoutMillis: connectWithinMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    application_name: 'usher',
    types,
  });
  const broke = (error: Error) => options.onIdleFault?.(error);
  pool.on('error', broke);
  // The pool listens only while a connection is idle; one that breaks between two statements of a transaction would end the process.
  pool.on('connect', (client) => {
    client.on('error', broke);
    sendStorableText(client);
    tellWhyEnded(client);
  });
  return new PostgresDialect({
    pool,
    cursor: Cursor,
    onCreateConnection: async (connection) => {
      for (const setting of sessionSettings) await connection.executeQuery(CompiledQuery.raw(setting));
    },
  });
}

/**
 * A store on PostgreSQL. A transaction behaves as if it were alone, as on SQLite, which has one writer: `serializable`
 * (https://www.postgresql.org/docs/current/transaction-iso.html), and it is run again when PostgreSQL ended it in favour
 * of another, so what it does outside the database must bear being done twice. Where many write at once, a transaction
 * may choose `read committed` and lock what it relies on.
 */
export class PostgresStore extends Kysely<Tables> {
  override transaction(): TransactionBuilder<Tables> {
    return running(super.transaction().setIsolationLevel('serializable'));
  }
}

/** Makes a builder's transaction run again where that helps, whichever isolation it is given. */
function running(builder: TransactionBuilder<Tables>): TransactionBuilder<Tables> {
  const once = builder.execute.bind(builder);
  const isolated = builder.setIsolationLevel.bind(builder);
  builder.execute = (work) => retried(() => once((transaction) => tellingWhyEnded(transaction, work)));
  builder.setIsolationLevel = (level) => running(isolated(level));
  return builder;
}

/**
 * Runs the work. When it fails with an error that is not the database's, the transaction itself is asked whether it was
 * ended: then that is why, and not what somebody made of it.
 */
async function tellingWhyEnded<T>(
  transaction: Transaction<Tables>,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  try {
    return await work(transaction);
  } catch (error) {
    if (!wantsRetry(error)) await sql`select 1`.execute(transaction);
    throw error;
  }
}
