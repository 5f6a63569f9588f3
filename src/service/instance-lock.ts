import Database from 'better-sqlite3';
import type { ServiceFolder } from './state-folder.ts';

/** Another service holds the state folder. The message is the whole sentence for a person. */
export class AlreadyRunningError extends Error {
  constructor(state: string) {
    super(`Another Usher service is already running on ${state}. Stop it first, or give this one its own USHER_STATE.`);
  }
}

/**
 * Makes this process the only service on the folder until `release`. SQLite's lock is the operating system's own and
 * goes with the process, however it ends.
 * @throws AlreadyRunningError
 */
export function lockInstance(folder: ServiceFolder): { release(): void } {
  const database = new Database(folder.lock, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new AlreadyRunningError(folder.state);
    }
    throw error;
  }
  return { release: () => void database.close() };
}
