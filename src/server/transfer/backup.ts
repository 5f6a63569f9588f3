import { createHash } from 'node:crypto';
import { createWriteStream, existsSync, linkSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { usherVersion } from '../../contract/version.ts';
import { migrationNames, openStore, type StoreOrTransaction } from '../store/database.ts';
import { engineOfPlace } from '../store/engine.ts';
import { backupFormat, type BackupHead } from './backup-format.ts';
import type { TransferSurroundings } from './move.ts';
import { refuseNoDatabase } from './places.ts';
import { ContentSum, readRows, type TableContent } from './rows.ts';
import { serverFiles } from './server-files.ts';
import { atOneMoment } from './snapshot.ts';
import { appliedMigrations, tablesOf } from './tables.ts';

export interface BackedUp {
  file: string;
  tables: { name: string; content: TableContent }[];
}

/** Text gathered before it is packed. */
const blockCharacters = 256 * 1024;

/**
 * Writes everything a server keeps into one file: the database as it is at one moment, and the keys. Servers may run
 * meanwhile. The file appears whole or not at all, and only its owner may read it.
 * @throws Error in one sentence when the file is there already, or the database is none or of another version.
 */
export async function backup(
  folder: string,
  place: string,
  file: string,
  { tell, now }: Pick<TransferSurroundings, 'tell' | 'now'>,
): Promise<BackedUp> {
  if (existsSync(file)) throw new Error(`There is a file ${file} already. Name another with --out.`);
  if (engineOfPlace(place) === 'sqlite') refuseNoDatabase(place);
  const files = serverFiles(folder);
  const store = await openStore(place, { upTo: 'none' });
  const unfinished = `${file}.partial`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    return await atOneMoment(store, async (snapshot) => {
      const migrations = await appliedMigrations(snapshot);
      if (migrations.join() !== migrationNames.join()) {
        throw new Error(
          'The database is of another version of Usher. Make the backup with the version that runs on it, or start this one first.',
        );
      }
      const tables = await tablesOf(snapshot);
      const head: BackupHead = {
        format: backupFormat,
        madeAt: now().toISOString(),
        version: usherVersion,
        migrations,
        tables,
        files,
      };
      const done: BackedUp['tables'] = [];
      await pipeline(
        Readable.from(blocks(lines(snapshot, head, done, tell)), { objectMode: false }),
        createGzip({ level: 6 }),
        createWriteStream(unfinished, { mode: 0o600, flags: 'wx', flush: true }),
      );
      linkSync(unfinished, file);
      return { file, tables: done };
    });
  } finally {
    rmSync(unfinished, { force: true });
    await store.destroy();
  }
}

/** Every line of the file, each ending in a line feed. */
async function* lines(
  snapshot: StoreOrTransaction,
  head: BackupHead,
  done: BackedUp['tables'],
  tell: (line: string) => void,
): AsyncGenerator<string> {
  const hash = createHash('sha256');
  const line = (item: unknown): string => {
    const text = `${JSON.stringify(item)}\n`;
    hash.update(text);
    return text;
  };
  yield line(head);
  let rows = 0;
  for (const table of head.tables) {
    const sum = new ContentSum();
    yield line({ table: table.name });
    for await (const row of readRows(snapshot, table)) {
      sum.add(row);
      yield line(row);
    }
    yield line({ end: table.name, ...sum.content });
    rows += sum.rows;
    done.push({ name: table.name, content: sum.content });
    tell(`${table.name}: ${sum.rows.toLocaleString('en-GB')} rows`);
  }
  yield `${JSON.stringify({ finished: true, rows, sha256: hash.digest('hex') })}\n`;
}

async function* blocks(all: AsyncIterable<string>): AsyncGenerator<string> {
  let block = '';
  for await (const line of all) {
    block += line;
    if (block.length < blockCharacters) continue;
    yield block;
    block = '';
  }
  yield block;
}
