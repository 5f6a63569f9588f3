import Database from 'better-sqlite3';
import type { JournalFiles } from './files.ts';
import { guarded } from './errors.ts';

/**
 * Makes this process the folder's only writer until `release`. The operating system drops the lock when the process
 * ends, however it ends, so none is ever left behind.
 * @throws JournalError `journal.inUse` when another process (or this one) holds it.
 */
export function lockFolder(files: JournalFiles): { release(): void } {
  return guarded(files.folder, () => {
    const lock = new Database(files.lock, { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      lock.close();
      throw error;
    }
    return { release: () => void lock.close() };
  });
}
