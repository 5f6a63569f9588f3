import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import type { KeptConnectionUse } from './kept-connection.ts';

/** Time for a server that is just stopping to be gone. */
const waitMs = 3_000;

/**
 * Holds the folder of a SQLite server until closed or until the process ends, however it ends: the lock is the operating
 * system's, on a file of its own. One server, or one command that needs the database at rest, has it at a time.
 * @throws Error in one sentence when another has it.
 */
export function lockFolder(folder: string): { close(): void } {
  const file = new SqliteDatabase(join(folder, 'running.lock'), { timeout: waitMs });
  try {
    file.pragma('journal_mode = MEMORY');
    file.exec('begin exclusive');
  } catch {
    file.close();
    throw new Error(
      `A server, or a command on its database, is already running on ${folder}. Stop it first, or name another folder in USHER_STATE.`,
    );
  }
  return { close: () => file.close() };
}

/** Servers on one PostgreSQL run together, so each holds its part of the lock; a command that needs all of it asks for it whole. */
const lockName = "hashtext('usher/running')";

export const runningShare: KeptConnectionUse = {
  async opened(client) {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock_shared(${lockName}::bigint) as taken`,
    );
    if (rows[0]?.taken === true) return;
    throw new Error('Data is being moved or restored into this database just now. Start the server when that is done.');
  },
};

export const runningWhole: KeptConnectionUse = {
  async opened(client) {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock(${lockName}::bigint) as taken`,
    );
    if (rows[0]?.taken === true) return;
    throw new Error('A server is running on this PostgreSQL database. Stop every one of them first.');
  },
};
