import { z } from 'zod';
import { genesisHash, headHolds, receiptHolds, recordFault } from '../../src/proof/index.ts';
import { openStore, localTrust, type Store } from '../../src/server/store/database.ts';
import type { FaultyMachine } from './faulty-machine.ts';

const bodyObject = z.record(z.string(), z.unknown());

/** What a check of the whole store looked at. */
export interface Checked {
  records: number;
  receipts: number;
  heads: number;
}

/**
 * Opens the database beside (or after) the server and holds it against what the machines know.
 * @param place path of a SQLite file or address of a PostgreSQL database.
 * @throws Error naming machine and record, for the first thing that does not hold.
 */
export async function checkStore(
  place: string,
  serverPublicKey: string,
  machines: readonly FaultyMachine[],
): Promise<Checked> {
  const store = await openStore(place);
  try {
    const total: Checked = { records: 0, receipts: 0, heads: 0 };
    for (const machine of machines) {
      const found = await checkMachine(store, serverPublicKey, machine);
      total.records += found.records;
      total.receipts += found.receipts;
      total.heads += found.heads;
    }
    await checkNumbers(store, total.records);
    return total;
  } finally {
    await store.destroy();
  }
}

async function checkMachine(store: Store, serverPublicKey: string, machine: FaultyMachine): Promise<Checked> {
  const { deviceId, records: own, key } = machine.device;
  const wrong = (what: string) => new Error(`${machine.device.facts.hostname} (${deviceId}): ${what}`);
  const records = await store
    .selectFrom('records')
    .select(['epoch', 'seq', 'prev', 'body_hash', 'hash', 'salt', 'body'])
    .where('trust_id', '=', localTrust.trustId)
    .where('device_id', '=', deviceId)
    .orderBy('epoch')
    .orderBy('seq')
    .execute();
  // Exactly once, in order, and each the very one the machine sealed: no gap, no double, nothing of another.
  let prev = genesisHash(deviceId, 1);
  for (const [index, row] of records.entries()) {
    const body = row.body === null ? null : bodyObject.parse(JSON.parse(row.body));
    const sealed = { ...row, bodyHash: row.body_hash, body };
    const fault = recordFault(sealed, deviceId);
    if (row.seq !== index + 1) throw wrong(`record ${index + 1} is missing or doubled; ${row.seq} stands in its place`);
    if (fault !== null) throw wrong(`record ${row.seq}: ${fault}`);
    if (row.prev !== prev) throw wrong(`record ${row.seq} does not follow from the one before it`);
    if (row.hash !== own[index]?.hash) throw wrong(`record ${row.seq} is not the one the machine sealed`);
    prev = row.hash;
  }
  if (records.length < machine.acknowledged) {
    throw wrong(`${machine.acknowledged} records were confirmed, ${records.length} are held`);
  }
  return { records: records.length, ...(await checkWords(store, serverPublicKey, machine, key.publicKey, wrong)) };
}

/** Receipts, signed heads and the chain's own row agree with the records. */
async function checkWords(
  store: Store,
  serverPublicKey: string,
  machine: FaultyMachine,
  devicePublicKey: string,
  wrong: (what: string) => Error,
): Promise<{ receipts: number; heads: number }> {
  const { deviceId, records: own } = machine.device;
  const receipts = await store
    .selectFrom('receipts')
    .select(['epoch', 'seq', 'hash', 'at', 'signature'])
    .where('trust_id', '=', localTrust.trustId)
    .where('device_id', '=', deviceId)
    .execute();
  for (const row of receipts) {
    if (!receiptHolds(serverPublicKey, { ...row, deviceId }))
      throw wrong(`the kept receipt for record ${row.seq} is not signed by the server`);
    if (own[row.seq - 1]?.hash !== row.hash) throw wrong(`the kept receipt for record ${row.seq} is for another one`);
  }
  const kept = new Set(receipts.map((row) => `${row.seq} ${row.signature}`));
  const lost = machine.receipts.find(({ seq, signature }) => !kept.has(`${seq} ${signature}`));
  if (lost !== undefined) throw wrong(`the receipt for record ${lost.seq} was given, but is not kept`);
  const heads = await store
    .selectFrom('heads')
    .select(['epoch', 'seq', 'hash', 'signature'])
    .where('trust_id', '=', localTrust.trustId)
    .where('device_id', '=', deviceId)
    .execute();
  for (const head of heads) {
    if (!headHolds(devicePublicKey, deviceId, head)) throw wrong(`the head at record ${head.seq} is not signed`);
  }
  const chain = await store
    .selectFrom('chains')
    .select(['head_seq', 'head_hash'])
    .where('trust_id', '=', localTrust.trustId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  const last = await store
    .selectFrom('records')
    .select(({ fn }) => fn.countAll().as('held'))
    .where('trust_id', '=', localTrust.trustId)
    .where('device_id', '=', deviceId)
    .executeTakeFirstOrThrow();
  if ((chain?.head_seq ?? 0) !== Number(last.held)) {
    throw wrong(`the chain is said to end at ${chain?.head_seq ?? 0}, but ${Number(last.held)} records are held`);
  }
  const forks = await store
    .selectFrom('forks')
    .select('seq')
    .where('trust_id', '=', localTrust.trustId)
    .where('device_id', '=', deviceId)
    .execute();
  if (forks.length > 0) throw wrong(`a fork was noted at record ${forks[0]?.seq}, though the machine never made one`);
  return { receipts: receipts.length, heads: heads.length };
}

/** The server's own numbers: every record has one, none has two, no two share one. */
async function checkNumbers(store: Store, records: number): Promise<void> {
  const rows = await store
    .selectFrom('records')
    .select('number')
    .where('trust_id', '=', localTrust.trustId)
    .orderBy('number')
    .execute();
  if (rows.length !== records)
    throw new Error(`The store holds ${rows.length} records, the machines' chains ${records}`);
  for (const [index, { number }] of rows.entries()) {
    if (number !== index + 1) throw new Error(`The server's number ${index + 1} is missing or given twice`);
  }
}
