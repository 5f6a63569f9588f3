import type { Receipt } from '../../contract/record.ts';
import type { SyncRequest } from '../../contract/sync.ts';
import type { UsbPermits } from '../../contract/usb.ts';
import type { SigningKey } from '../../proof/index.ts';
import type { Owner } from '../people/record-people.ts';
import type { Store } from '../store/database.ts';
import { monthOf, openMonth } from '../store/partitions.ts';
import type { RecordTable } from '../store/tables.ts';
import { machineOutlook } from '../usb/machine-outlook.ts';
import { permitsFor } from '../usb/permits.ts';
import { commitTogether } from './commit-together.ts';
import type { NotPlaced } from './place-batch.ts';
import { takeBatch } from './take-batch.ts';

/** A batch whose signatures and chain hold, to be written. */
export interface CheckedBatch {
  /** Trust and school of the machine. */
  owner: Owner;
  hostname: string;
  request: SyncRequest;
  /** The canonical JSON of each record's body. */
  bodyTexts: readonly (string | null)[];
  /** When it was received. */
  now: Date;
  /** Are the stored rows asked for? */
  wantsRows: boolean;
}

/** What became of a batch. */
export interface WrittenBatch {
  receipt: Receipt | null;
  /** How many records were new. */
  stored: number;
  /** When the first of them happened, by the machine's clock. */
  oldestAt: string | null;
  /** What was new, as it is stored, in the batch's order; empty unless asked for. */
  rows: RecordTable[];
  /** What to call the machine's next exchange; null where it is not to be told. */
  exchange: string | null;
  /** Null when the batch was taken; else why not. A fork is stored all the same. */
  refused: NotPlaced | null;
  /** What is allowed on the machine, where it does not have that yet. */
  permits: UsbPermits | null;
  /** Does somebody at the machine wait for an answer? */
  waits: boolean;
}

/** Writes a batch; when this resolves, everything in the receipt is committed. */
export type WriteBatch = (batch: CheckedBatch) => Promise<WrittenBatch>;

/** Batches that come together are committed together. */
export function batchWriter(store: Store, trustId: string, key: SigningKey): WriteBatch {
  const together = commitTogether(store, trustId);
  return async (batch) => {
    const { owner, request, now } = batch;
    await openMonth(store, monthOf(now.toISOString()));
    return await together(request.records.length, async (transaction) => {
      const { receipt, fresh, exchange, refused } = await takeBatch(transaction, key, batch);
      const outlook = await machineOutlook(transaction, { ...owner, deviceId: request.deviceId }, now);
      const permits = refused === null ? await permitsFor(transaction, { owner, key }, request, outlook, now) : null;
      return {
        receipt,
        stored: fresh.length,
        oldestAt: fresh[0]?.at ?? null,
        rows: batch.wantsRows ? fresh : [],
        exchange,
        refused,
        permits,
        waits: outlook.waits,
      };
    });
  };
}
