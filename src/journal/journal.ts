import { closeSync, openSync } from 'node:fs';
import type Database from 'better-sqlite3';
import type { EventDraft } from '../contract/event.ts';
import type { ChainHead, Receipt, SealedRecord } from '../contract/record.ts';
import { headOf, type SigningKey } from '../proof/index.ts';
import { guarded, JournalError } from './errors.ts';
import type { JournalFiles } from './files.ts';
import { writeHeadMemory, type HeadMemory } from './head-memory.ts';
import { JournalReader } from './reader.ts';
import { sealAfter, type JournalSources, type Sealed } from './seal.ts';
import { recordInserter, startEpoch } from './writing.ts';

export interface JournalParts extends JournalSources {
  readonly database: Database.Database;
  readonly files: JournalFiles;
  readonly signingKey: SigningKey;
  /** Lets go of the folder's lock. */
  readonly release: () => void;
}

/** The machine's record: what was appended is on the disk, in its place in the chain, when the call returns. */
export class Journal extends JournalReader {
  readonly #parts: JournalParts;
  readonly #insertOne: (sealed: Sealed) => void;
  readonly #insertAll: (sealed: readonly Sealed[]) => void;
  readonly #insertReceipt;
  readonly #hashAt;
  #head: ChainHead;
  /** Number of the last receipt in the head memory. */
  #rememberedSeq = 0;

  constructor(parts: JournalParts) {
    super(parts.database, parts.files.folder, parts.signingKey);
    this.#parts = parts;
    const { database } = parts;
    const insert = recordInserter(database);
    this.#insertOne = insert;
    this.#insertAll = database.transaction((sealed: readonly Sealed[]) => {
      for (const one of sealed) insert(one);
    });
    this.#insertReceipt = database.prepare<[number, number, string, string, string]>(
      'INSERT INTO receipts (epoch, seq, hash, at, signature) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    );
    this.#hashAt = database
      .prepare<[number, number], string>('SELECT hash FROM records WHERE epoch = ? AND seq = ?')
      .pluck();
    this.#head = super.head();
    // From here on a missing write-ahead log means that it was deleted.
    this.#remember(null);
  }

  override head(): ChainHead {
    return this.#head;
  }

  /**
   * Seals the event and commits it to the disk.
   * @throws JournalError `journal.invalidEvent`, `journal.diskFull`, `journal.unavailable`, `journal.damaged`,
   * `journal.closed`; then nothing was written.
   */
  append(draft: EventDraft): SealedRecord {
    const [sealed] = this.#seal([draft]);
    if (sealed === undefined) throw new Error('One draft makes one record');
    guarded(this.folder, () => this.#insertOne(sealed));
    this.#head = headOf(sealed.record);
    return sealed.record;
  }

  /** As `append`, for several events in one commit: all of them are recorded or none. */
  appendAll(drafts: readonly EventDraft[]): SealedRecord[] {
    const sealed = this.#seal(drafts);
    const last = sealed.at(-1);
    if (last === undefined) return [];
    guarded(this.folder, () => this.#insertAll(sealed));
    this.#head = headOf(last.record);
    return sealed.map((one) => one.record);
  }

  /**
   * Keeps the server's receipt, durably and only once. The caller has checked the server's signature.
   * @throws JournalError `journal.foreignReceipt` (another machine or an unknown epoch), `journal.rolledBack` (the server
   * holds records this journal no longer has: call `beginEpoch`), `journal.receiptContradicts` (another record has that
   * number); then nothing was kept.
   */
  keepReceipt(receipt: Receipt): void {
    const { epoch, seq } = receipt;
    if (receipt.deviceId !== this.deviceId) {
      const sentence = `The server sent a receipt for another machine (${receipt.deviceId}); it was not kept.`;
      throw new JournalError('journal.foreignReceipt', sentence);
    }
    const head = epoch === this.epoch ? this.#head : this.heads().find((one) => one.epoch === epoch);
    if (head === undefined) {
      const sentence = `The server sent a receipt for epoch ${epoch}, which this journal does not hold; it was not kept.`;
      throw new JournalError('journal.foreignReceipt', sentence);
    }
    if (seq > head.seq && epoch === this.epoch) {
      const sentence = `The server confirms record ${seq} of epoch ${epoch}, but this journal ends at ${head.seq}: it was rolled back, for instance by restoring the machine from an image.`;
      throw new JournalError('journal.rolledBack', sentence);
    }
    if (seq <= head.seq && this.read(() => this.#hashAt.get(epoch, seq)) !== receipt.hash) {
      const sentence = `The server's receipt for record ${seq} of epoch ${epoch} is for another record than the one in this journal; it was not kept.`;
      throw new JournalError('journal.receiptContradicts', sentence);
    }
    this.read(() => this.#insertReceipt.run(epoch, seq, receipt.hash, receipt.at, receipt.signature));
    if (epoch === this.epoch && seq > this.#rememberedSeq) this.#remember(null);
  }

  /**
   * Ends the current epoch and begins the next in the same file, such as after `journal.rolledBack`.
   * Records of the old epoch stay and are still sent.
   */
  beginEpoch(reason: 'damaged' | 'rolledBack', detail: string): SealedRecord {
    const old = this.epoch;
    const last = this.lastReceipt(old);
    const previous = { epoch: old, lastReceipt: last && { seq: last.seq, hash: last.hash }, setAsideAs: null };
    const record = guarded(this.folder, () =>
      startEpoch(this.database, this.deviceId, old + 1, { reason, previous, detail }, this.#parts),
    );
    this.#head = headOf(record);
    this.#remember(null);
    return record;
  }

  /** Stops sending what the server has not confirmed of an epoch, such as after it stored those records as a fork. */
  stopSending(epoch: number, reason: string): void {
    guarded(this.folder, () => {
      this.database.prepare('UPDATE epochs SET sending_stopped = ? WHERE epoch = ?').run(reason, epoch);
    });
  }

  /**
   * Removes a record's body and salt, for retention or erasure. The chain and every proof still verify.
   * @returns false when there was no body to remove.
   */
  redact(epoch: number, seq: number): boolean {
    const sql = `UPDATE records SET body = NULL, salt = NULL, account_id = NULL
      WHERE epoch = ? AND seq = ? AND body IS NOT NULL`;
    return guarded(this.folder, () => this.database.prepare(sql).run(epoch, seq).changes === 1);
  }

  /** Writes everything into the one file, notes that the journal was closed in order, and lets go of the folder. */
  override close(): void {
    if (!this.database.open) return;
    let noted = false;
    try {
      guarded(this.folder, () => this.database.pragma('wal_checkpoint(TRUNCATE)'));
      this.#remember({ seq: this.#head.seq, hash: this.#head.hash });
      noted = true;
    } finally {
      super.close();
      // SQLite removes the log when it closes. Without the note, the next start would take that for a deleted log.
      if (!noted) closeSync(openSync(this.#parts.files.writeAheadLog, 'a', 0o600));
      this.#parts.release();
    }
  }

  #seal(drafts: readonly EventDraft[]): Sealed[] {
    return sealAfter(this.#head, this.deviceId, drafts, this.#parts);
  }

  #remember(closedAt: HeadMemory['closedAt']): void {
    const { epoch } = this.#head;
    const lastReceipt = this.lastReceipt(epoch);
    const format = 'usher/journal-head/1';
    guarded(this.folder, () => {
      writeHeadMemory(this.#parts.files, { format, deviceId: this.deviceId, epoch, lastReceipt, closedAt });
    });
    this.#rememberedSeq = lastReceipt?.seq ?? 0;
  }
}
