import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { EventDraft } from '../src/contract/event.ts';
import { openJournal, type Journal } from '../src/journal/index.ts';
import { canonicalJson } from '../src/proof/index.ts';
import type { Figure, Figures } from './figure.ts';

const rounds = 12;
const singlesPerRound = 150;
const batchesPerRound = 20;
const batchSize = 100;

const draft: EventDraft = {
  type: 'gate.shown',
  account: { id: '1000', name: 'j.smith' },
  session: '3',
  subject: 'staff-aup',
  rule: { policyVersion: 3, clause: 'passwords.2' },
  data: { policyHash: 'b'.repeat(64), policyVersion: 3, why: 'first' },
};
const batch: readonly EventDraft[] = Array.from({ length: batchSize }, () => draft);

/**
 * Appends to a journal, measured against a bare better-sqlite3 loop that inserts rows of the same columns, sizes and
 * index into a table without triggers (WAL, `synchronous=FULL`), on the same disk, in turns.
 */
export async function measureJournal(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-bench-journal-'));
  const { journal } = openJournal({
    folder: join(folder, 'journal'),
    clock: { now: () => new Date(), uptimeMs: () => performance.now() },
    random: (bytes) => randomBytes(bytes),
  });
  const bare = bareLoop(join(folder, 'bare.sqlite'), journal);
  try {
    const ours = { single: [] as number[], batch: [] as number[] };
    const theirs = { single: [] as number[], batch: [] as number[] };
    const turns = [
      { run: () => journal.append(draft), into: ours.single, times: singlesPerRound, rows: 1 },
      { run: bare.insertOne, into: theirs.single, times: singlesPerRound, rows: 1 },
      { run: () => journal.appendAll(batch), into: ours.batch, times: batchesPerRound, rows: batchSize },
      { run: bare.insertBatch, into: theirs.batch, times: batchesPerRound, rows: batchSize },
    ];
    for (let round = 0; round < rounds; round += 1)
      for (const { run, into, times, rows } of turns) into.push(rowsPerSecond(run, times, rows));
    return {
      appendsPerSecond: figure(ours.single, theirs.single),
      batchAppendsPerSecond: figure(ours.batch, theirs.batch),
    };
  } finally {
    bare.close();
    journal.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function rowsPerSecond(run: () => unknown, times: number, rows: number): number {
  const began = performance.now();
  for (let time = 0; time < times; time += 1) run();
  return (times * rows * 1_000) / (performance.now() - began);
}

function figure(ours: readonly number[], theirs: readonly number[]): Figure {
  const value = median(ours);
  const baseline = median(theirs);
  return {
    value: Math.round(value),
    unit: 'events/s',
    baseline: Math.round(baseline),
    ratio: Math.round((value / baseline) * 100) / 100,
    goal: 'ratio ≥ 0.5',
  };
}

/** Of all rounds but the first, which warms up. */
function median(values: readonly number[]): number {
  const sorted = values.slice(1).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function bareLoop(path: string, journal: Journal) {
  const example = journal.append(draft);
  const body = canonicalJson(example.body);
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(`
    CREATE TABLE records (
      epoch INTEGER NOT NULL, seq INTEGER NOT NULL, prev TEXT NOT NULL, body_hash TEXT NOT NULL, hash TEXT NOT NULL,
      salt TEXT, body TEXT, type TEXT, account_id TEXT, PRIMARY KEY (epoch, seq)
    ) STRICT;
    CREATE INDEX records_by_type ON records (type, account_id, epoch, seq);`);
  const insert = database.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const { prev, bodyHash, hash, salt } = example;
  let seq = 0;
  const insertOne = () => {
    seq += 1;
    insert.run(1, seq, prev, bodyHash, hash, salt, body, 'gate.shown', '1000');
  };
  const insertBatch = database.transaction(() => {
    for (let row = 0; row < batchSize; row += 1) insertOne();
  });
  return { insertOne, insertBatch, close: () => database.close() };
}
