import { sealedRecord, type Receipt, type SealedRecord } from '../contract/record.ts';
import { JournalError } from './errors.ts';

export interface RecordRow {
  readonly epoch: number;
  readonly seq: number;
  readonly prev: string;
  readonly body_hash: string;
  readonly hash: string;
  readonly salt: string | null;
  readonly body: string | null;
}
export const recordColumns = 'epoch, seq, prev, body_hash, hash, salt, body';

export interface ReceiptRow {
  readonly epoch: number;
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
  readonly signature: string;
}
export const receiptColumns = 'epoch, seq, hash, at, signature';

/** @throws JournalError `journal.damaged` when the row is not a record. */
export function recordFromRow(row: RecordRow): SealedRecord {
  try {
    return sealedRecord.parse({
      epoch: row.epoch,
      seq: row.seq,
      prev: row.prev,
      bodyHash: row.body_hash,
      hash: row.hash,
      salt: row.salt,
      body: row.body === null ? null : JSON.parse(row.body),
    });
  } catch (cause) {
    throw new JournalError(
      'journal.damaged',
      `Record ${row.seq} of epoch ${row.epoch} in the journal cannot be read. Restart the Usher service: it keeps the damaged file and begins a new epoch.`,
      { cause },
    );
  }
}

export function receiptFromRow(row: ReceiptRow, deviceId: string): Receipt {
  return { deviceId, epoch: row.epoch, seq: row.seq, hash: row.hash, at: row.at, signature: row.signature };
}
