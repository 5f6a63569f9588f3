import { Command, InvalidArgumentError } from 'commander';
import { buildWhatIsStale } from '../../tools/build.ts';
import { runScenarios } from './run-scenarios.ts';

/** `npm run faults -- --kills 300`: every fault against the built server, with a table of totals. */
const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return value;
};
const engine = (text: string): 'sqlite' | 'postgres' => {
  if (text === 'sqlite' || text === 'postgres') return text;
  throw new InvalidArgumentError('There is sqlite and postgres.');
};
const options = new Command('npm run faults --')
  .option('--kills <number>', 'how often the server is killed with SIGKILL, on both engines together', whole, 300)
  .option('--times <number>', 'how often every other fault happens on each engine', whole, 10)
  .option('--machines <number>', 'machines that work meanwhile', whole, 6)
  .option('--seed <number>', 'chooses moments and sizes; the same seed chooses the same', whole, Date.now() % 1_000_000)
  .option('--engine <engine>', 'only sqlite or postgres', engine)
  .option('--only <text>', 'only scenarios whose name contains this')
  .parse()
  .opts<{
    kills: number;
    times: number;
    machines: number;
    seed: number;
    engine?: 'sqlite' | 'postgres';
    only?: string;
  }>();

const tell = (line: string) => console.error(line);
await buildWhatIsStale(tell, ['server']);
tell(`Seed ${options.seed}`);
const engines = options.engine === undefined ? (['sqlite', 'postgres'] as const) : ([options.engine] as const);
const started = performance.now();
const results = await runScenarios({
  seed: options.seed,
  engines,
  times: options.times,
  timesOf: { 'server killed with SIGKILL': Math.ceil(options.kills / engines.length) },
  machines: options.machines,
  built: true,
  ...(options.only === undefined ? {} : { only: options.only }),
  tell,
});

console.table(
  results.map(({ name, engine: on, outcome, skipped, failed }) => ({
    fault: name,
    engine: on,
    result: failed !== null ? 'FAILED' : skipped !== null ? 'not run' : 'held',
    ...outcome,
  })),
);
for (const { name, skipped } of results) if (skipped !== null) console.log(`Not run: ${name}: ${skipped}`);
for (const { name, engine: on, failed } of results) if (failed !== null) console.log(`${name}, ${on}: ${failed}\n`);
console.log('Not tried: a slow disk under SQLite. Delaying its fsync needs a file system or library of its own.');
console.log(`Seed ${options.seed}, ${Math.round((performance.now() - started) / 1_000)} s`);
process.exit(results.some(({ failed }) => failed !== null) ? 1 : 0);
