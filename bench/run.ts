import { cpus, totalmem } from 'node:os';
import { Command, InvalidArgumentError } from 'commander';
import { buildWhatIsStale } from '../tools/build.ts';
import type { Figures } from './figure.ts';
import { writeGrowth } from './growth-picture.ts';
import { writeFigures } from './write-figures.ts';

/** `npm run bench [-- NAME] [--json]`. Each measurement is a module of its own in this folder. */
const measurements: Record<string, { about: string; measure: (tell: (line: string) => void) => Promise<Figures> }> = {
  accept: {
    about: 'from the click on Accept to the record on disk, and on to an open console',
    measure: async (tell) => (await import('./accept.ts')).measureAccept(tell),
  },
  journal: {
    about: 'appends to the journal against a bare SQLite loop',
    measure: async () => (await import('./journal.ts')).measureJournal(),
  },
  footprint: {
    about: 'the service over a quiet minute against a Node process that only waits',
    measure: async (tell) => (await import('./footprint.ts')).measureFootprint(tell),
  },
  lock: {
    about: 'idle cycles from real input to the screen locker, and what watching costs',
    measure: async (tell) => (await import('./lock.ts')).measureLock(tell),
  },
  usb: {
    about: 'from the system’s event to a decision on disk, a device held, and a row on an open console',
    measure: async (tell) => (await import('./usb.ts')).measureUsb(tell),
  },
  aup: {
    about: 'two versions of a 60-page policy compared',
    measure: async (tell) => (await import('./aup.ts')).measureAup(tell),
  },
  ingest: {
    about: 'durable events per second against a bare loop that does only what cannot be left out',
    measure: async (tell) => (await import('./ingest.ts')).measureIngest({ events: 60_000, withRsyslog }, tell),
  },
  fleet: {
    about: '20,000 machines sign in within a minute, and come back after an hour without the server',
    measure: async (tell) =>
      (await import('./fleet.ts')).measureFleet({ machines: 20_000, withinSeconds: 60, rushSeconds: 10 }, tell),
  },
  query: {
    about: 'the console’s reads over up to ten million events, and a streamed export, on both engines',
    measure: async (tell) =>
      (await import('./query.ts')).measureQuery(
        { sizes: [events / 10, (3 * events) / 10, events].map(Math.round), rounds: 50, exported: 1_000_000 },
        tell,
      ),
  },
  start: {
    about: 'from npm start to the policy on screen',
    measure: async (tell) => (await import('./start.ts')).measureStart(tell),
  },
};

const command = new Command('npm run bench --')
  .argument('[name]', `one of ${Object.keys(measurements).join(', ')}; all without it`, (name: string) => {
    if (!(name in measurements)) throw new InvalidArgumentError(`There is ${Object.keys(measurements).join(', ')}.`);
    return name;
  })
  .option(
    '--events <number>',
    'query: up to how many events; measured at a tenth and three tenths on the way, too',
    Number,
    10_000_000,
  )
  .option('--with-rsyslog', 'ingest: measure rsyslog into the same PostgreSQL, too; installs it from Debian')
  .option('--write', 'put the figures into docs/benchmarks.md')
  .option('--json', 'print the figures as JSON in the last line')
  .parse();
const only = command.args[0];
const {
  json = false,
  write = false,
  withRsyslog = false,
  events,
} = command.opts<{ json?: true; write?: true; withRsyslog?: true; events: number }>();
const tell = (line: string) => console.error(line);

await buildWhatIsStale(tell);
const results: Record<string, Figures> = {};
for (const [name, { about, measure }] of Object.entries(measurements)) {
  if (only !== undefined && name !== only) continue;
  tell(`Measuring ${name}: ${about} …`);
  results[name] = await measure(tell);
}

if (write) {
  for (const [name, figures] of Object.entries(results)) {
    writeFigures(name, figures, name === 'query' ? writeGrowth(figures) : '');
  }
}

console.log(
  `\nMeasured on ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}\n`,
);
for (const [name, figures] of Object.entries(results)) {
  console.log(name);
  console.table(
    Object.fromEntries(
      Object.entries(figures).map(([figure, { value, unit, baseline, ratio, goal }]) => [
        figure,
        { value, unit, baseline: baseline ?? '', ratio: ratio ?? '', goal: goal ?? '' },
      ]),
    ),
  );
}
if (json) console.log(JSON.stringify(results));
process.exit(0);
