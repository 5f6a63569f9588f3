import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { carryOver } from './carry-over.ts';
import { syncFolder } from './durable-file.ts';
import type { JournalFiles } from './files.ts';
import type { RememberedHead } from './head-memory.ts';
import type { Fault } from './integrity.ts';
import { createTables, identityOf, openDatabase } from './schema.ts';
import type { JournalSources } from './seal.ts';
import { highestEpochIn, setAside, setAsideName } from './set-aside.ts';
import { startEpoch } from './writing.ts';

/** Makes the first journal of a machine and puts it in place. */
export function makeFirstJournal(files: JournalFiles, deviceId: string, sources: JournalSources): void {
  build(files, deviceId, (database) => {
    const data = { reason: 'first' as const, previous: null, detail: 'The first start with this key.' };
    startEpoch(database, deviceId, 1, data, sources);
  });
  putInPlace(files);
}

/**
 * Makes the journal that goes on after a damaged one: what could be carried over, and a new epoch whose first record
 * says what happened. Only when it is complete on the disk is the damaged file set aside.
 * @returns the path the damaged file was kept under, or null when there was none.
 */
export function replaceJournal(
  files: JournalFiles,
  deviceId: string,
  remembered: RememberedHead,
  fault: Fault,
  sources: JournalSources,
): string | null {
  const memory = remembered.state === 'known' && remembered.memory.deviceId === deviceId ? remembered.memory : null;
  const aside = setAsideName(files, sources.clock.now());
  const epoch = Math.max(memory?.epoch ?? 0, highestEpochIn(files));
  build(files, deviceId, (database) => {
    const carried = carryOver(files.database, database, deviceId, memory?.lastReceipt ?? null);
    const last = [memory?.lastReceipt ?? null, carried.lastReceipt].find((receipt) => receipt?.epoch === epoch) ?? null;
    const lastReceipt = last && { seq: last.seq, hash: last.hash };
    const setAsideAs = aside === null ? null : basename(aside);
    const kept = carried.epochs.map((one) => `records 1 to ${one.seq} of epoch ${one.epoch}`);
    const detail = `The journal could not be continued: ${fault.detail}. Carried over: ${kept.join(', ') || 'nothing'}.`;
    const previous = { epoch, lastReceipt, setAsideAs };
    startEpoch(database, deviceId, epoch + 1, { reason: fault.reason, previous, detail }, sources);
  });
  if (aside !== null) setAside(files, aside);
  putInPlace(files);
  return aside;
}

/** Finishes a replacement that was complete when the machine stopped; an incomplete one is thrown away. */
export function finishReplacement(files: JournalFiles): void {
  if (!existsSync(files.replacement)) return;
  if (!existsSync(files.database) && isComplete(files.replacement)) putInPlace(files);
  else removeReplacement(files);
}

function isComplete(path: string): boolean {
  try {
    const database = new Database(path, { fileMustExist: true });
    try {
      return identityOf(database) !== null;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}

function build(files: JournalFiles, deviceId: string, fill: (database: Database.Database) => void): void {
  removeReplacement(files);
  const database = openDatabase(files.replacement);
  try {
    database.transaction(() => {
      createTables(database, deviceId);
      fill(database);
    })();
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch (error) {
    database.close();
    removeReplacement(files);
    throw error;
  }
  database.close();
}

function removeReplacement(files: JournalFiles): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(files.replacement + suffix, { force: true });
}

function putInPlace(files: JournalFiles): void {
  chmodSync(files.replacement, 0o600);
  renameSync(files.replacement, files.database);
  syncFolder(files.folder);
}
