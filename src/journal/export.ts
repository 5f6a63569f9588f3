import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { readDeviceKey } from './device-key.ts';
import { guarded, JournalError } from './errors.ts';
import { journalFiles } from './files.ts';
import { JournalReader } from './reader.ts';

/**
 * Opens the journal for reading only, also while the service is running and writing.
 * @throws JournalError `journal.missing` when the folder holds no journal, `journal.keyExposed`, `journal.keyUnreadable`,
 * `journal.damaged`, `journal.unavailable`.
 */
export function openJournalForExport(options: { readonly folder: string }): JournalReader {
  const files = journalFiles(options.folder);
  return guarded(files.folder, () => {
    const signingKey = readDeviceKey(files.key);
    if (signingKey === null || !existsSync(files.database))
      throw new JournalError(
        'journal.missing',
        `There is no journal in ${files.folder}. Name the state folder of a machine on which Usher has run, with --state.`,
      );
    const database = new Database(files.database, { readonly: true, fileMustExist: true, timeout: 2_000 });
    try {
      return new JournalReader(database, files.folder, signingKey);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}
