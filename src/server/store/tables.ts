import type { ColumnType, Generated } from 'kysely';

/**
 * The central endpoint's tables. Every table of ours is keyed with `trust_id` first (and carries `school_id` where a
 * row belongs to one school), so that the same tables distribute by trust on PostgreSQL and Citus.
 * Instants are text in the form of `Date.prototype.toISOString`; they sort as they read.
 */
interface Keyed {
  trust_id: string;
  school_id: string;
}

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

/** A USB device by maker, product and serial. `device` columns hold the device as JSON, as it last said of itself. */
export interface UsbDeviceTable extends Keyed {
  key_id: string;
  key: string;
  device: string;
  search_text: string;
  first_seen_at: string;
  last_seen_at: string;
  last_device_id: string;
  last_account_name: string | null;
}

/** One insertion. `device_id` is the machine's. */
export interface UsbPlugTable extends Keyed {
  device_id: string;
  plug: string;
  key_id: string;
  device: string;
  account_name: string | null;
  inserted_at: string;
  removed_at: string | null;
  action: string;
  state: string;
  decided_by: string;
  usable_for_ms: number | null;
}

export interface UsbRequestTable extends Keyed {
  request_id: string;
  device_id: string;
  key_id: string;
  device: string;
  account_name: string;
  reason: string;
  asked_at: string;
  state: string;
  answered_at: string | null;
  answered_by: string | null;
  note: string;
  until: string | null;
}

export interface UsbGrantTable extends Keyed {
  grant_id: string;
  vendor_id: string;
  product_id: string;
  serial: string | null;
  device_name: string;
  key_id: string | null;
  account_name: string | null;
  machine_group: string | null;
  /** The machine it is for; null for every one. */
  device_id: string | null;
  created_at: string;
  created_by: string;
  reason: string;
  until: string;
  revoked_at: string | null;
  revoked_by: string | null;
  request_id: string | null;
}

/** What was last signed for each machine. */
export interface UsbPermitTable extends Keyed {
  device_id: string;
  code_key: string;
  digest: string;
  issued_at: string;
}

/** Codes that were made to be read out; never the code itself. */
export interface UsbCodeTable extends Keyed {
  device_id: string;
  device_code: string;
  minutes: number;
  reason: string;
  created_at: string;
  created_by: string;
}

/** Tables of better-auth (https://www.better-auth.com/docs/concepts/database#core-schema). */
type AuthInstant = ColumnType<string, string, string>;
export interface AuthUserTable {
  id: string;
  name: string;
  email: string;
  emailVerified: number;
  image: string | null;
  createdAt: AuthInstant;
  updatedAt: AuthInstant;
  twoFactorEnabled: number | null;
}
export interface AuthSessionTable {
  id: string;
  expiresAt: AuthInstant;
  token: string;
  createdAt: AuthInstant;
  updatedAt: AuthInstant;
  ipAddress: string | null;
  userAgent: string | null;
  userId: string;
}
export interface AuthAccountTable {
  id: string;
  accountId: string;
  providerId: string;
  userId: string;
  accessToken: string | null;
  refreshToken: string | null;
  idToken: string | null;
  accessTokenExpiresAt: AuthInstant | null;
  refreshTokenExpiresAt: AuthInstant | null;
  scope: string | null;
  password: string | null;
  createdAt: AuthInstant;
  updatedAt: AuthInstant;
}
export interface AuthVerificationTable {
  id: Generated<string>;
  identifier: string;
  value: string;
  expiresAt: AuthInstant;
  createdAt: AuthInstant;
  updatedAt: AuthInstant;
}

/** Of better-auth's two-factor plugin; secret and backup codes are encrypted. */
export interface AuthTwoFactorTable {
  id: string;
  secret: string;
  backupCodes: string;
  userId: string;
  verified: number | null;
  failedVerificationCount: number | null;
  lockedUntil: AuthInstant | null;
}
/** Of better-auth's passkey plugin. */
export interface AuthPasskeyTable {
  id: string;
  name: string | null;
  publicKey: string;
  userId: string;
  credentialID: string;
  counter: number;
  deviceType: string;
  backedUp: number;
  transports: string | null;
  createdAt: AuthInstant | null;
  aaguid: string | null;
}

/** What the console knows of a user beyond better-auth's tables. */
export interface ConsoleUserTable {
  trust_id: string;
  user_id: string;
  created_at: string;
  /** 1: nothing can be done before there is a way to sign in again. 0: it is asked for. */
  must_set_up: number;
  disabled_at: string | null;
  last_sign_in_at: string | null;
  /** SHA-256 of the authenticator code that signed in last, which does not sign in again (RFC 6238 §5.2). */
  last_code_hash: string | null;
  last_code_at: string | null;
}

/** One-time links of invited users; only a hash of the token is kept. */
export interface SignInLinkTable {
  trust_id: string;
  token_hash: string;
  user_id: string;
  expires_at: string;
}

/** Failures to sign in, by account (hashed e-mail address) and by network address, for the growing waits. */
export interface SignInAttemptTable {
  trust_id: string;
  /** `account:…` or `address:…`. */
  attempt_key: string;
  failures: number;
  last_at: string;
}

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

/** A role somebody has, for one school or, as `*`, for all of them. */
export interface ConsoleRoleTable {
  trust_id: string;
  user_id: string;
  role: string;
  school_id: string;
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

/** With which keys a database was begun: a server with others must not go on with it. */
export interface ServerIdentityTable {
  trust_id: string;
  /** SHA-256 of the public key that signs policies and receipts. */
  key_fingerprint: string;
  /** SHA-256 of the secret that signs session cookies. */
  session_secret_hash: string;
  since: string;
}

export interface Tables {
  server_identity: ServerIdentityTable;
  twoFactor: AuthTwoFactorTable;
  passkey: AuthPasskeyTable;
  console_users: ConsoleUserTable;
  sign_in_links: SignInLinkTable;
  sign_in_attempts: SignInAttemptTable;
  person_openings: PersonOpeningTable;
  access_settings: AccessSettingTable;
  console_roles: ConsoleRoleTable;
  audit_entries: AuditEntryTable;
  schools: SchoolTable;
  counters: CounterTable;
  enrolment_tokens: EnrolmentTokenTable;
  enrolment_uses: EnrolmentUseTable;
  machine_findings: MachineFindingTable;
  school_hours: SchoolHoursTable;
  devices: DeviceTable;
  chains: ChainTable;
  heads: HeadTable;
  receipts: ReceiptTable;
  records: RecordTable;
  forks: ForkTable;
  rejected_batches: RejectedBatchTable;
  people: PersonTable;
  person_policies: PersonPolicyTable;
  policies: PolicyTable;
  open_sessions: OpenSessionTable;
  machine_troubles: MachineTroubleTable;
  machine_states: MachineStateTable;
  usb_devices: UsbDeviceTable;
  usb_plugs: UsbPlugTable;
  usb_requests: UsbRequestTable;
  usb_grants: UsbGrantTable;
  usb_permits: UsbPermitTable;
  usb_codes: UsbCodeTable;
  user: AuthUserTable;
  session: AuthSessionTable;
  account: AuthAccountTable;
  verification: AuthVerificationTable;
}
