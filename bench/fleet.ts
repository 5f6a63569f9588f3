import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { EventCore } from '../src/contract/event.ts';
import { backoffSeconds } from '../src/rules/backoff.ts';
import { percentile, rounded, type Figures } from './figure.ts';
import { anHour, morning } from './server/event-mix.ts';
import { countHeld, type Held } from './server/count-held.ts';
import { runHelper } from './server/helper-program.ts';
import {
  enrolInStore,
  largestRss,
  startMeasuredServer,
  storeOf,
  type MeasuredServer,
} from './server/measured-server.ts';
import { openLoopOutcome, type OpenLoopOutcome } from './server/open-loop.ts';
import { BatchWriter } from './server/prepared-batches.ts';
import { SealedMachine } from './server/sealed-machine.ts';

export interface FleetOptions {
  machines: number;
  /** All machines sign in within this. */
  withinSeconds: number;
  /** Every machine comes back within this after an outage, all of them at their first try. */
  rushSeconds: number;
  /** Leaves out the machines' own waits after an hour's outage, which take five minutes to pass. */
  skipStorm?: boolean;
}

const schools = 50;
const outageSeconds = 3_600;

/**
 * A morning at a whole trust, then two ways for all machines to come back after an hour without the server: when their
 * own waits are over, and all at once.
 */
export async function measureFleet(options: FleetOptions, tell: (line: string) => void): Promise<Figures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'usher-bench-fleet-'));
  let server: MeasuredServer | null = null;
  try {
    tell(`  … ${options.machines} keys, and sealing what their machines will send`);
    const machines = Array.from(
      { length: options.machines },
      (_, place) => new SealedMachine(`s${place % schools}-room-${place}`, `staff.${place % 8_000}`),
    );
    const stateFolder = path.join(folder, 'state');
    server = await startMeasuredServer(stateFolder);
    const store = await storeOf(stateFolder);
    await enrolInStore(store, machines);
    const sealed = (name: string, events: readonly EventCore[]) => seal(path.join(folder, name), machines, events);
    const morningFile = sealed('morning', morning);
    const stormFile = options.skipStorm === true ? null : sealed('storm', anHour);
    const rushFile = sealed('rush', anHour);

    tell(`  … ${options.machines} machines sign in within ${options.withinSeconds} s`);
    const day = await sent(server, morningFile, spread(options.machines, options.withinSeconds), 0);
    tell(`  … ${summary(day)}`);
    let storm: Measured | null = null;
    if (stormFile !== null) {
      tell('  … they come back after an hour without the server, each when its own wait is over');
      await server.stop();
      server = await startMeasuredServer(stateFolder);
      storm = await sent(server, stormFile, machines.map(residualWaitMs), failuresInOutage);
      tell(`  … ${summary(storm)}`);
    }
    tell(`  … they come back all within ${options.rushSeconds} s`);
    const rush = await sent(server, rushFile, spread(options.machines, options.rushSeconds), 0);
    tell(`  … ${summary(rush)}`);
    await server.stop();
    server = null;

    const held = await countHeld(store, new Map(machines.map(({ deviceId, head }) => [deviceId, head])));
    await store.destroy();
    return figuresOf({ day, storm, rush }, held);
  } finally {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One batch of each machine, in a file. */
function seal(file: string, machines: readonly SealedMachine[], events: readonly EventCore[]): string {
  const writer = new BatchWriter(file);
  const startMs = Date.now() - events.length * 1_000;
  machines.forEach((machine, place) => {
    const records = machine.seal(events, (index) => new Date(startMs + index * 1_000));
    writer.add(place, machine.pack(records, new Date()));
  });
  writer.close();
  return file;
}

/** Moments even by chance within a time: some seconds have many more than others, as mornings do. */
const spread = (machines: number, seconds: number): number[] =>
  Array.from({ length: machines }, () => Math.random() * seconds * 1_000);

/** Tries that fail in an hour: 1 + 2 + 4 … 256 s, then five minutes each, less the jitter. */
const failuresInOutage = 21;

/** How long after the outage's end a machine tries next, by the waits the agent makes during it. */
function residualWaitMs(): number {
  let atSeconds = 0;
  for (let failures = 1; atSeconds < outageSeconds; failures += 1)
    atSeconds += backoffSeconds(failures, Math.random(), null);
  return (atSeconds - outageSeconds) * 1_000;
}

type Measured = OpenLoopOutcome & { rssMb: number };

async function sent(
  server: MeasuredServer,
  file: string,
  dueMs: readonly number[],
  failuresBefore: number,
): Promise<Measured> {
  const order = { kind: 'openLoop', origin: server.origin, file, dueMs, failuresBefore, schools };
  const { value, rssMb } = await largestRss(server.processId, () => runHelper('open-loop.ts', order, openLoopOutcome));
  if (value.refused.length > 0) throw new Error(`${value.refused.length} batches were refused: ${value.refused[0]}`);
  return { ...value, rssMb };
}

const summary = ({ ackMs, lastAckSeconds, sentAway, brokenOff, latestStartMs, rssMb }: Measured): string =>
  [
    `p50 ${rounded(percentile(ackMs, 50), 1)} ms, p99 ${rounded(percentile(ackMs, 99), 1)} ms`,
    `all taken after ${rounded(lastAckSeconds, 1)} s`,
    `${sentAway} sent away, ${brokenOff} broken off`,
    `server ${Math.round(rssMb)} MiB, generator late by up to ${rounded(latestStartMs, 1)} ms`,
  ].join('; ');

function figuresOf(
  { day, storm, rush }: { day: Measured; storm: Measured | null; rush: Measured },
  { lost, doubled }: Held,
): Figures {
  const ms = (value: number) => ({ value: rounded(value, 1), unit: 'ms' });
  const seconds = (value: number) => ({ value: rounded(value, 1), unit: 's' });
  const count = (value: number) => ({ value, unit: 'events' });
  const largest = Math.max(day.rssMb, rush.rssMb, storm?.rssMb ?? 0);
  return {
    ackP50Ms: ms(percentile(day.ackMs, 50)),
    ackP99Ms: { ...ms(percentile(day.ackMs, 99)), goal: '≤ 1,000' },
    generatorLateMs: ms(day.latestStartMs),
    ...(storm === null
      ? {}
      : {
          stormAckP99Ms: ms(percentile(storm.ackMs, 99)),
          stormDrainSeconds: seconds(storm.lastAckSeconds),
          stormSentAway: { value: storm.sentAway, unit: 'exchanges' },
        }),
    rushDrainSeconds: seconds(rush.lastAckSeconds),
    rushSentAway: { value: rush.sentAway, unit: 'exchanges' },
    rushBrokenOff: { value: rush.brokenOff, unit: 'exchanges' },
    lost: { ...count(lost), goal: '0' },
    doubled: { ...count(doubled), goal: '0' },
    serverRssMb: { value: Math.round(largest), unit: 'MiB', goal: '≤ 400' },
  };
}
