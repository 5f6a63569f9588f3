import type { Keyed } from './keyed.ts';

/** For how long a category is kept; school `*` is what the trust decided for all. */
export interface RetentionRuleTable extends Keyed {
  category: string;
  keep_from: string;
  months: number;
  changed_at: string;
  changed_by: string;
}

/** What must not be removed, and why. A hold counts until it is ended. */
export interface LegalHoldTable extends Keyed {
  hold_id: string;
  kind: string;
  person_id: string | null;
  device_id: string | null;
  from_at: string | null;
  to_at: string | null;
  reason: string;
  /** Who answers for it. */
  owner: string;
  /** Calendar date. */
  review_on: string;
  created_at: string;
  created_by: string;
  ended_at: string | null;
  ended_by: string | null;
  end_reason: string | null;
}

/** One removal, by retention or of one person; `running` until everything is gone. */
export interface PurgeTable extends Keyed {
  purge_id: string;
  kind: string;
  state: string;
  person_id: string | null;
  /** Sign-in name of the person in lower case; empty once the removal is over. */
  account_key: string | null;
  keep_acceptances: number;
  reason: string;
  /** Who decided it, as JSON. */
  actor: string;
  started_at: string;
  ended_at: string | null;
  /** What was in force for each category, as JSON. */
  rules: string;
  /** Records removed for each category, as JSON. */
  counts: string;
  /** Rows besides the record that were removed with them. */
  other_rows: number;
  oldest_at: string | null;
  newest_at: string | null;
  /** SHA-256 over the one before and the places and body hashes of each batch. */
  digest: string;
  /** Records left because of a hold. */
  still_held: number;
  audit_number: number | null;
  audit_hash: string | null;
}

/** How long things are kept, what must stay, and what was removed. */
export interface RetentionTables {
  retention_rules: RetentionRuleTable;
  legal_holds: LegalHoldTable;
  purges: PurgeTable;
}
