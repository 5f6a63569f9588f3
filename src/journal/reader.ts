import type Database from 'better-sqlite3';
import type { EventType } from '../contract/event.ts';
import type { ChainHead, ExportLine, Receipt, SealedRecord, SignedHead } from '../contract/record.ts';
import { deviceIdOf, exportFile, signHead, type SigningKey } from '../proof/index.ts';
import { guarded, JournalError } from './errors.ts';
import {
  receiptColumns,
  receiptFromRow,
  recordColumns,
  recordFromRow,
  type ReceiptRow,
  type RecordRow,
} from './rows.ts';

/** Records of one epoch that the server has not confirmed. */
export interface Unreceipted {
  readonly epoch: number;
  /** The first of them. */
  readonly seq: number;
  readonly count: number;
}

const exportPage = 500;

/** Reading a journal. It has no way to write; `Journal` adds that. */
export class JournalReader {
  readonly folder: string;
  readonly deviceId: string;
  /** Raw Ed25519 public key, base64url. */
  readonly publicKey: string;
  readonly signingKey: SigningKey;
  protected readonly database: Database.Database;
  readonly #heads;
  readonly #after;
  readonly #ofType;
  readonly #ofTypeAndAccount;
  readonly #accountsWith;
  readonly #receipts;
  readonly #lastReceipt;
  readonly #unreceipted;

  constructor(database: Database.Database, folder: string, signingKey: SigningKey) {
    this.database = database;
    this.folder = folder;
    this.signingKey = signingKey;
    this.publicKey = signingKey.publicKey;
    this.deviceId = deviceIdOf(signingKey.publicKey);
    const heads = `SELECT e.epoch, r.seq, r.hash FROM epochs e JOIN records r
      ON r.epoch = e.epoch AND r.seq = (SELECT max(seq) FROM records WHERE epoch = e.epoch)`;
    this.#heads = database.prepare<[], ChainHead>(`${heads} ORDER BY e.epoch`);
    this.#after = database.prepare<[number, number, number], RecordRow>(
      `SELECT ${recordColumns} FROM records WHERE epoch = ? AND seq > ? ORDER BY seq LIMIT ?`,
    );
    const newestFirst = 'ORDER BY epoch DESC, seq DESC LIMIT ?';
    this.#ofType = database.prepare<[string, number], RecordRow>(
      `SELECT ${recordColumns} FROM records WHERE type = ? AND body IS NOT NULL ${newestFirst}`,
    );
    this.#ofTypeAndAccount = database.prepare<[string, string, number], RecordRow>(
      `SELECT ${recordColumns} FROM records WHERE type = ? AND account_id = ? AND body IS NOT NULL ${newestFirst}`,
    );
    this.#accountsWith = database
      .prepare<[string], string>(
        `SELECT DISTINCT account_id FROM records WHERE type = ? AND account_id IS NOT NULL AND body IS NOT NULL`,
      )
      .pluck();
    this.#receipts = database.prepare<[], ReceiptRow>(`SELECT ${receiptColumns} FROM receipts ORDER BY epoch, seq`);
    this.#lastReceipt = database.prepare<[number], ReceiptRow>(
      `SELECT ${receiptColumns} FROM receipts WHERE epoch = ? ORDER BY seq DESC LIMIT 1`,
    );
    this.#unreceipted = database.prepare<[], Unreceipted>(`
      SELECT h.epoch, h.confirmed + 1 AS seq, h.head - h.confirmed AS count FROM (
        SELECT e.epoch, (SELECT max(seq) FROM records WHERE epoch = e.epoch) AS head,
          coalesce((SELECT max(seq) FROM receipts WHERE epoch = e.epoch), 0) AS confirmed
        FROM epochs e WHERE e.sending_stopped IS NULL
      ) h WHERE h.head > h.confirmed ORDER BY h.epoch`);
  }

  /** The newest record's place and hash. A journal always has one: its epoch's first record. */
  head(): ChainHead {
    const head = this.heads().at(-1);
    if (head === undefined)
      throw new JournalError('journal.missing', `The journal in ${this.folder} has no record yet.`);
    return head;
  }

  get epoch(): number {
    return this.head().epoch;
  }

  /** The head of every epoch in the file, oldest first. */
  heads(): ChainHead[] {
    return this.read(() => this.#heads.all());
  }

  /** The current head with the machine's signature. */
  signedHead(): SignedHead {
    return signHead(this.signingKey, this.deviceId, this.head());
  }

  /** Up to `limit` records of the epoch with a number above `seq`, in order. */
  recordsAfter(epoch: number, seq: number, limit: number): SealedRecord[] {
    return this.read(() => this.#after.all(epoch, seq, limit).map(recordFromRow));
  }

  /** Records of a type (and of one account) whose body is still there, newest first. */
  recordsOfType(type: EventType, accountId?: string, limit = 1_000): SealedRecord[] {
    return this.read(() => {
      const rows =
        accountId === undefined ? this.#ofType.all(type, limit) : this.#ofTypeAndAccount.all(type, accountId, limit);
      return rows.map(recordFromRow);
    });
  }

  /** Ids of the accounts that have records of a type whose body is still there. */
  accountsWith(type: EventType): string[] {
    return this.read(() => this.#accountsWith.all(type));
  }

  /** What the server has not confirmed, oldest epoch first; epochs whose sending was stopped are left out. */
  unreceipted(): Unreceipted[] {
    return this.read(() => this.#unreceipted.all());
  }

  /** Where sending goes on, or null when everything is confirmed. */
  firstUnreceipted(): Unreceipted | null {
    return this.unreceipted()[0] ?? null;
  }

  /** Every receipt held, by epoch and number. */
  receipts(): Receipt[] {
    return this.read(() => this.#receipts.all().map((row) => receiptFromRow(row, this.deviceId)));
  }

  /** The receipt that reaches furthest in the epoch, or null. */
  lastReceipt(epoch: number): Receipt | null {
    return this.read(() => {
      const row = this.#lastReceipt.get(epoch);
      return row === undefined ? null : receiptFromRow(row, this.deviceId);
    });
  }

  /**
   * Everything up to this moment as the lines of an export (docs/record-format.md), made as they are asked for.
   * Records written meanwhile are not in it.
   */
  exportLines(about: { serverPublicKey: string | null; exportedAt: string }): Iterable<ExportLine> {
    const heads = this.heads();
    const receipts = this.receipts();
    return exportFile({
      header: { deviceId: this.deviceId, devicePublicKey: this.publicKey, ...about },
      records: this.#upTo(heads),
      receipts,
      heads,
      key: this.signingKey,
    });
  }

  *#upTo(heads: readonly ChainHead[]): Iterable<SealedRecord> {
    for (const head of heads) {
      for (let seq = 0; seq < head.seq;) {
        const page = this.recordsAfter(head.epoch, seq, Math.min(exportPage, head.seq - seq));
        if (page.length === 0)
          throw new JournalError(
            'journal.damaged',
            `Record ${seq + 1} of epoch ${head.epoch} is missing in the journal.`,
          );
        yield* page;
        seq += page.length;
      }
    }
  }

  close(): void {
    if (this.database.open) this.database.close();
  }

  protected read<T>(work: () => T): T {
    return guarded(this.folder, work);
  }
}
