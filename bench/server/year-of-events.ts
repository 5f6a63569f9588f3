import { createHash } from 'node:crypto';
import type { Store } from '../../src/server/store/database.ts';
import { localTrust } from '../../src/server/store/database.ts';
import { insertRecords } from '../../src/server/ingest/insert-records.ts';
import { recordRow } from '../../src/server/ingest/record-row.ts';
import { openMonth, monthOf } from '../../src/server/store/partitions.ts';
import type { EventBody } from '../../src/contract/event.ts';
import { dayOfEvents, isSomebodys } from './event-mix.ts';

/**
 * Fills a store with a year of a trust of 50 schools, for measuring reads: 20,000 machines, 8,000 people, events evenly
 * over the year's school hours, in the order they would have arrived. The rows are made by the server's own code with
 * real bodies; only salts and hashes are of no chain, because no read looks at them.
 */
export const trust = { schools: 50, machines: 20_000, people: 8_000, days: 365 } as const;

export const schoolOf = (place: number): string => `school-${String(place % trust.schools).padStart(2, '0')}`;
export const accountOf = (place: number): string => `staff.${place % trust.people}`;
const deviceIdAt = (place: number): string =>
  createHash('sha256').update(`machine ${place}`).digest('hex').slice(0, 32);

const rowsInTransaction = 20_000;
const dayMs = 86_400_000;

/** Adds machines and schools; once for a store. */
export async function fillMachines(store: Store, now: Date): Promise<void> {
  for (let school = 0; school < trust.schools; school += 1) {
    const row = {
      trust_id: localTrust.trustId,
      school_id: schoolOf(school),
      name: `School ${school}`,
      created_at: now.toISOString(),
    };
    await store
      .insertInto('schools')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
  for (let from = 0; from < trust.machines; from += 500) {
    const places = Array.from({ length: 500 }, (_, index) => from + index);
    const rows = places.map((place) => ({
      trust_id: localTrust.trustId,
      school_id: schoolOf(place),
      device_id: deviceIdAt(place),
      public_key: '',
      key_fingerprint: deviceIdAt(place),
      hostname: `room-${place}`,
      operating_system: 'Debian GNU/Linux 13',
      model: null,
      serial: null,
      agent_version: '0.1.0',
      enrolled_at: now.toISOString(),
      last_seen_at: now.toISOString(),
      clock_offset_ms: 0,
      policy_hash: null,
      sort_name: `room-${place}`,
      search_text: `room-${place}`,
      standing: 'approved',
      standing_reason: '',
      exchange_displaced: '[]',
    }));
    await store
      .insertInto('devices')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** Adds events number `from` + 1 to `to` of a year that `to` = `total` would end now. */
export async function fillEvents(
  store: Store,
  { from, to, total, now }: { from: number; to: number; total: number; now: Date },
): Promise<void> {
  const startMs = now.getTime() - trust.days * dayMs;
  for (let begin = from; begin < to; begin += rowsInTransaction) {
    const numbers = Array.from({ length: Math.min(rowsInTransaction, to - begin) }, (_, index) => begin + index + 1);
    const rows = numbers.map((number) => rowAt(number, new Date(startMs + (number / total) * trust.days * dayMs)));
    for (const month of new Set(rows.map((row) => monthOf(row.received_at)))) await openMonth(store, month);
    await store.transaction().execute((transaction) => insertRecords(transaction, rows));
  }
}

function rowAt(number: number, at: Date) {
  // Spreads over machines without a pattern that an index would like: a large prime's multiples.
  const place = (number * 7_919) % trust.machines;
  const event = dayOfEvents[number % dayOfEvents.length];
  if (event === undefined) throw new Error('The day has no events.');
  const somebody = isSomebodys(event.type);
  const body: EventBody = {
    deviceId: deviceIdAt(place),
    epoch: 1,
    seq: number,
    at: at.toISOString(),
    uptimeMs: 60_000,
    account: somebody ? { id: '1000', name: accountOf(place) } : null,
    session: somebody ? 'c1' : null,
    subject: null,
    rule: null,
    ...event,
  };
  const hash = createHash('sha256').update(String(number)).digest('hex');
  const record = { epoch: 1, seq: number, prev: hash, bodyHash: hash, hash, salt: hash.slice(0, 22), body };
  const owner = { trustId: localTrust.trustId, schoolId: schoolOf(place), hostname: `room-${place}` };
  return recordRow(owner, body.deviceId, record, { number, receivedAt: body.at, bodyText: JSON.stringify(body) });
}
