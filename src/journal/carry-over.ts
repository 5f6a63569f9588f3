import Database from 'better-sqlite3';
import type { Receipt } from '../contract/record.ts';
import { genesisHash } from '../proof/index.ts';
import { soundRows } from './integrity.ts';
import { receiptColumns, type ReceiptRow } from './rows.ts';

type SoundRow = ReturnType<typeof soundRows> extends Iterable<infer Row> ? Row : never;

/** What could be carried over from a journal that was set aside. */
export interface CarriedOver {
  /** Last record of each epoch carried over. */
  readonly epochs: readonly { epoch: number; seq: number }[];
  /** Newest receipt that the old file itself held. */
  readonly lastReceipt: ReceiptRow | null;
}

/**
 * Copies the sound beginning of every epoch out of a damaged journal into the new one, so that what the server has not
 * confirmed is still sent and the machine still knows who accepted what. An epoch that has lost records the server did
 * confirm is left where it is: the server has those, and a chain with its end missing would only be taken for a cut.
 * Reading stops at the first row that is not sound; the damaged file is not written to.
 */
export function carryOver(
  from: string,
  into: Database.Database,
  deviceId: string,
  remembered: Receipt | null,
): CarriedOver {
  let old: Database.Database;
  try {
    old = new Database(from, { readonly: true, fileMustExist: true });
  } catch {
    return { epochs: [], lastReceipt: null };
  }
  try {
    const receipts = readableReceipts(old);
    const confirmed = [...receipts, ...(remembered === null ? [] : [remembered])];
    const epochs: { epoch: number; seq: number }[] = [];
    let rows: SoundRow[] = [];
    const finishEpoch = () => {
      const last = rows.at(-1);
      if (last !== undefined && reachesAll(rows, confirmed)) {
        copyEpoch(into, deviceId, rows, confirmed);
        epochs.push({ epoch: last.epoch, seq: last.seq });
      }
      rows = [];
    };
    for (const row of readableRows(old, deviceId)) {
      if (rows[0] !== undefined && rows[0].epoch !== row.epoch) finishEpoch();
      rows.push(row);
    }
    finishEpoch();
    return { epochs, lastReceipt: receipts.at(-1) ?? null };
  } finally {
    old.close();
  }
}

function* readableRows(old: Database.Database, deviceId: string): Iterable<SoundRow> {
  try {
    yield* soundRows(old, deviceId);
  } catch {
    // What cannot be read stays in the file that was set aside; the new epoch's first record names it.
  }
}

function readableReceipts(old: Database.Database): ReceiptRow[] {
  try {
    return old.prepare<[], ReceiptRow>(`SELECT ${receiptColumns} FROM receipts ORDER BY epoch, seq`).all();
  } catch {
    return [];
  }
}

/** Are all confirmed records of the epoch among the rows, as they were confirmed? Rows begin with number 1, without gaps. */
function reachesAll(rows: readonly SoundRow[], confirmed: readonly Omit<ReceiptRow, 'at'>[]): boolean {
  return confirmed.every((one) => one.epoch !== rows[0]?.epoch || rows[one.seq - 1]?.hash === one.hash);
}

function copyEpoch(
  into: Database.Database,
  deviceId: string,
  rows: readonly SoundRow[],
  confirmed: readonly ReceiptRow[],
): void {
  const epoch = rows[0]?.epoch ?? 0;
  {
    into.prepare('INSERT INTO epochs (epoch, genesis) VALUES (?, ?)').run(epoch, genesisHash(deviceId, epoch));
    const insert = into.prepare(`
      INSERT INTO records (epoch, seq, prev, body_hash, hash, salt, body, type, account_id)
      VALUES (@epoch, @seq, @prev, @body_hash, @hash, @salt, @body,
        json_extract(@body, '$.type'), json_extract(@body, '$.account.id'))`);
    for (const row of rows) insert.run(row);
    const receipt = into.prepare(
      'INSERT INTO receipts (epoch, seq, hash, at, signature) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    for (const one of confirmed) if (one.epoch === epoch) receipt.run(epoch, one.seq, one.hash, one.at, one.signature);
  }
}
