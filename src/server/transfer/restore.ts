import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { migrationNames, openStore, type Store } from '../store/database.ts';
import { engineOfPlace } from '../store/engine.ts';
import { keepConnection } from '../store/kept-connection.ts';
import { refuseMoved } from '../store/moved-marker.ts';
import { lockFolder, runningWhole } from '../store/running-lock.ts';
import type { BackupHead } from './backup-format.ts';
import { chainHeads } from './chains-hold.ts';
import type { MovedTable, TransferSurroundings } from './move.ts';
import { readBackup } from './read-backup.ts';
import { contentOf, RowWriter, sameContent } from './rows.ts';
import { placeFiles, refuseOtherFiles } from './server-files.ts';
import { allOrNothing } from './snapshot.ts';
import { appliedMigrations, filledTables, tablesOf } from './tables.ts';

export interface Restored {
  head: BackupHead;
  tables: MovedTable[];
  chains: number;
}

/**
 * Restores a backup of either engine into an empty SQLite file or PostgreSQL database, with the server's keys. The backup
 * is read and checked as a whole before anything is changed; then everything is written, read back and compared in one
 * transaction. A backup of an earlier version is brought up to this one.
 * @throws Error in one sentence, with nothing changed, when it is damaged or newer, or the place is in use or not empty.
 */
export async function restore(
  folder: string,
  place: string,
  file: string,
  surroundings: TransferSurroundings,
): Promise<Restored> {
  const { tell } = surroundings;
  tell('Reading and checking the backup …');
  const head = await checkedHead(file);
  const last = head.migrations.at(-1) ?? '';
  if (head.migrations.join() !== migrationNames.slice(0, head.migrations.length).join()) {
    throw new Error(
      `This backup was made by Usher ${head.version}, whose tables this version does not know (${last}). Nothing was changed; restore it with that version.`,
    );
  }
  const toFile = engineOfPlace(place) === 'sqlite';
  if (toFile) refuseMoved(folder);
  if (toFile && existsSync(place)) {
    throw new Error(`There is a database ${place} already. Nothing was changed; restore into an empty folder.`);
  }
  refuseOtherFiles(folder, head.files);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const free = toFile ? lockedFile(folder) : await lockedServer(place, surroundings);
  try {
    const restored = await writeAll(place, file, head, tell);
    placeFiles(folder, head.files);
    return restored;
  } catch (error) {
    if (toFile) for (const end of ['', '-wal', '-shm']) rmSync(`${place}${end}`, { force: true });
    throw error;
  } finally {
    await free();
  }
}

const lockedFile = (folder: string): (() => Promise<void>) => {
  const lock = lockFolder(folder);
  return () => {
    lock.close();
    return Promise.resolve();
  };
};

async function lockedServer(url: string, { log }: TransferSurroundings): Promise<() => Promise<void>> {
  const held = await keepConnection(url, [runningWhole], log);
  return () => held.close();
}

/** Reads the whole backup once, changing nothing. */
async function checkedHead(file: string): Promise<BackupHead> {
  let head: BackupHead | null = null;
  for await (const part of readBackup(file)) if (part.kind === 'head') head = part.head;
  if (head === null) throw new Error('This backup is empty.');
  return head;
}

/** Opens the place with the tables as they were when the backup was made. */
async function openEmpty(place: string, migration: string): Promise<Store> {
  const bare = await openStore(place, { upTo: 'none' });
  try {
    const tables = await tablesOf(bare);
    const filled = await filledTables(bare, tables);
    if (filled.length > 0) {
      throw new Error(`The database is not empty (${filled.join(', ')}). Nothing was changed; name an empty one.`);
    }
    const newest = (await appliedMigrations(bare)).at(-1);
    if (newest !== undefined && newest !== migration) {
      throw new Error('The database already has tables of another version. Nothing was changed; name a new one.');
    }
  } finally {
    await bare.destroy();
  }
  return await openStore(place, { upTo: migration });
}

/** Writes everything with the tables of the backup's version, then brings them up to this one's. */
async function writeAll(
  place: string,
  file: string,
  head: BackupHead,
  tell: (line: string) => void,
): Promise<Restored> {
  const store = await openEmpty(place, head.migrations.at(-1) ?? '');
  let restored: Restored;
  try {
    restored = await writeRows(store, file, head, tell);
  } finally {
    await store.destroy();
  }
  await (await openStore(place)).destroy();
  return restored;
}

async function writeRows(
  store: Store,
  file: string,
  head: BackupHead,
  tell: (line: string) => void,
): Promise<Restored> {
  return await allOrNothing(store, async (transaction) => {
    const known = new Map((await tablesOf(transaction)).map((table) => [table.name, table]));
    const tables: MovedTable[] = [];
    let writer: RowWriter | null = null;
    for await (const part of readBackup(file)) {
      if (part.kind === 'head') continue;
      const table = known.get(part.table);
      const given = head.tables.find(({ name }) => name === part.table);
      if (table === undefined || given === undefined || table.columns.join() !== given.columns.join()) {
        throw new Error(`The backup's table ${part.table} is not one of this version. Nothing was changed.`);
      }
      writer ??= new RowWriter(transaction, table);
      if (part.kind === 'row') {
        await writer.write(part.row);
        continue;
      }
      await writer.finish();
      writer = null;
      tables.push({ name: table.name, before: part.content, after: await contentOf(transaction, table) });
      tell(`${table.name}: ${part.content.rows.toLocaleString('en-GB')} rows restored`);
    }
    const differing = tables.filter(({ before, after }) => !sameContent(before, after)).map(({ name }) => name);
    const heads = await chainHeads(transaction);
    if (differing.length > 0 || heads.broken > 0) {
      throw new Error(
        `What was restored is not what is in the backup (${differing.join(', ')}; ${heads.broken} chains broken). Nothing was kept.`,
      );
    }
    return { head, tables, chains: heads.chains };
  });
}
