import type { Keyed } from './keyed.ts';

export interface SchoolTable extends Keyed {
  name: string;
  created_at: string;
}

/** Numbers given out inside a transaction, so that they grow in the order of commits. */
export interface CounterTable {
  trust_id: string;
  name: string;
  value: number;
}

/** With which keys a database was begun: a server with others must not go on with it. */
export interface ServerIdentityTable {
  trust_id: string;
  /** SHA-256 of the public key that signs policies and receipts. */
  key_fingerprint: string;
  /** SHA-256 of the secret that signs session cookies. */
  session_secret_hash: string;
  since: string;
}

/** What a trust is: its schools, the numbers it gives out, and the keys it was begun with. */
export interface TrustTables {
  server_identity: ServerIdentityTable;
  schools: SchoolTable;
  counters: CounterTable;
}
