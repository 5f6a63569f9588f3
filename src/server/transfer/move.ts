import { join } from 'node:path';
import type { Logger } from 'pino';
import { openStore, type Store, type StoreOrTransaction } from '../store/database.ts';
import { engineOfPlace } from '../store/engine.ts';
import { keepConnection } from '../store/kept-connection.ts';
import { markMoved, refuseMoved } from '../store/moved-marker.ts';
import { lockFolder, runningWhole } from '../store/running-lock.ts';
import { chainHeads } from './chains-hold.ts';
import { refuseNoDatabase } from './places.ts';
import { contentOf, ContentSum, readRows, RowWriter, sameContent, type TableContent } from './rows.ts';
import { allOrNothing, atOneMoment } from './snapshot.ts';
import { filledTables, tablesOf, type CopiedTable } from './tables.ts';

/** One table before and after. */
export interface MovedTable {
  name: string;
  before: TableContent;
  after: TableContent;
}

export interface Moved {
  tables: MovedTable[];
  chains: number;
}

export interface TransferSurroundings {
  tell: (line: string) => void;
  now: () => Date;
  log: Logger;
}

/** Rows between two lines of progress. */
const progressEvery = 100_000;

/**
 * Moves everything from a server's SQLite file to an empty PostgreSQL database, in one transaction: it is committed only
 * when every table there was read back with the same rows and every chain still ends in its newest record. The SQLite
 * file stays as it is; the folder is marked so that no server goes on with it by mistake.
 * @throws Error in one sentence, with nothing changed, when a server runs, the target holds something, or anything differs.
 */
export async function moveToPostgres(folder: string, url: string, surroundings: TransferSurroundings): Promise<Moved> {
  if (engineOfPlace(url) !== 'postgres') {
    throw new Error('--to must be the address of a PostgreSQL database: postgres://user:password@host/database');
  }
  refuseMoved(folder);
  const path = join(folder, 'usher.db');
  refuseNoDatabase(path);
  const lock = lockFolder(folder);
  try {
    const target = await openStore(url);
    try {
      const held = await keepConnection(url, [runningWhole], surroundings.log);
      try {
        const source = await openStore(path);
        try {
          const moved = await copyAll(source, target, surroundings);
          markMoved(folder, url, surroundings.now());
          return moved;
        } finally {
          await source.destroy();
        }
      } finally {
        await held.close();
      }
    } finally {
      await target.destroy();
    }
  } finally {
    lock.close();
  }
}

async function copyAll(source: Store, target: Store, { tell }: TransferSurroundings): Promise<Moved> {
  const tables = await tablesOf(source);
  refuseOtherTables(tables, await tablesOf(target));
  const filled = await filledTables(target, tables);
  if (filled.length > 0) {
    throw new Error(
      `The PostgreSQL database is not empty (${filled.join(', ')}). Nothing was changed; name an empty database.`,
    );
  }
  return await atOneMoment(source, (from) =>
    allOrNothing(target, async (to) => {
      const moved: MovedTable[] = [];
      for (const table of tables) {
        const before = await copyTable(from, to, table, tell);
        moved.push({ name: table.name, before, after: await contentOf(to, table) });
      }
      const differing = moved.filter(({ before, after }) => !sameContent(before, after)).map(({ name }) => name);
      if (differing.length > 0) {
        throw new Error(`After the move these tables are not the same: ${differing.join(', ')}. Nothing was kept.`);
      }
      const heads = { before: await chainHeads(from), after: await chainHeads(to) };
      if (heads.after.broken > 0 || heads.after.chains !== heads.before.chains) {
        throw new Error(
          `After the move ${heads.after.broken} of ${heads.after.chains} chains do not end in their newest record. Nothing was kept.`,
        );
      }
      return { tables: moved, chains: heads.after.chains };
    }),
  );
}

async function copyTable(
  from: StoreOrTransaction,
  to: StoreOrTransaction,
  table: CopiedTable,
  tell: (line: string) => void,
): Promise<TableContent> {
  const sum = new ContentSum();
  const writer = new RowWriter(to, table);
  for await (const row of readRows(from, table)) {
    sum.add(row);
    await writer.write(row);
    if (sum.rows % progressEvery === 0) tell(`${table.name}: ${sum.rows.toLocaleString('en-GB')} rows so far …`);
  }
  await writer.finish();
  tell(`${table.name}: ${sum.rows.toLocaleString('en-GB')} rows copied`);
  return sum.content;
}

function refuseOtherTables(source: readonly CopiedTable[], target: readonly CopiedTable[]): void {
  const shape = (tables: readonly CopiedTable[]) =>
    JSON.stringify(tables.map(({ name, columns }) => [name, columns]).sort());
  if (shape(source) === shape(target)) return;
  throw new Error(
    'The PostgreSQL database has other tables than this version of Usher. Nothing was changed; name an empty database.',
  );
}
