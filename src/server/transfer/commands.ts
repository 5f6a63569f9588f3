import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { pino } from 'pino';
import { settingsFromEnvironment, type Settings } from '../../contract/settings.ts';
import { serverFolder } from '../options.ts';
import { shownPlace } from '../store/engine.ts';
import { backup } from './backup.ts';
import { moveToPostgres, type MovedTable, type TransferSurroundings } from './move.ts';
import { restore } from './restore.ts';

const surroundings: TransferSurroundings = {
  tell: (line) => console.error(line),
  now: () => new Date(),
  log: pino({ level: 'silent' }),
};

interface Where {
  folder: string;
  /** Path of the SQLite file, or the address in USHER_DATABASE_URL. */
  place: string;
}

function where(settings: Settings = settingsFromEnvironment(process.env)): Where {
  const folder = resolve(serverFolder(settings.stateFolder));
  return { folder, place: settings.databaseUrl ?? join(folder, 'usher.db') };
}

/** The commands of the server's program beside running it. */
export function transferCommands(): Command[] {
  return [
    new Command('move')
      .description(
        "move everything from this server's SQLite file to an empty PostgreSQL database; stop the server first",
      )
      .requiredOption('--to <url>', 'the database: postgres://user:password@host/database')
      .action(async ({ to }: { to: string }) => {
        const { folder } = where();
        const moved = await moveToPostgres(folder, to, surroundings);
        printTables(moved.tables);
        console.log(
          `${moved.chains} chains end in their newest record on both sides. Everything was moved to ${shownPlace(to)}.`,
        );
        console.log('Now set USHER_DATABASE_URL to that address and start the server.');
      }),
    new Command('backup')
      .description('write the database and the keys into one file; the server may run meanwhile')
      .requiredOption('--out <file>', 'the file to make')
      .action(async ({ out }: { out: string }) => {
        const { folder, place } = where();
        const made = await backup(folder, place, resolve(out), surroundings);
        const rows = made.tables.reduce((sum, { content }) => sum + content.rows, 0);
        console.log(
          `${made.file} holds ${rows.toLocaleString('en-GB')} rows of ${made.tables.length} tables of ${shownPlace(place)}, and the server's keys.`,
        );
        console.log("Keep it as safe as the server itself: it holds people's records and the signing key.");
      }),
    new Command('restore')
      .description('restore a backup into an empty folder or an empty PostgreSQL database; the server must not run')
      .requiredOption('--from <file>', 'the backup')
      .action(async ({ from }: { from: string }) => {
        const { folder, place } = where();
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        const restored = await restore(folder, place, resolve(from), surroundings);
        printTables(restored.tables);
        console.log(
          `The backup of ${restored.head.madeAt} was restored into ${shownPlace(place)}: ${restored.chains} chains end in their newest record.`,
        );
      }),
  ];
}

/** One line a table: rows before and after, and whether the content is the same. */
function printTables(tables: readonly MovedTable[]): void {
  const width = Math.max(5, ...tables.map(({ name }) => name.length));
  console.log(`${'table'.padEnd(width)}  ${'before'.padStart(12)}  ${'after'.padStart(12)}  content`);
  for (const { name, before, after } of tables) {
    const rows = [before, after].map((side) => side.rows.toLocaleString('en-GB').padStart(12)).join('  ');
    console.log(
      `${name.padEnd(width)}  ${rows}  ${before.digest === after.digest ? 'same' : 'DIFFERENT'} ${after.digest.slice(0, 12)}`,
    );
  }
}
