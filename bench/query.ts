import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countByDay } from '../src/server/events/count-by-day.ts';
import { exportText } from '../src/server/events/export-events.ts';
import { readEvents, type EventReader } from '../src/server/events/read-events.ts';
import { personId } from '../src/server/people/person-id.ts';
import { localTrust, openStore, type Store } from '../src/server/store/database.ts';
import { embeddedPostgres } from '../tests/support/postgres/embedded.ts';
import { percentile, rounded, type Figures } from './figure.ts';
import { usageOf } from './process-usage.ts';
import { withoutIndexes } from './server/without-indexes.ts';
import { accountOf, fillEvents, fillMachines, schoolOf, trust } from './server/year-of-events.ts';

export interface QueryOptions {
  /** Sizes at which the reads are measured, growing. */
  sizes: readonly number[];
  rounds: number;
  /** Events of the streamed export. */
  exported: number;
}

const dayMs = 86_400_000;

/** Reads of the console over growing numbers of events, on both engines, through the server's own functions. */
export async function measureQuery(options: QueryOptions, tell: (line: string) => void): Promise<Figures> {
  const figures: Figures = {};
  const folder = mkdtempSync(path.join(tmpdir(), 'usher-bench-query-'));
  try {
    mkdirSync(folder, { recursive: true });
    const store = await openStore(path.join(folder, 'usher.db'));
    await onEngine('sqlite', store, options, tell, figures);
    await store.destroy();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const postgres = await embeddedPostgres({ durable: true, settings: ['shared_buffers=512MB', 'max_wal_size=4GB'] });
  try {
    await postgres.run('create database query');
    const store = await openStore(postgres.urlOf('query'));
    await onEngine('postgres', store, options, tell, figures);
    await store.destroy();
  } finally {
    await postgres.stop();
  }
  return figures;
}

async function onEngine(
  engine: 'sqlite' | 'postgres',
  store: Store,
  { sizes, rounds, exported }: QueryOptions,
  tell: (line: string) => void,
  figures: Figures,
): Promise<void> {
  const now = new Date();
  const total = Math.max(...sizes);
  await fillMachines(store, now);
  let held = 0;
  for (const size of sizes) {
    tell(`  … ${engine}: filling up to ${size} events`);
    await withoutIndexes(store, () => fillEvents(store, { from: held, to: size, total, now }));
    held = size;
    if (engine === 'postgres') await analyse(store);
    const newestMs = now.getTime() - trust.days * dayMs * (1 - size / total);
    for (const [name, read] of Object.entries(reads(store, newestMs))) {
      const took: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        const began = performance.now();
        await read(round);
        took.push(performance.now() - began);
      }
      const p95 = rounded(percentile(took, 95), 1);
      figures[`${engine}${name}At${size}P95Ms`] = { value: p95, unit: 'ms', goal: '≤ 100' };
      tell(`  … ${engine} ${name}: p95 ${p95} ms`);
    }
  }
  const { seconds, grewMb, events } = await exportOf(store, held, exported);
  figures[`${engine}ExportEventsPerSecond`] = { value: Math.round(events / seconds), unit: 'events/s' };
  figures[`${engine}ExportGrewMb`] = { value: rounded(grewMb, 1), unit: 'MiB' };
}

/** Each round asks about another school or person, so that no answer is warm from the round before. */
function reads(store: Store, newestMs: number): Record<string, (round: number) => Promise<unknown>> {
  const reader = (round: number): EventReader => ({ store, trustId: localTrust.trustId, scope: [schoolOf(round * 7)] });
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    NewestOfSchool: (round) => readEvents(reader(round), { limit: 50 }),
    OnePerson: (round) => {
      const place = round * 331;
      const person = personId(localTrust.trustId, schoolOf(place), accountOf(place));
      return readEvents(reader(round), { limit: 50, person });
    },
    TypeAndWeek: (round) => {
      const from = newestMs - (2 + (round % 3)) * 7 * dayMs;
      return readEvents(reader(round), {
        limit: 50,
        type: 'policy.accepted',
        from: iso(from),
        to: iso(from + 7 * dayMs),
      });
    },
    CountByDay: (round) => countByDay(reader(round), { from: iso(newestMs - 30 * dayMs), to: iso(newestMs) }),
  };
}

async function analyse(store: Store): Promise<void> {
  const { sql } = await import('kysely');
  await sql`analyze`.execute(store);
}

/** Reads an export to its end as a slow reader's connection would, and watches this process's own memory. */
async function exportOf(store: Store, newest: number, most: number) {
  const reader: EventReader = { store, trustId: localTrust.trustId, scope: 'all' };
  const before = usageOf(process.pid).rssMb;
  let largest = before;
  let events = 0;
  const began = performance.now();
  for await (const piece of exportText(reader, { format: 'jsonl' }, Math.min(newest, most))) {
    events += piece.split('\n').length - 1;
    largest = Math.max(largest, usageOf(process.pid).rssMb);
  }
  return { seconds: (performance.now() - began) / 1_000, grewMb: largest - before, events };
}
