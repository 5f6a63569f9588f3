import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { buildWhatIsStale } from './build.ts';
import { startMachine } from './launch/machine.ts';
import { projectRoot } from './launch/program.ts';
import { decideShell, startShellProgram, type RunningShell } from './launch/shell.ts';

/** `npm start`: everything on one machine. */
const command = new Command('npm start --')
  .description('Runs Usher on this computer: the central endpoint, the service and the screen staff see.')
  .option(
    '--policy <file>',
    "publish your school's own policy (.docx, .md, .txt or a pack) instead of the starter pack",
  )
  .option(
    '--state <folder>',
    'where everything is kept',
    process.env['USHER_STATE'] ?? path.join(projectRoot, '.usher'),
  )
  .option('--port <number>', "the console's port", portNumber, 4180)
  .option('--fresh', 'forget everything in the state folder first')
  .parse();
const options = command.opts<{ policy?: string; state: string; port: number; fresh?: true }>();

const began = performance.now();
const tell = (line: string) => console.log(line);
const state = path.resolve(options.state);

try {
  await run();
} catch (error) {
  console.error(`\nUsher did not start. ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

function portNumber(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('It must be a whole number from 0 to 65535.');
  return port;
}

async function run(): Promise<void> {
  if (options.policy !== undefined && !existsSync(options.policy)) {
    throw new Error(
      `There is no file ${options.policy}. Give --policy the path of a .docx, .md or .txt file or of a pack.`,
    );
  }
  if (options.fresh === true) rmSync(state, { recursive: true, force: true });
  await buildWhatIsStale(tell);
  const choice = await decideShell(tell);
  const machine = await startMachine({
    stateFolder: state,
    port: options.port,
    policyFile: options.policy === undefined ? undefined : path.resolve(options.policy),
    tell,
  });

  let stopping = false;
  let shell: RunningShell | null = null;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    console.log('\nStopping Usher …');
    await shell?.program.stop();
    await machine.stop();
    console.log('Everything has stopped. Run the same command to go on where you left off.');
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(0));
  for (const program of [machine.server, machine.service]) {
    void program.ended.then((code) => {
      if (stopping) return;
      console.error(`\nThe ${program.name} ended by itself (${code}). Its log: ${program.logFile}`);
      void stop(1);
    });
  }

  tell('Opening the screen staff see …');
  const open = async () => {
    shell = await startShellProgram(choice, machine.environment, path.join(state, 'logs'));
    const { program } = shell;
    void program.ended.then(async () => {
      if (stopping) return;
      console.log('The screen closed; opening it again …');
      await open();
    });
    return shell;
  };
  const opened = await open();

  const lines = [
    '',
    `Usher is running (ready after ${((performance.now() - began) / 1000).toFixed(1)} s).`,
    '',
    `  Console        ${machine.origin}`,
    `  Sign in once   ${machine.signInLink}`,
    `  Staff screen   ${choice.sentence}`,
    ...(opened.viewer === null ? [] : [`                 See and use it in any browser: ${opened.viewer}`]),
    ...(machine.published === null ? [] : [`  Policy         ${machine.published.split('\n')[0] ?? ''}`]),
    `  Kept in        ${state}`,
    '',
    'Press Ctrl+C to stop all of it.',
  ];
  console.log(lines.join('\n'));
}
