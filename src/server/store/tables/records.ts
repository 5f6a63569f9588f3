import type { Keyed } from './keyed.ts';

/** The newest record held of each machine's epoch. */
export interface ChainTable extends Keyed {
  device_id: string;
  epoch: number;
  head_seq: number;
  head_hash: string;
  updated_at: string;
}

/** Heads as machines signed them: one per batch. */
export interface HeadTable extends Keyed {
  device_id: string;
  epoch: number;
  seq: number;
  hash: string;
  signature: string;
}

/** Receipts as this server signed them: one per batch that brought something new. */
export interface ReceiptTable extends HeadTable {
  at: string;
}

export interface RecordTable extends Keyed {
  /** The server's own number, growing in the order of commits. */
  number: number;
  device_id: string;
  epoch: number;
  seq: number;
  prev: string;
  body_hash: string;
  hash: string;
  salt: string | null;
  /** The event as JSON; null once retention removed it. */
  body: string | null;
  received_at: string;
  /** What lists need, taken out of the body. Null for a record that arrived without its body. */
  at: string | null;
  type: string | null;
  account_id: string | null;
  account_name: string | null;
  person_id: string | null;
  summary: string | null;
  /** Lower-case text that a search looks through. */
  search_text: string | null;
}

/** Records that claim a place another record already holds. */
export interface ForkTable extends Keyed {
  device_id: string;
  epoch: number;
  seq: number;
  held_hash: string;
  given_hash: string;
  /** The first record that differs, and the signed head it came under, as JSON. */
  record: string;
  head: string;
  found_at: string;
}

/** Refused batches, counted per machine, reason and day. */
export interface RejectedBatchTable {
  trust_id: string;
  /** `unknown` for a machine that is not enrolled. */
  device_id: string;
  code: string;
  day: string;
  batches: number;
  last_at: string;
}

/** What machines sent, and what was signed over it. */
export interface RecordsTables {
  chains: ChainTable;
  heads: HeadTable;
  receipts: ReceiptTable;
  records: RecordTable;
  forks: ForkTable;
  rejected_batches: RejectedBatchTable;
}
