import type { SealedRecord } from '../../contract/record.ts';
import { syncLimits, type SyncRequest } from '../../contract/sync.ts';
import type { Journal } from '../../journal/index.ts';
import { headOf, signHead, signSyncRequest } from '../../proof/index.ts';

/** JSON of a batch stays under this, which compressed is well under the bound of one exchange. */
const batchBytes = 8 * 1024 * 1024;

/** Records of one epoch that go into the next exchange; empty when the server has everything. */
export interface Batch {
  epoch: number;
  records: SealedRecord[];
}

/**
 * The next records to send: oldest epoch first. `serverHas` is the newest record the server is known to hold, where
 * that differs from the receipts (it was restored from a backup, or asked to go back).
 */
export function nextBatch(journal: Journal, serverHas: ReadonlyMap<number, number>, limit: number): Batch {
  const starts = new Map(journal.unreceipted().map(({ epoch, seq }) => [epoch, seq - 1]));
  for (const [epoch, seq] of serverHas) starts.set(epoch, seq);
  for (const [epoch, after] of [...starts].sort(([one], [other]) => one - other)) {
    const records = withinBytes(journal.recordsAfter(epoch, after, Math.min(limit, syncLimits.records)));
    if (records.length > 0) return { epoch, records };
  }
  return { epoch: journal.epoch, records: [] };
}

function withinBytes(records: readonly SealedRecord[]): SealedRecord[] {
  let bytes = 0;
  const over = records.findIndex((record) => {
    bytes += JSON.stringify(record).length;
    return bytes > batchBytes;
  });
  return records.slice(0, over < 0 ? records.length : Math.max(1, over));
}

export function syncRequestFor(
  journal: Journal,
  batch: Batch,
  sentAtMs: number,
  has: Required<Pick<SyncRequest, 'policyHash' | 'policyHashes' | 'permitsIssuedAt' | 'position'>> &
    Pick<SyncRequest, 'wantedPolicy'>,
): SyncRequest {
  const last = batch.records.at(-1);
  return signSyncRequest(journal.signingKey, {
    deviceId: journal.deviceId,
    sentAt: new Date(sentAtMs).toISOString(),
    epoch: batch.epoch,
    ...has,
    records: batch.records,
    head: last === undefined ? null : signHead(journal.signingKey, journal.deviceId, headOf(last)),
  });
}
