import type { Keyed } from './keyed.ts';

export interface PersonTable extends Keyed {
  person_id: string;
  /** Sign-in name in lower case: what makes a person one person within a school. */
  account_key: string;
  account_name: string;
  printed_name: string | null;
  last_seen_at: string;
  /** Their newest acceptance, by the policy's place among those published, then by when it was signed. */
  latest_acceptance_id: string | null;
  latest_publication: number | null;
  latest_title: string | null;
  latest_version: number | null;
  latest_at: string | null;
  latest_device_id: string | null;
  /** The role they chose when they last accepted something. */
  audience: string | null;
  /** When they left, who said so and what was noted; null while they work here. */
  left_at: string | null;
  left_by: string | null;
  left_note: string;
  /** The first sign of their account after they left. */
  seen_after_leaving_at: string | null;
  /** What they accepted until then does not count any more. */
  closed_at: string | null;
}

/** What a person last said about one published text. */
export interface PersonPolicyTable extends Keyed {
  person_id: string;
  policy_hash: string;
  decision: string;
  at: string;
}

export interface PolicyTable extends Keyed {
  /** Place among all publications of the trust. */
  publication: number;
  hash: string;
  policy_id: string;
  version: number;
  title: string;
  published_at: string;
  /** The signed policy as JSON. */
  signed: string;
  /** How it came to be; null for what was published before this was kept. */
  published_by: string | null;
  approved_by: string | null;
  approved_at: string | null;
  /** Why it was published, where somebody said. */
  reason: string | null;
  /** The version whose words came back. */
  restores: number | null;
  /** As the policy itself says, for lists. */
  owner: string | null;
  review_due_on: string | null;
}

/** A second signature that an acceptance needs. */
export interface CounterSignatureTable extends Keyed {
  person_id: string;
  policy_id: string;
  policy_hash: string;
  acceptance_id: string;
  accepted_at: string;
  /** `waiting`, `given` or `refused`. */
  state: string;
  decided_at: string | null;
  /** Id of the console's user. */
  decided_by: string | null;
  decided_by_name: string | null;
  /** In which office they signed. */
  office: string | null;
  note: string;
}

/** Who gives second signatures in a school, and in which office. */
export interface OfficeTable extends Keyed {
  office: string;
  user_id: string;
}

/** Something that belongs to the school and that a person has. */
export interface EquipmentTable extends Keyed {
  equipment_id: string;
  person_id: string;
  what: string;
  added_at: string;
  added_by: string;
  returned_at: string | null;
  returned_to: string | null;
}

/** A policy on its way to being published. Its text never changes. */
export interface PolicyDraftTable extends Keyed {
  draft_id: string;
  policy_id: string;
  title: string;
  hash: string;
  /** The policy as JSON. */
  policy: string;
  state: string;
  note: string;
  created_at: string;
  created_by: string;
  created_by_id: string;
  approved_at: string | null;
  approved_by: string | null;
  approved_by_id: string | null;
  approval_note: string | null;
  /** When it was published or discarded. */
  ended_at: string | null;
  ended_by: string | null;
  version: number | null;
}

/** The publication of each policy that is in force, in the order of asking. */
export interface PolicyInForceTable {
  trust_id: string;
  policy_id: string;
  publication: number;
  place: number;
}

/** People, policies, and who said what about which. */
export interface PeopleTables {
  people: PersonTable;
  person_policies: PersonPolicyTable;
  policies: PolicyTable;
  policy_drafts: PolicyDraftTable;
  policies_in_force: PolicyInForceTable;
  counter_signatures: CounterSignatureTable;
  equipment: EquipmentTable;
  offices: OfficeTable;
}
