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
}

/** What a person last said about one published text. */
export interface PersonPolicyTable extends Keyed {
  person_id: string;
  policy_hash: string;
  decision: string;
  at: string;
}

export interface PolicyTable extends Keyed {
  /** Place among all publications of the trust: the highest is the current one. */
  publication: number;
  hash: string;
  policy_id: string;
  version: number;
  title: string;
  published_at: string;
  /** The signed policy as JSON. */
  signed: string;
}

/** People, policies, and who said what about which. */
export interface PeopleTables {
  people: PersonTable;
  person_policies: PersonPolicyTable;
  policies: PolicyTable;
}
