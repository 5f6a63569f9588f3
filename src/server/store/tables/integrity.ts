import type { Keyed } from './keyed.ts';

/** The log: every head that was receipted, in the order it came into the tree. */
export interface LogLeafTable extends Keyed {
  /** 0, 1, 2 … without gaps. */
  leaf_index: number;
  device_id: string;
  epoch: number;
  seq: number;
  hash: string;
  at: string;
}

/** Up to 256 hashes side by side (https://c2sp.org/tlog-tiles): level 0 of leaves, level 1 of whole tiles, and so on. */
export interface LogTileTable {
  trust_id: string;
  level: number;
  tile_index: number;
  /** The raw hashes one after the other, base64. */
  hashes: string;
}

export interface CheckpointTable {
  trust_id: string;
  size: number;
  /** Base64, as in the note. */
  root: string;
  at: string;
  /** The signed note without cosignatures. */
  note: string;
}

export interface CosignatureTable {
  trust_id: string;
  size: number;
  witness: string;
  /** The signature line with its line break. */
  line: string;
  at: string;
}

/** How far a machine's epoch is in the log, and how far it was verified again. */
export interface ChainCheckTable extends Keyed {
  device_id: string;
  epoch: number;
  logged_seq: number;
  /** The newest record verified since it arrived; 0 and null before the first. */
  checked_seq: number;
  checked_hash: string | null;
  /** The full check that last went over it, and how far that one came. */
  pass: number;
  pass_seq: number;
  pass_hash: string | null;
}

/** One full check of everything held. */
export interface CheckPassTable {
  trust_id: string;
  pass: number;
  started_at: string;
  finished_at: string | null;
  records: number;
  chains: number;
  /** Leaves of the log gone over so far, and the edge of their tree as JSON. */
  leaves: number;
  edge: string;
}

/** Something held that does not verify, until a later check finds it sound. */
export interface IntegrityFindingTable {
  trust_id: string;
  finding_id: string;
  school_id: string | null;
  kind: string;
  device_id: string | null;
  epoch: number | null;
  seq: number | null;
  detail: string;
  found_at: string;
  /** The full check that last saw it. */
  pass: number;
  resolved_at: string | null;
}

/** The log of heads, its checkpoints, and checking again what is held. */
export interface IntegrityTables {
  log_leaves: LogLeafTable;
  log_tiles: LogTileTable;
  checkpoints: CheckpointTable;
  cosignatures: CosignatureTable;
  chain_checks: ChainCheckTable;
  check_passes: CheckPassTable;
  integrity_findings: IntegrityFindingTable;
}
