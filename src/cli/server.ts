import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';

/** The server's own program, beside this one. */
const program = fileURLToPath(new URL('../server/main.js', import.meta.url));

/**
 * `usher server move | backup | restore`: carried out by the server's program, which alone knows its database. This
 * command only passes them on, with the settings of the environment.
 */
export function serverCommand(): Command {
  const command = new Command('server').description(
    "what is done with a central endpoint's data: back it up, restore it, move it to PostgreSQL",
  );
  command
    .command('move')
    .description("move everything from the server's SQLite file to an empty PostgreSQL database; stop the server first")
    .requiredOption('--to <url>', 'the database: postgres://user:password@host/database')
    .action(({ to }: { to: string }) => run(['move', '--to', to]));
  command
    .command('backup')
    .description('write the database and the keys into one file; the server may run meanwhile')
    .requiredOption('--out <file>', 'the file to make')
    .action(({ out }: { out: string }) => run(['backup', '--out', out]));
  command
    .command('restore')
    .description('restore a backup into an empty folder or an empty PostgreSQL database; the server must not run')
    .requiredOption('--from <file>', 'the backup')
    .action(({ from }: { from: string }) => run(['restore', '--from', from]));
  return command;
}

async function run(words: readonly string[]): Promise<void> {
  if (!existsSync(program)) throw new Error(`The server's program ${program} is not built. Run: npm run build`);
  const child = spawn(process.execPath, [program, ...words], { stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
