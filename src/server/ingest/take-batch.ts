import type { Transaction } from 'kysely';
import type { EventBody } from '../../contract/event.ts';
import type { Receipt, SealedRecord } from '../../contract/record.ts';
import type { SyncRequest } from '../../contract/sync.ts';
import { signReceipt, type SigningKey } from '../../proof/index.ts';
import type { RequestRefused } from '../http/problems.ts';
import { noteFinding } from '../machines/findings.ts';
import { noteRollBack } from '../machines/note-roll-back.ts';
import { noteSeen } from '../machines/note-seen.ts';
import { recordPeople, type Owner } from '../people/record-people.ts';
import { recordMachine } from '../sessions/record-machine.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Store } from '../store/database.ts';
import { keptQuery } from '../store/kept-query.ts';
import { monthOf, openMonth } from '../store/partitions.ts';
import type { RecordTable, Tables } from '../store/tables.ts';
import { syncRefused } from './check-batch.ts';
import type { CommitTogether } from './commit-together.ts';
import { heldChain } from './held-chain.ts';
import { insertRecords } from './insert-records.ts';
import { lockMachine } from './lock-machine.ts';
import { placeBatch, type Placement } from './place-batch.ts';
import { recordDevices } from '../usb/record-devices.ts';
import { recordRow } from './record-row.ts';
import { newestReceipt } from './receipts.ts';

/** A batch whose signatures and chain hold, with the canonical JSON of each body. */
export interface CheckedBatch {
  request: SyncRequest;
  bodyTexts: readonly (string | null)[];
}

export interface TakenBatch {
  receipt: Receipt | null;
  /** What was new, as it is stored, in the order of the batch's last records. */
  fresh: RecordTable[];
  /** What to call the machine's next exchange; null where it is not to be told. */
  exchange: string | null;
  /** Null when the batch was taken; else why not. A fork is stored all the same. */
  refusal: RequestRefused | null;
}

/**
 * Takes a checked batch in a transaction it may share with others: places it, stores what is new with its signed head,
 * people and receipt, and notes that the machine was seen. When this returns, everything in the receipt is committed.
 */
export async function takeBatch(
  context: { store: Store; owner: Owner; key: SigningKey; now: () => Date },
  together: CommitTogether,
  device: { hostname: string },
  { request, bodyTexts }: CheckedBatch,
): Promise<TakenBatch> {
  const { owner, store } = context;
  const now = context.now();
  const receivedAt = now.toISOString();
  await openMonth(store, monthOf(receivedAt));
  return await together(request.records.length, async (transaction) => {
    await lockMachine(transaction, owner.trustId, request.deviceId);
    const first = request.records[0];
    const held = await heldChain(transaction, owner.trustId, request.deviceId, request.epoch, {
      fromSeq: (first?.seq ?? 1) - 1,
      toSeq: request.head?.seq ?? 0,
    });
    const placement = placeBatch(request.deviceId, request.epoch, request.records, held);
    if (placement.kind === 'fork') await storeFork(transaction, owner, request, placement, receivedAt);
    if (placement.kind !== 'continues') {
      return { receipt: null, fresh: [], exchange: null, refusal: refusalOfPlacement(placement) };
    }

    const exchange = await noteSeen(transaction, owner, request, now);
    if (placement.fresh.length === 0 || request.head === null) {
      const receipt = await newestReceipt(transaction, owner.trustId, request.deviceId, request.epoch);
      return { receipt, fresh: [], exchange, refusal: null };
    }
    const receipt = await storeHead(transaction, context.key, owner, request.deviceId, request.head, receivedAt);
    const bodies = placement.fresh.map((record) => record.body).filter((body): body is EventBody => body !== null);
    await recordPeople(transaction, owner, bodies, receivedAt);
    await recordMachine(transaction, owner, request.deviceId, bodies);
    await recordDevices(transaction, owner, request.deviceId, bodies);
    await noteRollBack(transaction, owner, request.deviceId, bodies, receivedAt);
    const known = request.records.length - placement.fresh.length;
    const fresh = await storeRecords(transaction, owner, { ...device, deviceId: request.deviceId }, placement.fresh, {
      receivedAt,
      bodyTexts: bodyTexts.slice(known),
    });
    return { receipt, fresh, exchange, refusal: null };
  });
}

function refusalOfPlacement(placement: Exclude<Placement, { kind: 'continues' }>): RequestRefused {
  switch (placement.kind) {
    case 'gap':
      return syncRefused(
        'sync.gap',
        `Records before this batch are missing: send from record ${placement.expectedSeq} on. Nothing was taken.`,
        { field: 'records', members: { expectedSeq: placement.expectedSeq } },
      );
    case 'broken':
      return syncRefused(
        'sync.brokenChain',
        `Record ${placement.record.seq} cannot be taken: ${placement.why}. Nothing of this batch was taken.`,
        { field: 'records.0' },
      );
    case 'fork':
      return syncRefused(
        'sync.fork',
        `The server already holds another record ${placement.seq} of this machine. What it holds stays; both are kept as evidence and IT is told.`,
        { field: 'records' },
      );
  }
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
  fork: Extract<Placement, { kind: 'fork' }>,
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
