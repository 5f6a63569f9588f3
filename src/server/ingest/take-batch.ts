import type { Transaction } from 'kysely';
import type { EventBody } from '../../contract/event.ts';
import type { Receipt, SealedRecord } from '../../contract/record.ts';
import type { SyncRequest } from '../../contract/sync.ts';
import { signReceipt, type SigningKey } from '../../proof/index.ts';
import { noteFinding } from '../machines/findings.ts';
import { noteRollBack } from '../machines/note-roll-back.ts';
import { noteSeen } from '../machines/note-seen.ts';
import { recordPeople, type Owner } from '../people/record-people.ts';
import { recordMachine } from '../sessions/record-machine.ts';
import { takeNumbers } from '../store/counters.ts';
import { keptQuery } from '../store/kept-query.ts';
import type { RecordTable, Tables } from '../store/tables.ts';
import type { CheckedBatch } from './batch-writer.ts';
import { heldChain } from './held-chain.ts';
import { insertRecords } from './insert-records.ts';
import { lockMachine } from './lock-machine.ts';
import { placeBatch, type NotPlaced } from './place-batch.ts';
import { recordDevices } from '../usb/record-devices.ts';
import { recordRow } from './record-row.ts';
import { newestReceipt } from './receipts.ts';

/** What a transaction did with a batch. */
export interface TakenBatch {
  receipt: Receipt | null;
  /** What was new, as it is stored, in the order of the batch's last records. */
  fresh: RecordTable[];
  /** What to call the machine's next exchange; null where it is not to be told. */
  exchange: string | null;
  /** Null when the batch was taken; else why not. A fork is stored all the same. */
  refused: NotPlaced | null;
}

/**
 * Takes a checked batch: places it, stores what is new with its signed head, people and receipt, and notes that the
 * machine was seen. What is in the receipt is held once the transaction is committed, and not before.
 */
export async function takeBatch(
  transaction: Transaction<Tables>,
  key: SigningKey,
  { owner, hostname, request, bodyTexts, now }: CheckedBatch,
): Promise<TakenBatch> {
  const receivedAt = now.toISOString();
  await lockMachine(transaction, owner.trustId, request.deviceId);
  const first = request.records[0];
  const held = await heldChain(transaction, owner.trustId, request.deviceId, request.epoch, {
    fromSeq: (first?.seq ?? 1) - 1,
    toSeq: request.head?.seq ?? 0,
  });
  const placement = placeBatch(request.deviceId, request.epoch, request.records, held);
  if (placement.kind === 'fork') await storeFork(transaction, owner, request, placement, receivedAt);
  if (placement.kind !== 'continues') return { receipt: null, fresh: [], exchange: null, refused: placement };

  const exchange = await noteSeen(transaction, owner, request, now);
  if (placement.fresh.length === 0 || request.head === null) {
    const receipt = await newestReceipt(transaction, owner.trustId, request.deviceId, request.epoch);
    return { receipt, fresh: [], exchange, refused: null };
  }
  const receipt = await storeHead(transaction, key, owner, request.deviceId, request.head, receivedAt);
  const bodies = placement.fresh.map((record) => record.body).filter((body): body is EventBody => body !== null);
  await recordPeople(transaction, owner, bodies, receivedAt);
  await recordMachine(transaction, owner, request.deviceId, bodies);
  await recordDevices(transaction, owner, request.deviceId, bodies);
  await noteRollBack(transaction, owner, request.deviceId, bodies, receivedAt);
  const known = request.records.length - placement.fresh.length;
  const fresh = await storeRecords(transaction, owner, { hostname, deviceId: request.deviceId }, placement.fresh, {
    receivedAt,
    bodyTexts: bodyTexts.slice(known),
  });
  return { receipt, fresh, exchange, refused: null };
}

async function storeRecords(
  transaction: Transaction<Tables>,
  owner: Owner,
  { deviceId, hostname }: { deviceId: string; hostname: string },
  records: readonly SealedRecord[],
  { receivedAt, bodyTexts }: { receivedAt: string; bodyTexts: readonly (string | null)[] },
): Promise<RecordTable[]> {
  const start = await takeNumbers(transaction, owner.trustId, 'event', records.length);
  const rows = records.map((record, index) =>
    recordRow({ ...owner, hostname }, deviceId, record, {
      number: start + index,
      receivedAt,
      bodyText: bodyTexts[index] ?? null,
    }),
  );
  await insertRecords(transaction, rows);
  return rows;
}

interface HeadPlace extends Record<string, string | number | null> {
  trust_id: string;
  school_id: string;
  device_id: string;
  epoch: number;
  seq: number;
  hash: string;
}
const keysOf = ({ trust_id, school_id, device_id, epoch }: HeadPlace) => ({ trust_id, school_id, device_id, epoch });

const moveHead = keptQuery((store, given: HeadPlace & { at: string }) => {
  const news = { head_seq: given.seq, head_hash: given.hash, updated_at: given.at };
  return store
    .insertInto('chains')
    .values({ ...keysOf(given), ...news })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id', 'epoch']).doUpdateSet(news));
});

const addHead = keptQuery((store, given: HeadPlace & { signature: string }) =>
  store.insertInto('heads').values({ ...keysOf(given), seq: given.seq, hash: given.hash, signature: given.signature }),
);

const addReceipt = keptQuery((store, given: HeadPlace & { at: string; signature: string }) =>
  store
    .insertInto('receipts')
    .values({ ...keysOf(given), seq: given.seq, hash: given.hash, at: given.at, signature: given.signature }),
);

async function storeHead(
  transaction: Transaction<Tables>,
  key: SigningKey,
  owner: Owner,
  deviceId: string,
  head: NonNullable<SyncRequest['head']>,
  at: string,
): Promise<Receipt> {
  const { epoch, seq, hash, signature } = head;
  const place = { trust_id: owner.trustId, school_id: owner.schoolId, device_id: deviceId, epoch, seq, hash };
  await moveHead(transaction, { ...place, at });
  const receipt = signReceipt(key, { deviceId, epoch, seq, hash, at });
  await addHead(transaction, { ...place, signature });
  await addReceipt(transaction, { ...place, at, signature: receipt.signature });
  return receipt;
}

async function storeFork(
  transaction: Transaction<Tables>,
  owner: Owner,
  request: SyncRequest,
  fork: Extract<NotPlaced, { kind: 'fork' }>,
  foundAt: string,
): Promise<void> {
  await transaction
    .insertInto('forks')
    .values({
      trust_id: owner.trustId,
      school_id: owner.schoolId,
      device_id: request.deviceId,
      epoch: request.epoch,
      seq: fork.seq,
      held_hash: fork.heldHash,
      given_hash: fork.givenHash,
      record: JSON.stringify(fork.record),
      head: JSON.stringify(request.head),
      found_at: foundAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await noteFinding(transaction, owner, {
    deviceId: request.deviceId,
    kind: 'forked',
    detail: `It sent another record ${String(fork.seq)} of epoch ${String(request.epoch)} than the one that is held. Both are kept.`,
    at: foundAt,
  });
}
