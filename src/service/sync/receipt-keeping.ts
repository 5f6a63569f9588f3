import type { Receipt } from '../../contract/record.ts';
import { JournalError, type Journal } from '../../journal/index.ts';
import { receiptHolds } from '../../proof/index.ts';

/** What a receipt led to. `notBelieved` and `newEpoch` carry a sentence for the tray. */
export type ReceiptOutcome =
  { kind: 'kept' } | { kind: 'notBelieved'; sentence: string } | { kind: 'newEpoch'; sentence: string };

/**
 * Checks the server's receipt and keeps it. One that reaches beyond this journal, or names another record, shows that
 * the machine was set back or copied: what it has is kept, and a new epoch begins.
 */
export function keepServerReceipt(
  journal: Journal,
  receipt: Receipt,
  epoch: number,
  serverPublicKey: string,
): ReceiptOutcome {
  if (!receiptHolds(serverPublicKey, receipt) || receipt.deviceId !== journal.deviceId || receipt.epoch !== epoch) {
    return {
      kind: 'notBelieved',
      sentence: "A receipt arrived that the school's server did not sign for this machine. It is not used. Tell IT.",
    };
  }
  const last = journal.lastReceipt(epoch);
  if (last !== null && last.seq === receipt.seq && last.hash === receipt.hash) return { kind: 'kept' };
  try {
    journal.keepReceipt(receipt);
    return { kind: 'kept' };
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    if (error.code === 'journal.rolledBack') {
      journal.beginEpoch('rolledBack', error.message);
      return { kind: 'newEpoch', sentence: rolledBackSentence };
    }
    if (error.code === 'journal.receiptContradicts') return forked(journal, epoch, error.message);
    throw error;
  }
}

/** The server holds other records under our numbers: it keeps both and tells IT; this machine goes on in a new epoch. */
export function forked(journal: Journal, epoch: number, detail: string): ReceiptOutcome {
  journal.stopSending(epoch, detail);
  if (epoch === journal.epoch) journal.beginEpoch('rolledBack', detail);
  return {
    kind: 'newEpoch',
    sentence: `The school's server holds other records for this machine in epoch ${epoch}. It was copied, or restored from an image. IT has been told; recording goes on.`,
  };
}

const rolledBackSentence =
  "The school's server has records that this machine no longer has: it was restored from an image or a backup. Recording goes on; tell IT.";
