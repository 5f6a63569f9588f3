import { join } from 'node:path';

/** What a journal's folder holds. */
export interface JournalFiles {
  readonly folder: string;
  readonly database: string;
  readonly writeAheadLog: string;
  readonly sharedMemory: string;
  /** The next database while it is being made; it is renamed into place when it is complete. */
  readonly replacement: string;
  /** The machine's Ed25519 private key, PEM. */
  readonly key: string;
  /** Epoch and last receipt, kept apart from the database so that they outlive it. */
  readonly memory: string;
  /** Held by the one process that may write. */
  readonly lock: string;
}

export function journalFiles(folder: string): JournalFiles {
  const database = join(folder, 'journal.sqlite');
  return {
    folder,
    database,
    writeAheadLog: `${database}-wal`,
    sharedMemory: `${database}-shm`,
    replacement: `${database}.new`,
    key: join(folder, 'device-key.pem'),
    memory: join(folder, 'journal.head.json'),
    lock: join(folder, 'journal.lock'),
  };
}
