import { z } from 'zod';
import { versionLife } from './console-policies.ts';
import { setUpState } from './console-access.ts';
import { account, eventBody, eventType } from './event.ts';
import { idleFinding } from './lock.ts';
import { findingKind, standing } from './machine-standing.ts';
import { inventory, posture } from './machine-state.ts';
import { postureCheckName } from './policy-rules.ts';
import { signedPolicy } from './policy.ts';
import { calendarDate, deviceId, epochNumber, instant, sequenceNumber, sha256Hex } from './primitives.ts';
import { receipt, sealedRecord } from './record.ts';
import { permission, roleGrant } from './roles.ts';

/** Where the console's answers are found; `:name` stands for one part of the path, URL-encoded. */
export const consolePaths = {
  me: '/v1/console/me',
  overview: '/v1/console/overview',
  people: '/v1/console/people',
  person: '/v1/console/people/:id',
  events: '/v1/console/events',
  /** Server-sent events; each `data` is one `eventRow`, its `id` the row's id. */
  eventStream: '/v1/console/events/stream',
  event: '/v1/console/events/:id',
  acceptance: '/v1/console/acceptances/:id',
  machines: '/v1/console/machines',
  machine: '/v1/console/machines/:id',
  policies: '/v1/console/policies',
  policy: '/v1/console/policies/:hash',
  withdrawPolicy: '/v1/console/policies/:hash/withdraw',
  orderPolicies: '/v1/console/policies/order',
  signOut: '/api/auth/sign-out',
} as const;

/** Opaque position in a list; pass it back to go on. */
const cursor = z.string().max(200);
const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: cursor.nullable() });

export const consoleUser = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  roles: z.array(roleGrant),
  /** Everything the roles allow somewhere: what the console offers. The server asks again at every request. */
  permissions: z.array(permission),
  /** Whether there is a way to sign in again; see `console-access.ts`. */
  setUp: setUpState,
});
export type ConsoleUser = z.infer<typeof consoleUser>;

/** Something a person has to look at, with where to look. */
export const attention = z.object({
  kind: z.enum([
    'fork',
    'integrity',
    'rejectedBatch',
    'notAccepted',
    'noMachines',
    'noPolicy',
    'reviewOverdue',
    'draftWaiting',
    'silentMachine',
    'lockFailed',
    'idleDetection',
    'sameAccount',
    'posture',
    'deviceRequest',
    'deviceNotBlocked',
    'deviceControl',
    'holdReview',
    'alertNotDelivered',
    'feedBehind',
    'machinesWaiting',
    'clonedMachine',
    'rolledBackMachine',
    'reinstalledMachine',
    'untrustedMachine',
    'goneMachine',
    'counterSignature',
    'leaverSeen',
    'equipment',
  ]),
  sentence: z.string(),
  href: z.string(),
});

/** The published policy without its text. */
export const policySummary = z.object({
  id: z.string(),
  title: z.string(),
  version: z.int().min(1),
  hash: sha256Hex,
  publishedAt: instant,
  /** In force now. */
  current: z.boolean(),
  /** The how many-th people are asked for; null where it is not in force. */
  place: z.int().min(1).nullable(),
  acceptances: z.int().min(0),
  life: versionLife,
});
export type PolicySummary = z.infer<typeof policySummary>;

export const personStatus = z.enum(['accepted', 'outdated', 'declined', 'notAccepted']);
export type PersonStatus = z.infer<typeof personStatus>;

export const overview = z.object({
  /** People seen on an enrolled machine. */
  people: z.int().min(0),
  /** Of those, who accepted the current version. */
  accepted: z.int().min(0),
  machines: z.int().min(0),
  eventsToday: z.int().min(0),
  /** The one that says what machines do; null while none is in force. */
  policy: policySummary.nullable(),
  attention: z.array(attention),
  /** How many people there are in each status. */
  statuses: z.record(personStatus, z.int().min(0)).optional(),
  /** Acceptances on each of the last 14 days in the school's time zone, oldest first, days without any included. */
  acceptancesByDay: z.array(z.object({ day: calendarDate, count: z.int().min(0) })).optional(),
});
export type Overview = z.infer<typeof overview>;

export const personSummary = z.object({
  id: z.string(),
  name: z.string(),
  /** As they printed it on their newest acceptance. */
  printedName: z.string().nullable(),
  status: personStatus,
  /** Where an acceptance in force needs a second signature; `refused` and `waiting` come before `given`. */
  counterSignature: z.enum(['waiting', 'given', 'refused']).nullable(),
  /** When they left; null while they work here. Who left is not counted. */
  leftAt: instant.nullable(),
  lastSeenAt: instant,
  latest: z
    .object({
      acceptanceId: z.string(),
      policyTitle: z.string(),
      policyVersion: z.int(),
      at: instant,
      machine: z.string(),
    })
    .nullable(),
});
export type PersonSummary = z.infer<typeof personSummary>;
export const people = pageOf(personSummary);

export const eventRow = z.object({
  /** The server's own number for it, growing as events arrive. Also the SSE event id. */
  id: z.string(),
  /** The school whose machine recorded it. */
  schoolId: z.string(),
  deviceId,
  machine: z.string(),
  epoch: epochNumber,
  seq: sequenceNumber,
  at: instant,
  receivedAt: instant,
  type: eventType,
  account: account.nullable(),
  /** One sentence a person reads. */
  summary: z.string(),
  acceptanceId: z.string().nullable(),
  /** Null once retention removed it. */
  body: eventBody.nullable(),
});
export type EventRow = z.infer<typeof eventRow>;
export const events = pageOf(eventRow);
export const eventsQuery = z.object({
  before: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  type: eventType.optional(),
  person: z.string().max(200).optional(),
  machine: deviceId.optional(),
  /** When it happened: from this moment on … */
  from: instant.optional(),
  /** … and before this one. */
  to: instant.optional(),
  search: z.string().trim().max(200).optional(),
});

export const peopleQuery = z.object({
  after: cursor.optional(),
  status: personStatus.optional(),
  /** Only who waits for a second signature, or only who left. */
  only: z.enum(['waiting', 'left']).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  search: z.string().trim().max(200).optional(),
});

/** One person, with their newest acceptances and events, newest first. */
export const personDetail = personSummary.extend({
  acceptances: z.array(eventRow),
  recentEvents: z.array(eventRow),
});
export type PersonDetail = z.infer<typeof personDetail>;

/**
 * `lockFailed`: the operating system did not lock when asked. `usb…`: a device that should be blocked can be used, devices
 * cannot be seen, or not be held. The others are about the idle clock.
 */
export const troubleKind = z.enum([
  'lockFailed',
  'usbNotBlocked',
  'usbNotWatched',
  'usbNotHeld',
  ...idleFinding.options,
]);
export type TroubleKind = z.infer<typeof troubleKind>;

export const machineSummary = z.object({
  deviceId,
  /** What people call it: the name it was given here, else its hostname. */
  name: z.string(),
  hostname: z.string(),
  schoolId: z.string(),
  school: z.string(),
  standing,
  /** Why, when and by whom it stands like this; empty and null where nobody decided. */
  standingReason: z.string(),
  standingAt: instant.nullable(),
  standingBy: z.string().nullable(),
  /** What was found about it and is not resolved. */
  findings: z.array(findingKind),
  /** Another machine with the same serial number: is this the same computer, set up again? */
  replaces: z.object({ deviceId, name: z.string() }).nullable(),
  operatingSystem: z.string(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  agentVersion: z.string(),
  enrolledAt: instant,
  lastSeenAt: instant.nullable(),
  /** Server clock minus machine clock at the last sync, milliseconds. */
  clockOffsetMs: z.int().nullable(),
  epoch: epochNumber.nullable(),
  head: sequenceNumber.nullable(),
  policyHash: sha256Hex.nullable(),
  keyFingerprint: sha256Hex,
  forks: z.int().min(0),
  /** Who is signed in there, as of the machine's newest events. */
  sessions: z.array(z.object({ accountName: z.string(), since: instant, lockedSince: instant.nullable() })),
  /** What is wrong there until the machine says otherwise. */
  troubles: z.array(z.object({ kind: troubleKind, detail: z.string(), since: instant })),
  /** Checks of how it is protected that came out bad. */
  badChecks: z.array(postureCheckName),
});
export type MachineSummary = z.infer<typeof machineSummary>;
export const machines = pageOf(machineSummary);

/** One machine with what it last said about itself; null where it has not said it yet. */
export const machineDetail = machineSummary.extend({
  posture: posture.extend({ at: instant }).nullable(),
  inventory: inventory.extend({ at: instant }).nullable(),
});
export type MachineDetail = z.infer<typeof machineDetail>;
export const policies = z.object({ items: z.array(policySummary) });

/** One question asked of the stored evidence, and its answer. */
export const verificationCheck = z.object({ name: z.string(), ok: z.boolean(), detail: z.string() });
export const acceptanceDetail = z.object({
  id: z.string(),
  event: eventRow,
  record: sealedRecord,
  policy: signedPolicy,
  receipt: receipt.nullable(),
  verification: z.object({ sound: z.boolean(), checkedAt: instant, checks: z.array(verificationCheck) }),
});
export type AcceptanceDetail = z.infer<typeof acceptanceDetail>;

/** `POST /v1/policies`: publish. The server gives version, hash and signature. */
export const publishAnswer = z.object({ published: signedPolicy, alreadyCurrent: z.boolean() });

/** `POST /v1/sign-in-links`, with the operator token: a fresh one-time link for the administrator. */
export const signInLinkAnswer = z.object({ signInLink: z.url() });
