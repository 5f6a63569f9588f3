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

/** Where alerts go. `school_id` of these tables is `*` for every school; `settings`, `terms` and the like are JSON. */
export interface AlertChannelTable extends Keyed {
  channel_id: string;
  kind: string;
  name: string;
  settings: string;
  /** What is secret, as JSON, encrypted. */
  sealed: string | null;
  enabled: number;
  created_at: string;
  last_success_at: string | null;
  last_failure_at: string | null;
  last_failure: string | null;
}

export interface AlertRuleTable extends Keyed {
  rule_id: string;
  name: string;
  terms: string;
  enabled: number;
  created_at: string;
  last_alert_at: string | null;
}

/** What a rule remembers of one school. */
export interface AlertStateTable extends Keyed {
  rule_id: string;
  state: string;
  held_back: number;
  /** The newest match, for the summary of what was held back. */
  newest: string;
}

/** How far events and the audit trail have been looked at. */
export interface AlertCursorTable {
  trust_id: string;
  name: string;
  value: number;
}

/** Findings that were counted already, so that none is alerted on twice. */
export interface AlertFindingTable {
  trust_id: string;
  finding: string;
  counted: number;
  seen_at: string;
}

export interface AlertTable extends Keyed {
  alert_id: string;
  /** Growing in the order alerts were raised. */
  number: number;
  kind: string;
  rule_id: string | null;
  rule_name: string;
  at: string;
  message: string;
}

/** The way of an alert to one receiver of a channel. */
export interface AlertDeliveryTable extends Keyed {
  delivery_id: string;
  /** Growing in the order alerts were raised: each receiver gets them in this order. */
  number: number;
  alert_id: string;
  channel_id: string;
  channel_name: string;
  /** The mail address; empty for a webhook. */
  target: string;
  state: string;
  attempts: number;
  created_at: string;
  next_at: string;
  settled_at: string | null;
  error: string | null;
}

export interface AlertDigestTable extends Keyed {
  settings: string;
  enabled: number;
}

/** Events passed on as they are committed. `position` is the number of the last event the receiver has. */
export interface EventFeedTable extends Keyed {
  feed_id: string;
  kind: string;
  name: string;
  settings: string;
  sealed: string | null;
  enabled: number;
  created_at: string;
  position: number;
  sent: number;
  refused: number;
  failures: number;
  next_at: string;
  last_success_at: string | null;
  last_failure_at: string | null;
  last_failure: string | null;
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

export interface Tables {
  retention_rules: RetentionRuleTable;
  legal_holds: LegalHoldTable;
  purges: PurgeTable;
  log_leaves: LogLeafTable;
  log_tiles: LogTileTable;
  checkpoints: CheckpointTable;
  cosignatures: CosignatureTable;
  chain_checks: ChainCheckTable;
  check_passes: CheckPassTable;
  integrity_findings: IntegrityFindingTable;
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
  policy_drafts: PolicyDraftTable;
  policies_in_force: PolicyInForceTable;
  counter_signatures: CounterSignatureTable;
  equipment: EquipmentTable;
  offices: OfficeTable;
  open_sessions: OpenSessionTable;
  machine_troubles: MachineTroubleTable;
  machine_states: MachineStateTable;
  usb_devices: UsbDeviceTable;
  usb_plugs: UsbPlugTable;
  usb_requests: UsbRequestTable;
  usb_grants: UsbGrantTable;
  usb_permits: UsbPermitTable;
  usb_codes: UsbCodeTable;
  alert_channels: AlertChannelTable;
  alert_rules: AlertRuleTable;
  alert_states: AlertStateTable;
  alert_cursors: AlertCursorTable;
  alert_findings: AlertFindingTable;
  alerts: AlertTable;
  alert_deliveries: AlertDeliveryTable;
  alert_digests: AlertDigestTable;
  event_feeds: EventFeedTable;
  user: AuthUserTable;
  session: AuthSessionTable;
  account: AuthAccountTable;
  verification: AuthVerificationTable;
}
