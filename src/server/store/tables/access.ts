import type { Keyed } from './keyed.ts';

/** Somebody's case for looking into one person's record. */
export interface PersonOpeningTable extends Keyed {
  opening_id: string;
  person_id: string;
  user_id: string;
  user_name: string;
  category: string;
  reason: string;
  asked_at: string;
  answer_before: string | null;
  answer: string | null;
  answered_at: string | null;
  answered_by: string | null;
  answered_by_id: string | null;
  note: string;
  until: string | null;
}

export interface AccessSettingTable {
  trust_id: string;
  second_person: number;
  opening_minutes: number;
}

/** The audit trail: written once, never changed. `body` is what was hashed. */
export interface AuditEntryTable {
  trust_id: string;
  number: number;
  school_id: string | null;
  at: string;
  actor_id: string;
  action: string;
  subject: string | null;
  body: string;
  prev: string;
  hash: string;
}

/** Looking into one person’s record, and the trail of what everybody did. */
export interface AccessTables {
  person_openings: PersonOpeningTable;
  access_settings: AccessSettingTable;
  audit_entries: AuditEntryTable;
}
