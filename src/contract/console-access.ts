import { z } from 'zod';
import { auditAction, auditEntry } from './audit.ts';
import { instant, shownLine } from './primitives.ts';
import { role, roleGrant, schoolId } from './roles.ts';

/** Where sign-in, users, schools, openings and the audit trail are found; `:name` stands for one part of the path, URL-encoded. */
export const accessPaths = {
  signInWays: '/v1/console/sign-in/ways',
  signInPassword: '/v1/console/sign-in/password',
  signInSecondFactor: '/v1/console/sign-in/second-factor',
  signInPasskeyOptions: '/v1/console/sign-in/passkey/options',
  signInPasskey: '/v1/console/sign-in/passkey',
  signInProvider: '/v1/console/sign-in/provider',
  account: '/v1/console/account',
  accountPassword: '/v1/console/account/password',
  accountTotp: '/v1/console/account/totp',
  accountTotpConfirm: '/v1/console/account/totp/confirm',
  accountBackupCodes: '/v1/console/account/backup-codes',
  accountPasskeys: '/v1/console/account/passkeys',
  accountPasskeyOptions: '/v1/console/account/passkeys/options',
  accountPasskeyRemove: '/v1/console/account/passkeys/:id/remove',
  accountSessionEnd: '/v1/console/account/sessions/:id/end',
  users: '/v1/console/users',
  userRoles: '/v1/console/users/:id/roles',
  userDisable: '/v1/console/users/:id/disable',
  userEnable: '/v1/console/users/:id/enable',
  userReset: '/v1/console/users/:id/reset',
  userEndSessions: '/v1/console/users/:id/end-sessions',
  schools: '/v1/console/schools',
  school: '/v1/console/schools/:id',
  opening: '/v1/console/people/:id/opening',
  openings: '/v1/console/openings',
  ownOpenings: '/v1/console/openings/own',
  openingAnswer: '/v1/console/openings/:id/answer',
  audit: '/v1/console/audit',
  auditVerify: '/v1/console/audit/verify',
  auditExport: '/v1/console/audit/export',
  accessSettings: '/v1/console/access-settings',
} as const;

/**
 * Problem codes the pages react to. All travel as RFC 9457 documents whose `detail` says what to do.
 * - `signIn.refused` (401): e-mail address, password, code or passkey is not right. Never says which.
 * - `signIn.wait` (429): too many failures; `Retry-After` says how many seconds to wait.
 * - `signIn.expired` (401): the password was given too long ago, or in another browser; begin again.
 * - `console.setUpNeeded` (403): signed in, but a way to sign in must be set up first; go to the account's set-up page.
 * - `console.reasonNeeded` (403): this person's record is not open for you; say why with `POST …/opening`.
 * - `console.approvalNeeded` (403): your reason is kept and waits for somebody else's agreement.
 */
export const accessProblem = z.enum([
  'signIn.refused',
  'signIn.wait',
  'signIn.expired',
  'console.setUpNeeded',
  'console.reasonNeeded',
  'console.approvalNeeded',
]);
export type AccessProblem = z.infer<typeof accessProblem>;

// ── Signing in ───────────────────────────────────────────────────────────────

/** Ways to sign in on this server. Says nothing about any user. */
export const signInWays = z.object({
  password: z.boolean(),
  passkey: z.boolean(),
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type SignInWays = z.infer<typeof signInWays>;

const emailAddress = z.email('must be an e-mail address').max(200).trim().toLowerCase();
export const passwordLengthLeast = 12;
export const passwordLengthMost = 128;
const anyPassword = z.string().min(1).max(passwordLengthMost);

export const signInPassword = z.strictObject({ email: emailAddress, password: anyPassword });
/** What is next: the code of an authenticator app; setting one up; or nothing, you are in. */
export const signInStep = z.object({ next: z.enum(['secondFactor', 'setUp', 'signedIn']) });
export type SignInStep = z.infer<typeof signInStep>;

/** `totp`: six digits of the authenticator app. `backup`: one of the backup codes, which then is used up. */
export const secondFactor = z.strictObject({
  kind: z.enum(['totp', 'backup']),
  code: z.string().trim().min(1).max(40),
});

/** `PublicKeyCredentialRequestOptionsJSON` or `…CreationOptionsJSON` (WebAuthn Level 3 §5.1), for the browser as they are. */
export const passkeyOptions = z.looseObject({ challenge: z.string() });
const base64url = z.string().max(100_000);
const credential = {
  id: z.string().min(1).max(2_000),
  rawId: z.string().min(1).max(2_000),
  type: z.literal('public-key'),
  clientExtensionResults: z.record(z.string(), z.unknown()),
};
/** `AuthenticationResponseJSON` (WebAuthn Level 3 §5.1), from the browser as it is. */
export const passkeyAssertion = z.looseObject({
  ...credential,
  response: z.looseObject({ clientDataJSON: base64url, authenticatorData: base64url, signature: base64url }),
});
export type PasskeyAssertion = z.infer<typeof passkeyAssertion>;
/** `RegistrationResponseJSON` (WebAuthn Level 3 §5.1), from the browser as it is. */
export const passkeyRegistration = z.looseObject({
  ...credential,
  response: z.looseObject({ clientDataJSON: base64url, attestationObject: base64url }),
});
export const signInPasskey = z.strictObject({ response: passkeyAssertion });

/** `POST …/sign-in/provider`: the page then goes to `url`. The way back ends at `/`, or `/sign-in?problem=provider`. */
export const signInProvider = z.strictObject({ provider: z.string().min(1).max(60) });
export const providerAddress = z.object({ url: z.url() });

// ── One's own account ────────────────────────────────────────────────────────

/**
 * `done`: there is a way to sign in again. `asked`: there is none, and the console asks for one.
 * `needed`: nothing else can be done before there is.
 */
export const setUpState = z.enum(['done', 'asked', 'needed']);
export type SetUpState = z.infer<typeof setUpState>;

export const ownPasskey = z.object({ id: z.string(), name: z.string(), createdAt: instant.nullable() });
export const ownSession = z.object({
  id: z.string(),
  /** The one this request was made with. */
  current: z.boolean(),
  createdAt: instant,
  expiresAt: instant,
  address: z.string().nullable(),
  browser: z.string().nullable(),
});
export const ownAccount = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  setUp: setUpState,
  /** What is missing, in one sentence; null when nothing is. */
  setUpSentence: z.string().nullable(),
  password: z.boolean(),
  totp: z.boolean(),
  backupCodesLeft: z.int().min(0),
  passkeys: z.array(ownPasskey),
  /** Names of the providers one signed in with before. */
  providers: z.array(z.string()),
  sessions: z.array(ownSession),
});
export type OwnAccount = z.infer<typeof ownAccount>;

/** `PUT …/account/password`. `current` is asked for when there is a password. Ends one's other sessions. */
export const setPassword = z.strictObject({
  current: anyPassword.optional(),
  password: z
    .string()
    .min(passwordLengthLeast, `must have at least ${passwordLengthLeast} characters`)
    .max(passwordLengthMost, `must have at most ${passwordLengthMost} characters`),
});

/** `POST …/account/totp`: begins; counts once `…/confirm` saw a right code. */
export const startTotp = z.strictObject({ password: anyPassword });
export const startedTotp = z.object({
  /** `otpauth://totp/…`, to be shown as a QR code. */
  otpauthUri: z.string(),
  /** The same secret in Base32, to be typed. */
  secret: z.string(),
  /** Each signs in once when the phone is lost. Shown this once. */
  backupCodes: z.array(z.string()),
});
export const confirmTotp = z.strictObject({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'must be the six digits of the app'),
});
export const newBackupCodes = z.strictObject({ password: anyPassword });
export const backupCodes = z.object({ backupCodes: z.array(z.string()) });
/** `POST …/account/passkeys`. */
export const addPasskey = z.strictObject({
  name: shownLine(100).min(1, 'give it a name'),
  response: passkeyRegistration,
});

// ── Users ────────────────────────────────────────────────────────────────────

export const userState = z.enum(['invited', 'active', 'disabled']);
export const userRow = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  state: userState,
  roles: z.array(roleGrant),
  createdAt: instant,
  lastSignInAt: instant.nullable(),
  password: z.boolean(),
  totp: z.boolean(),
  passkeys: z.int().min(0),
  /** Names of the providers they signed in with. */
  providers: z.array(z.string()),
  sessions: z.int().min(0),
  /** You may change them: they are not yourself, and every role they have is for schools you manage. */
  manageable: z.boolean(),
});
export type UserRow = z.infer<typeof userRow>;
export const users = z.object({ items: z.array(userRow) });

const roleGrants = z.array(roleGrant).max(role.options.length);
/** `POST …/users`. */
export const inviteUser = z.strictObject({
  name: shownLine(200).min(1, 'say who it is'),
  email: emailAddress,
  roles: roleGrants.min(1, 'give at least one role'),
});
export type InviteUser = z.infer<typeof inviteUser>;
/** The link is shown this once; whoever opens it first is that user. Hand it over in person or by a message of your own. */
export const userLink = z.object({ id: z.string(), link: z.url(), expiresAt: instant });
/** `PUT …/users/:id/roles`: exactly these from now on. Ends their sessions. */
export const setRoles = z.strictObject({ roles: roleGrants });
/**
 * `POST …/users/:id/reset` answers with a `userLink`: authenticator app, backup codes, passkeys and password are removed,
 * sessions end, and the person sets up a way to sign in again with the link.
 */
export const done = z.object({});

// ── Schools ──────────────────────────────────────────────────────────────────

export const schoolRow = z.object({
  id: schoolId,
  name: z.string(),
  createdAt: instant,
  machines: z.int().min(0),
  people: z.int().min(0),
});
export type SchoolRow = z.infer<typeof schoolRow>;
export const schools = z.object({ items: z.array(schoolRow) });
const schoolName = shownLine(200).min(1, 'give it a name');
/** `POST …/schools`. The id is made from the name where it is not given; it is never changed. */
export const addSchool = z.strictObject({ id: schoolId.optional(), name: schoolName });
/** `PUT …/schools/:id`. */
export const renameSchool = z.strictObject({ name: schoolName });

// ── Opening a person's record ────────────────────────────────────────────────

export const openingCategory = z.enum([
  'safeguarding',
  'incident',
  'policyQuestion',
  'rightsRequest',
  'technicalFault',
  'audit',
  'other',
]);
export type OpeningCategory = z.infer<typeof openingCategory>;
/**
 * `pending`: waits for a second person. `open`: the record can be looked at until `until`. `ended`: the time is over.
 * `refused`: the second person said no. `lapsed`: nobody answered in time.
 */
export const openingState = z.enum(['pending', 'open', 'ended', 'refused', 'lapsed']);
export type OpeningState = z.infer<typeof openingState>;

/** `POST …/people/:id/opening`. */
export const askOpening = z.strictObject({
  category: openingCategory,
  reason: z.string().trim().min(10, 'say why in at least 10 characters').max(1_000),
});
export type AskOpening = z.infer<typeof askOpening>;

export const openingRow = z.object({
  id: z.string(),
  personId: z.string(),
  personName: z.string(),
  schoolId,
  category: openingCategory,
  reason: z.string(),
  state: openingState,
  askedBy: z.object({ id: z.string(), name: z.string() }),
  askedAt: instant,
  /** When it lapses if nobody answers; null when no second person is needed. */
  answerBefore: instant.nullable(),
  answeredBy: z.string().nullable(),
  answeredAt: instant.nullable(),
  note: z.string(),
  /** Until when it is open; null before it is. */
  until: instant.nullable(),
  /** You asked for it yourself, so somebody else must answer. */
  own: z.boolean(),
});
export type OpeningRow = z.infer<typeof openingRow>;

/** `GET …/people/:id/opening`: what stands between you and this person's record. */
export const openingNow = z.object({
  /** The record can be looked at now. */
  open: z.boolean(),
  /** Somebody else has to agree, and these may; empty when nobody has to. */
  secondPersonNeeded: z.boolean(),
  approvers: z.array(z.string()),
  /** How long an opening lasts. */
  minutes: z.int().min(1),
  /** Your newest one for this person. */
  opening: openingRow.nullable(),
});
export type OpeningNow = z.infer<typeof openingNow>;

/** `GET …/openings`: those waiting first, then the newest. */
export const openings = z.object({ items: z.array(openingRow) });
/** `POST …/openings/:id/answer`. */
export const answerOpening = z.discriminatedUnion('answer', [
  z.strictObject({ answer: z.literal('approved'), note: z.string().trim().max(500) }),
  z.strictObject({ answer: z.literal('refused'), note: z.string().trim().min(1, 'say why').max(500) }),
]);
export type AnswerOpening = z.infer<typeof answerOpening>;

// ── The audit trail ──────────────────────────────────────────────────────────

export const auditQuery = z.object({
  /** `next` of the page before. */
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** Id of a user, `operator` or `server`. */
  actor: z.string().max(200).optional(),
  action: auditAction.optional(),
  subject: z.string().max(300).optional(),
  school: schoolId.optional(),
  from: instant.optional(),
  until: instant.optional(),
});
export type AuditQuery = z.infer<typeof auditQuery>;

/** An entry with a sentence a person reads. */
export const auditRow = auditEntry.extend({ sentence: z.string() });
export type AuditRow = z.infer<typeof auditRow>;
/** Newest first. */
export const auditList = z.object({ items: z.array(auditRow), next: z.int().nullable() });

/** Does the whole trail hold together? */
export const auditVerdict = z.object({
  sound: z.boolean(),
  entries: z.int().min(0),
  /** Hash of the newest entry: noted elsewhere, it fixes everything before it. Null for an empty trail. */
  head: z.string().nullable(),
  checkedAt: instant,
  /** The first entry that does not follow from those before it, and what is wrong with it. */
  firstBad: z.object({ number: z.int().min(1), why: z.string() }).nullable(),
});
export type AuditVerdict = z.infer<typeof auditVerdict>;
/** `GET …/audit/export`: takes `auditQuery`'s filters; JSON lines (one `auditEntry` each), oldest first, without a limit. */
export const auditExportQuery = auditQuery.omit({ before: true, limit: true });

// ── Settings of access ───────────────────────────────────────────────────────

/** For the whole trust. `GET` and `PUT`. */
export const accessSettings = z.strictObject({
  /** Opening a person's record needs somebody else's agreement. */
  secondPerson: z.boolean(),
  openingMinutes: z.int().min(5).max(240),
});
export type AccessSettings = z.infer<typeof accessSettings>;
