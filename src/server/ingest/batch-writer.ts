import type { SyncRequest } from '../../contract/sync.ts';
import type { UsbPermits } from '../../contract/usb.ts';
import type { SigningKey } from '../../proof/index.ts';
import type { Owner } from '../people/record-people.ts';
import type { Store } from '../store/database.ts';
import { monthOf, openMonth } from '../store/partitions.ts';
import { machineOutlook } from '../usb/machine-outlook.ts';
import { permitsFor } from '../usb/permits.ts';
import { commitTogether } from './commit-together.ts';
import { takeBatch, type TakenBatch } from './take-batch.ts';

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
}

/** What became of a batch. */
export interface WrittenBatch extends TakenBatch {
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
      const taken = await takeBatch(transaction, key, batch);
      const outlook = await machineOutlook(transaction, { ...owner, deviceId: request.deviceId }, now);
      if (taken.refused !== null) return { ...taken, permits: null, waits: outlook.waits };
      const permits = await permitsFor(transaction, { owner, key }, request, outlook, now);
      return { ...taken, permits, waits: outlook.waits };
    });
  };
}
