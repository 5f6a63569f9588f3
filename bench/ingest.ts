import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../src/server/store/database.ts';
import { embeddedPostgres } from '../tests/support/postgres/embedded.ts';
import { environmentOf } from '../tools/launch/machine.ts';
import { usageOf } from './process-usage.ts';
import { rounded, type Figures } from './figure.ts';
import { dayOfEvents } from './server/event-mix.ts';
import { runHelper } from './server/helper-program.ts';
import {
  enrolInStore,
  startBareEndpoint,
  startMeasuredServer,
  storeOf,
  type MeasuredServer,
} from './server/measured-server.ts';
import { BatchWriter } from './server/prepared-batches.ts';
import { installRsyslog, rsyslogEventsPerSecond } from './server/rsyslog-peer.ts';
import { SealedMachine } from './server/sealed-machine.ts';
import { sendOutcome, type SendOutcome } from './server/send-in-turn.ts';

export interface IngestOptions {
  /** Events sent for each size of batch and number of connections. */
  events: number;
  /** Measures rsyslog into the same PostgreSQL, too; installs it where need be. */
  withRsyslog: boolean;
}

const shapes = [
  { batch: 100, connections: 8 },
  { batch: 100, connections: 50 },
  { batch: 1_000, connections: 8 },
  { batch: 1_000, connections: 50 },
] as const;
type Shape = (typeof shapes)[number];
const nameOf = ({ batch, connections }: Shape): string => `Batches${batch}Connections${connections}`;

interface Prepared {
  shape: Shape;
  file: string;
  machines: SealedMachine[];
}

/**
 * Durable events per second: machines send prepared batches as fast as they are acknowledged, to the built server and,
 * in turns with it, to a bare endpoint that does only what cannot be left out. Both commit before they answer.
 */
export async function measureIngest(options: IngestOptions, tell: (line: string) => void): Promise<Figures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'usher-bench-ingest-'));
  try {
    tell('  … sealing and signing what will be sent');
    const prepared = shapes.map((shape) => prepare(folder, shape, options.events));
    return {
      ...(await onSqlite(folder, prepared, tell)),
      ...(await onPostgres(folder, prepared, options.withRsyslog, tell)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function prepare(folder: string, shape: Shape, events: number): Prepared {
  const file = path.join(folder, `${nameOf(shape)}.bin`);
  const writer = new BatchWriter(file);
  const batchesEach = Math.max(2, Math.round(events / shape.batch / shape.connections));
  const startMs = Date.now() - batchesEach * shape.batch * 1_000;
  const machines = Array.from({ length: shape.connections }, (_, place) => {
    const machine = new SealedMachine(`room-${place + 1}`, `staff.${place + 1}`);
    for (let turn = 0; turn < batchesEach; turn += 1) {
      // A machine's first record is one more.
      const count = turn === 0 ? shape.batch - 1 : shape.batch;
      const mix = Array.from({ length: count }, (_event, index) => dayOf(turn * shape.batch + index));
      const atMs = startMs + turn * shape.batch * 1_000;
      writer.add(
        place,
        machine.pack(
          machine.seal(mix, (index) => new Date(atMs + index * 1_000)),
          new Date(),
        ),
      );
    }
    return machine;
  });
  writer.close();
  return { shape, file, machines };
}

function dayOf(index: number) {
  const event = dayOfEvents[index % dayOfEvents.length];
  if (event === undefined) throw new Error('The day has no events.');
  return event;
}

async function onSqlite(folder: string, prepared: readonly Prepared[], tell: (line: string) => void): Promise<Figures> {
  const machines = prepared.flatMap((each) => each.machines);
  const stateFolder = path.join(folder, 'state');
  const server = await startMeasuredServer(stateFolder);
  const store = await storeOf(stateFolder);
  await enrolInStore(store, machines);
  const bare = await startBareEndpoint(path.join(folder, 'bare.db'), machines);
  const figures: Figures = {};
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    let acknowledged = 0;
    for (const { shape, file } of prepared) {
      const own = await sent(server, file);
      const limit = await sent(bare, file);
      acknowledged += own.events;
      ours.push(own.events / own.seconds);
      theirs.push(limit.events / limit.seconds);
      tell(
        `  … SQLite, ${nameOf(shape)}: ${Math.round(own.events / own.seconds)}/s at ${Math.round(own.microsecondsEach)} µs, ` +
          `bare ${Math.round(limit.events / limit.seconds)}/s at ${Math.round(limit.microsecondsEach)} µs`,
      );
      figures[`sqlite${nameOf(shape)}`] = perSecond(ours.at(-1) ?? 0, theirs.at(-1) ?? 0);
    }
    figures['sqliteEventsPerSecond'] = { ...perSecond(mean(ours), mean(theirs)), goal: 'ratio ≥ 0.5' };
    const held = await countOf(store);
    if (held !== acknowledged) throw new Error(`${acknowledged} events were acknowledged, ${held} are in the store.`);
  } finally {
    await server.stop();
    await bare.stop();
    await store.destroy();
  }
  return figures;
}

/** The same batches into an embedded PostgreSQL with `fsync` on, beside the server on the same computer. */
async function onPostgres(
  folder: string,
  prepared: readonly Prepared[],
  withRsyslog: boolean,
  tell: (line: string) => void,
): Promise<Figures> {
  if (withRsyslog) await installRsyslog(tell);
  const postgres = await embeddedPostgres({ durable: true });
  const figures: Figures = {};
  try {
    await postgres.run('create database ingest');
    const databaseUrl = postgres.urlOf('ingest');
    const server = await startMeasuredServer(path.join(folder, 'postgres-state'), environmentOf({ databaseUrl }));
    const store = await openStore(databaseUrl);
    try {
      await enrolInStore(
        store,
        prepared.flatMap(({ machines }) => machines),
      );
      const ours: number[] = [];
      for (const { shape, file } of prepared) {
        const { events, seconds } = await sent(server, file);
        ours.push(events / seconds);
        figures[`postgres${nameOf(shape)}`] = { value: Math.round(events / seconds), unit: 'events/s' };
        tell(`  … PostgreSQL, ${nameOf(shape)}: ${Math.round(events / seconds)}/s`);
      }
      figures['postgresEventsPerSecond'] = { value: Math.round(mean(ours)), unit: 'events/s' };
    } finally {
      await server.stop();
      await store.destroy();
    }
    const file = prepared.at(-1)?.file;
    if (withRsyslog && file !== undefined) {
      await postgres.run('create database peer');
      const theirs = await rsyslogEventsPerSecond(postgres.urlOf('peer'), folder, file);
      const value = figures['postgresEventsPerSecond'].value;
      tell(`  … rsyslog into the same PostgreSQL: ${Math.round(theirs)}/s`);
      figures['postgresEventsPerSecond'] = { ...perSecond(value, theirs), goal: 'ratio ≥ 3' };
    }
  } finally {
    await postgres.stop();
  }
  return figures;
}

/** Sends a file of batches; also says what each event cost the server's processor. */
async function sent(server: MeasuredServer, file: string): Promise<SendOutcome & { microsecondsEach: number }> {
  const before = usageOf(server.processId).cpuSeconds;
  const outcome = await runHelper('send-in-turn.ts', { kind: 'send', origin: server.origin, file }, sendOutcome);
  const used = usageOf(server.processId).cpuSeconds - before;
  return { ...outcome, microsecondsEach: (used * 1e6) / outcome.events };
}

async function countOf(store: Awaited<ReturnType<typeof storeOf>>): Promise<number> {
  const { count } = await store
    .selectFrom('records')
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const perSecond = (value: number, baseline: number) => ({
  value: Math.round(value),
  unit: 'events/s',
  baseline: Math.round(baseline),
  ratio: rounded(value / baseline),
});
