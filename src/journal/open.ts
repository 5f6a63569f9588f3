import { existsSync, mkdirSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { deviceIdOf, type SigningKey } from '../proof/index.ts';
import { newDeviceKey, readDeviceKey, writeDeviceKey } from './device-key.ts';
import { guarded, JournalError, journalErrorFrom } from './errors.ts';
import { journalFiles, type JournalFiles } from './files.ts';
import { lockFolder } from './folder-lock.ts';
import { readHeadMemory, writeHeadMemory, type RememberedHead } from './head-memory.ts';
import { journalFault, type Fault } from './integrity.ts';
import { Journal } from './journal.ts';
import { finishReplacement, makeFirstJournal, replaceJournal } from './replacement.ts';
import { openDatabase } from './schema.ts';
import type { JournalSources } from './seal.ts';

export interface OpenedJournal {
  readonly journal: Journal;
  readonly opened: 'new' | 'continued' | 'afterDamage';
  /** Path of the damaged file that was kept, if there was one. */
  readonly setAside: string | null;
}

export interface OpenOptions extends JournalSources {
  /** Created with mode 0700 when absent. */
  readonly folder: string;
}

/**
 * Opens the machine's journal for writing, creating key and file on the first start. The whole journal is checked; one
 * that is damaged, was rolled back or is gone is set aside, and a new epoch begins that names the old one's last receipt.
 * @throws JournalError `journal.inUse`, `journal.keyExposed`, `journal.keyUnreadable`, `journal.diskFull`,
 * `journal.unavailable`.
 */
export function openJournal(options: OpenOptions): OpenedJournal {
  const files = journalFiles(options.folder);
  guarded(files.folder, () => mkdirSync(files.folder, { recursive: true, mode: 0o700 }));
  const lock = lockFolder(files);
  try {
    return guarded(files.folder, () => openLocked(files, options, lock.release));
  } catch (error) {
    lock.release();
    throw error;
  }
}

function openLocked(files: JournalFiles, sources: JournalSources, release: () => void): OpenedJournal {
  finishReplacement(files);
  const { signingKey, remembered } = identity(files, sources);
  const deviceId = deviceIdOf(signingKey.publicKey);
  const found = examine(files, deviceId, remembered);
  if (found.kind === 'sound') return opened(found.database, 'continued', null);
  if (found.kind === 'none') {
    makeFirstJournal(files, deviceId, sources);
    return opened(openDatabase(files.database), 'new', null);
  }
  const aside = replaceJournal(files, deviceId, remembered, found.fault, sources);
  return opened(openDatabase(files.database), 'afterDamage', aside);

  function opened(database: Database.Database, how: OpenedJournal['opened'], setAside: string | null): OpenedJournal {
    try {
      return { journal: new Journal({ ...sources, database, files, signingKey, release }), opened: how, setAside };
    } catch (error) {
      database.close();
      throw error;
    }
  }
}

/** The machine's key, made on the first start. The head memory is written before it, so that a key without one means loss. */
function identity(
  files: JournalFiles,
  sources: JournalSources,
): { signingKey: SigningKey; remembered: RememberedHead } {
  const known = readDeviceKey(files.key);
  if (known !== null) return { signingKey: known, remembered: readHeadMemory(files) };
  const signingKey = newDeviceKey(sources.random);
  const deviceId = deviceIdOf(signingKey.publicKey);
  const memory = { format: 'usher/journal-head/1' as const, deviceId, epoch: 0, lastReceipt: null, closedAt: null };
  writeHeadMemory(files, memory);
  writeDeviceKey(files.key, signingKey);
  return { signingKey, remembered: { state: 'known', memory } };
}

type Found = { kind: 'none' } | { kind: 'sound'; database: Database.Database } | { kind: 'damaged'; fault: Fault };

/** What is in the folder? A file whose tail may be missing is damage too: going on in it could use a number twice. */
function examine(files: JournalFiles, deviceId: string, remembered: RememberedHead): Found {
  const neverStarted =
    remembered.state === 'known' && remembered.memory.deviceId === deviceId && remembered.memory.epoch === 0;
  if (!existsSync(files.database)) {
    if (neverStarted && !existsSync(files.writeAheadLog)) return { kind: 'none' };
    return { kind: 'damaged', fault: { reason: 'damaged', detail: 'the journal file is gone' } };
  }
  const logWasThere = existsSync(files.writeAheadLog);
  let database: Database.Database | null = null;
  try {
    database = openDatabase(files.database);
    const fault = journalFault(database, deviceId, remembered, logWasThere);
    if (fault === null) return { kind: 'sound', database };
    database.close();
    return { kind: 'damaged', fault };
  } catch (error) {
    database?.close();
    const sorted = journalErrorFrom(error, files.folder);
    if (sorted instanceof JournalError && sorted.code !== 'journal.damaged' && !isSchemaError(error)) throw sorted;
    const words = error instanceof Error ? error.message : String(error);
    return { kind: 'damaged', fault: { reason: 'damaged', detail: `SQLite cannot read it (${words})` } };
  }
}

/** Tables or columns that are not as they were made: `SQLITE_ERROR` at prepare. */
const isSchemaError = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'SQLITE_ERROR';
