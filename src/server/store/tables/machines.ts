import type { Keyed } from './keyed.ts';

export interface EnrolmentTokenTable extends Keyed {
  /** SHA-256 of the secret, hexadecimal; the secret itself is never kept. */
  secret_hash: string;
  /** `oneTime`: for one machine. `school`: for any number until it expires. */
  kind: string;
  created_at: string;
  expires_at: string;
  /** The machine that used a token for one machine. */
  used_by: string | null;
  /** What lists and addresses call it; says nothing about the secret. */
  token_id: string;
  name: string;
  /** How many machines may come in with it; null for any number. */
  uses_most: number | null;
  used: number;
  /** Networks it may be used from, as a JSON list; empty for anywhere. */
  networks: string;
  /** 1: its machines wait until somebody approves them. */
  needs_approval: number;
  created_by: string;
  revoked_at: string | null;
  revoked_by: string | null;
}

/** Which machine came in with which token: each takes one place of it. */
export interface EnrolmentUseTable extends Keyed {
  token_id: string;
  device_id: string;
  at: string;
}

export interface DeviceTable extends Keyed {
  device_id: string;
  public_key: string;
  key_fingerprint: string;
  hostname: string;
  operating_system: string;
  model: string | null;
  serial: string | null;
  agent_version: string;
  enrolled_at: string;
  last_seen_at: string | null;
  clock_offset_ms: number | null;
  policy_hash: string | null;
  /** What people call it, where that is not its hostname. */
  display_name: string | null;
  /** Lower-case name it is listed under. */
  sort_name: string;
  /** Lower-case text that a search looks through. */
  search_text: string;
  /** `waiting`, `approved`, `refused` or `revoked`. */
  standing: string;
  standing_reason: string;
  standing_at: string | null;
  standing_by: string | null;
  /** The token it came in with. */
  token_id: string | null;
  /** Another machine with the same serial number, until an administrator says which is true. */
  replaces: string | null;
  /** When something last claimed to be this machine and could not show it. */
  untrusted_at: string | null;
  /** Which exchange the machine has to name next; see `src/rules/machine-standing.ts`. */
  exchange: string | null;
  exchange_before: string | null;
  /** As a JSON list. */
  exchange_displaced: string;
  exchange_sent_at: string | null;
}

/** Something found about a machine that somebody has to look into. At most one of a kind is open for a machine. */
export interface MachineFindingTable extends Keyed {
  finding_id: string;
  device_id: string;
  kind: string;
  /** Empty until it is resolved, then its own id: what makes "one open" a key. */
  closed: string;
  /** `open`, `acknowledged` or `resolved`. */
  state: string;
  detail: string;
  found_at: string;
  last_at: string;
  times: number;
  owner_id: string | null;
  owner_name: string | null;
  note: string;
  changed_at: string | null;
  changed_by: string | null;
}

/** When a trust's machines are expected to be heard of, as JSON. */
export interface SchoolHoursTable {
  trust_id: string;
  hours: string;
  changed_at: string;
  changed_by: string;
}

/** Somebody who is signed in on a machine, as far as its events have arrived. */
export interface OpenSessionTable extends Keyed {
  device_id: string;
  /** The machine's own name of the session. */
  session: string;
  /** Sign-in name in lower case. */
  account_key: string;
  account_name: string;
  since: string;
  locked_since: string | null;
}

/** Something that is wrong on a machine until it says otherwise. */
export interface MachineTroubleTable extends Keyed {
  device_id: string;
  /** Empty for what concerns the machine as a whole. */
  session: string;
  /** `lockFailed`, or what is wrong with the idle clock. */
  kind: string;
  detail: string;
  since: string;
}

/** The newest of what a machine said about itself, each as JSON. */
export interface MachineStateTable extends Keyed {
  device_id: string;
  posture: string | null;
  posture_at: string | null;
  /** Names of the checks that came out bad, separated by commas. */
  bad_checks: string;
  inventory: string | null;
  inventory_at: string | null;
}

/** Machines: how they come in, what they are, and what is found about them. */
export interface MachinesTables {
  enrolment_tokens: EnrolmentTokenTable;
  enrolment_uses: EnrolmentUseTable;
  machine_findings: MachineFindingTable;
  school_hours: SchoolHoursTable;
  devices: DeviceTable;
  open_sessions: OpenSessionTable;
  machine_troubles: MachineTroubleTable;
  machine_states: MachineStateTable;
}
