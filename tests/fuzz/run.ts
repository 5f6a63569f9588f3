import { Command, InvalidArgumentError } from 'commander';
import { embeddedPostgres } from '../support/postgres/embedded.ts';
import { fuzz } from './fuzz.ts';

/** `npm run fuzz -- --requests 200000`: every route from its own schema. */
const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('It must be a whole number.');
  return value;
};
const options = new Command('npm run fuzz --')
  .option('--requests <number>', 'how many', whole, 200_000)
  .option('--seed <number>', 'the same seed makes the same requests', whole, Date.now() % 1_000_000)
  .option('--from <number>', 'number of the first request, to try a failure again', whole, 0)
  .option('--only <text>', 'only routes whose path contains this')
  .option('--engine <engine>', 'sqlite or postgres', 'sqlite')
  .parse()
  .opts<{ requests: number; seed: number; from: number; only?: string; engine: string }>();

const tell = (line: string) => console.error(line);
const postgres = options.engine === 'postgres' ? await embeddedPostgres({ durable: false }) : null;
await postgres?.run('create database fuzz');
tell(`Seed ${options.seed}, ${options.engine}`);
const started = performance.now();
try {
  const { failures, byStatus, byCaller, slowest, requests, routes } = await fuzz({
    ...options,
    databaseUrl: postgres?.urlOf('fuzz'),
    tell,
  });
  console.log(`${requests} requests to ${routes} routes in ${Math.round((performance.now() - started) / 1_000)} s`);
  console.table(byStatus);
  console.log('Routes for signed-in people:');
  console.table(byCaller);
  console.log(`Slowest: ${slowest.route}, ${slowest.milliseconds} ms`);
  console.log(`Failures: ${failures.length}`);
  for (const { request, what, fault } of failures) {
    console.log(
      `- ${fault}\n  ${what}\n  again: npm run fuzz -- --seed ${options.seed} --from ${request} --requests 1`,
    );
  }
  process.exitCode = failures.length === 0 ? 0 : 1;
} finally {
  await postgres?.stop();
}
process.exit();
