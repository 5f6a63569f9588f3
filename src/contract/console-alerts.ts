import { z } from 'zod';
import { auditAction, type AuditAction } from './audit.ts';
import { personStatus } from './console.ts';
import { eventType, eventTypes, type EventType } from './event.ts';
import { calendarDate, instant, shownLine } from './primitives.ts';
import { schoolId } from './roles.ts';

/** Where alerts, feeds and the weekly digest are found; `:id` stands for one part of the path, URL-encoded. */
export const alertPaths = {
  channels: '/v1/console/alert-channels',
  channel: '/v1/console/alert-channels/:id',
  removeChannel: '/v1/console/alert-channels/:id/remove',
  testChannel: '/v1/console/alert-channels/:id/test',
  rules: '/v1/console/alert-rules',
  rule: '/v1/console/alert-rules/:id',
  removeRule: '/v1/console/alert-rules/:id/remove',
  feeds: '/v1/console/event-feeds',
  feed: '/v1/console/event-feeds/:id',
  removeFeed: '/v1/console/event-feeds/:id/remove',
  testFeed: '/v1/console/event-feeds/:id/test',
  skipFeedEvent: '/v1/console/event-feeds/:id/skip',
  alerts: '/v1/console/alerts',
  digests: '/v1/console/alert-digests',
  digest: '/v1/console/alert-digests/:id',
  digestPreview: '/v1/console/alert-digests/:id/preview',
} as const;

/** What the server finds out by itself, apart from events of machines. */
export const findingKind = z.enum([
  'integrity',
  'fork',
  'clonedMachine',
  'rolledBackMachine',
  'rejectedBatch',
  'silentMachine',
  'leaverSeen',
]);
export type FindingKind = z.infer<typeof findingKind>;

/** Something that can be alerted on: an event of a machine, a finding of the server, or an action in the console. */
export type AlertSubject = `event:${EventType}` | `finding:${FindingKind}` | `action:${AuditAction}`;
export const alertSubjects: readonly AlertSubject[] = [
  ...eventTypes.map((type): AlertSubject => `event:${type}`),
  ...findingKind.options.map((kind): AlertSubject => `finding:${kind}`),
  ...auditAction.options.map((action): AlertSubject => `action:${action}`),
];
const knownSubjects = new Set<string>(alertSubjects);
export const isAlertSubject = (text: string): text is AlertSubject => knownSubjects.has(text);

export const alertSubject = z.custom<AlertSubject>(
  (value) => typeof value === 'string' && isAlertSubject(value),
  'is nothing that can be alerted on; take one such as "event:lock.failed", "finding:fork" or "action:signIn.failed"',
);
/** As `alertSubject` in an answer, where OpenAPI has to describe it. */
const subjectText = z.string().max(100);

/** One line of text that can stand in a mail's subject. */
const oneLine = (most: number) => shownLine(most).min(1, 'must not be empty');

const id = z.string().regex(/^[A-Za-z0-9_-]{1,60}$/, 'must be the id of an entry in the list');
const byId = id;
export const alertId = byId;

/** The school it is for; null for every school of the trust. */
const forSchool = schoolId.nullable();

const mailAddress = z
  .email('must be an email address such as it@school.example')
  .max(254, 'must be at most 254 characters');
const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https://' })
  .max(2_000, 'must be at most 2000 characters');
/** A new secret; left out, the one that is kept stays. */
const newSecret = z
  .string()
  .min(1, 'must not be empty; leave it out to keep the one there is')
  .max(1_000, 'must be at most 1000 characters')
  .regex(/^[\x20-\x7e]*$/, 'must be printable ASCII');
const host = z
  .string()
  .trim()
  .regex(/^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$|^::1$/, 'must be a host name or an IP address');

const mailServer = z.strictObject({
  host,
  port: z.int().min(1).max(65_535),
  user: oneLine(254).nullable(),
  from: mailAddress,
});

/** `standard`: signed JSON (https://www.standardwebhooks.com). `slack`, `teams`: what an incoming webhook there takes. */
export const webhookFormat = z.enum(['standard', 'slack', 'teams']);
export type WebhookFormat = z.infer<typeof webhookFormat>;

/** `POST` of a channel: the same to add and to change. */
export const channelInput = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('email'),
    name: oneLine(100),
    schoolId: forSchool,
    to: z.array(mailAddress).min(1, 'needs at least one address').max(20),
    /** A mail server of its own; null for the one of the server's settings. */
    server: mailServer.nullable(),
    /** Its password. */
    secret: newSecret.optional(),
    enabled: z.boolean(),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    name: oneLine(100),
    schoolId: forSchool,
    format: webhookFormat,
    /** Left out when changing: the address stays. */
    url: webAddress.optional(),
    /** For `standard`: `whsec_` and base64. Left out when adding: the server makes one. */
    secret: newSecret.optional(),
    enabled: z.boolean(),
  }),
]);
export type ChannelInput = z.infer<typeof channelInput>;

/** How sending last went. */
const sendingState = {
  lastSuccessAt: instant.nullable(),
  lastFailureAt: instant.nullable(),
  /** The receiver's own words, or why it was not reached. */
  lastFailure: z.string().nullable(),
  /** It is failing now. */
  failing: z.boolean(),
};

export const channelRow = z.object({
  id,
  kind: z.enum(['email', 'webhook']),
  name: z.string(),
  schoolId: forSchool,
  enabled: z.boolean(),
  to: z.array(z.string()),
  server: z.object({ host: z.string(), port: z.int(), user: z.string().nullable(), from: z.string() }).nullable(),
  format: webhookFormat.nullable(),
  /** Where it goes, without what is secret about it. */
  where: z.string(),
  hasSecret: z.boolean(),
  /** Deliveries that wait, and that were given up in the last seven days. */
  waiting: z.int().min(0),
  dead: z.int().min(0),
  ...sendingState,
});
export type ChannelRow = z.infer<typeof channelRow>;
export const channelList = z.object({
  items: z.array(channelRow),
  /** The server's settings name a mail server. */
  mailServer: z.boolean(),
});
/** `secret`: shown this once, where the server made it. */
export const madeAnswer = z.object({ id, secret: z.string().nullable() });
export const testAnswer = z.object({
  sent: z.boolean(),
  /** What the receiver answered, in its own words. */
  answer: z.string(),
});
export type TestAnswer = z.infer<typeof testAnswer>;

export const ruleInput = z.strictObject({
  name: oneLine(100),
  what: z
    .array(alertSubject)
    .min(1, 'names nothing: choose at least one thing to be told of')
    .max(60)
    .meta({ override: { type: 'array', items: { type: 'string' } } }),
  schoolId: forSchool,
  /** Only machines whose name begins with one of these; none: every machine. */
  machineNames: z.array(oneLine(100)).max(50),
  /** Alert once it happened so often within so many minutes. */
  threshold: z.strictObject({ count: z.int().min(1).max(1_000), minutes: z.int().min(1).max(10_080) }),
  /** After an alert, no other of this rule and school for so long; then a summary of what was held back. */
  quietMinutes: z.int().min(0).max(10_080),
  channels: z.array(byId).max(20),
  /** May the message name the person? */
  includeNames: z.boolean(),
  enabled: z.boolean(),
});
export type RuleInput = z.infer<typeof ruleInput>;

export const ruleRow = z.object({
  id,
  name: z.string(),
  what: z.array(subjectText),
  schoolId: forSchool,
  machineNames: z.array(z.string()),
  threshold: z.object({ count: z.int(), minutes: z.int() }),
  quietMinutes: z.int(),
  channels: z.array(z.string()),
  includeNames: z.boolean(),
  enabled: z.boolean(),
  lastAlertAt: instant.nullable(),
});
export type RuleRow = z.infer<typeof ruleRow>;
export const ruleList = z.object({
  items: z.array(ruleRow),
  schools: z.array(z.object({ id: z.string(), name: z.string() })),
});

const feedBase = {
  name: oneLine(100),
  schoolId: forSchool,
  /** None: every type. */
  types: z.array(eventType).max(200),
  /** Pass on who it was? */
  includeNames: z.boolean(),
  /** When adding: with the next event, or everything that is kept. */
  from: z.enum(['now', 'beginning']).default('now'),
  enabled: z.boolean(),
};
const pem = z
  .string()
  .trim()
  .max(20_000, 'must be at most 20000 characters')
  .regex(/^-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----$/, 'must be certificates in PEM form');

/** `POST` of a feed: the same to add and to change. */
export const feedInput = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('syslog'),
    ...feedBase,
    host,
    port: z.int().min(1).max(65_535),
    /** Authorities the receiver's certificate may be from, where it is not a public one. */
    ca: pem.nullable(),
  }),
  z.strictObject({
    kind: z.literal('otlp'),
    ...feedBase,
    url: webAddress.optional(),
    /** Value of the `Authorization` header. */
    secret: newSecret.optional(),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    ...feedBase,
    url: webAddress.optional(),
    secret: newSecret.optional(),
  }),
]);
export type FeedInput = z.infer<typeof feedInput>;

export const feedRow = z.object({
  id,
  kind: z.enum(['syslog', 'otlp', 'webhook']),
  name: z.string(),
  schoolId: forSchool,
  types: z.array(z.string()),
  includeNames: z.boolean(),
  enabled: z.boolean(),
  where: z.string(),
  host: z.string().nullable(),
  port: z.int().nullable(),
  hasOwnAuthority: z.boolean(),
  hasSecret: z.boolean(),
  sent: z.int().min(0),
  /** Events the receiver took note of and refused; they are not sent again. */
  refused: z.int().min(0),
  /** Events of the trust that it has not come to yet, and how old the first of them is. */
  behind: z.int().min(0),
  behindSince: instant.nullable(),
  /** The event it stands at because the receiver refuses it: everything before it was taken. */
  refusedEvent: z
    .object({ number: z.int().min(1), type: z.string(), machine: z.string(), at: instant.nullable() })
    .nullable(),
  ...sendingState,
});
export type FeedRow = z.infer<typeof feedRow>;
/** `POST` on `skipFeedEvent`: leave out the event it stands at, and go on. */
export const skipFeedEvent = z.strictObject({ event: z.int().min(1) });
export const feedList = z.object({ items: z.array(feedRow) });

export const deliveryState = z.enum(['waiting', 'sent', 'dead']);
export type DeliveryState = z.infer<typeof deliveryState>;
export const alertRow = z.object({
  id,
  at: instant,
  kind: z.enum(['alert', 'summary', 'digest']),
  rule: z.string(),
  schoolId: z.string().nullable(),
  sentence: z.string(),
  count: z.int().min(1),
  href: z.string(),
  deliveries: z.array(
    z.object({
      channel: z.string(),
      state: deliveryState,
      attempts: z.int().min(0),
      at: instant.nullable(),
      error: z.string().nullable(),
    }),
  ),
});
export type AlertRow = z.infer<typeof alertRow>;
export const alertsQuery = z.object({ before: z.string().max(100).optional() });
export const alertList = z.object({ items: z.array(alertRow), next: z.string().nullable() });

const timeZone = z
  .string()
  .max(60)
  .refine((name) => {
    try {
      new Intl.DateTimeFormat('en-GB', { timeZone: name });
      return true;
    } catch {
      return false;
    }
  }, 'must be the name of a time zone such as Europe/London');

export const digestInput = z.strictObject({
  enabled: z.boolean(),
  channels: z.array(byId).max(20),
  /** 1 is Monday, 7 is Sunday. */
  weekday: z.int().min(1).max(7),
  hour: z.int().min(0).max(23),
  timeZone,
});
export type DigestInput = z.infer<typeof digestInput>;
export const digestRow = z.object({
  /** The school's id. */
  id: z.string(),
  school: z.string(),
  enabled: z.boolean(),
  channels: z.array(z.string()),
  weekday: z.int(),
  hour: z.int(),
  timeZone: z.string(),
  lastSentAt: instant.nullable(),
});
export type DigestRow = z.infer<typeof digestRow>;
export const digestList = z.object({ items: z.array(digestRow) });

/** What the digest says of one school's week. */
export const digestFacts = z.object({
  school: z.string(),
  from: calendarDate,
  to: calendarDate,
  policy: z.object({ title: z.string(), version: z.int() }).nullable(),
  people: z.record(personStatus, z.int().min(0)),
  machines: z.int().min(0),
  silentMachines: z.int().min(0),
  alerts: z.array(z.object({ rule: z.string(), count: z.int().min(1) })),
});
export type DigestFacts = z.infer<typeof digestFacts>;
export const digestPreview = z.object({ subject: z.string(), text: z.string(), html: z.string() });
