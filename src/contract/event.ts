import { z } from 'zod';
import { fieldValue, reading } from './acceptance.ts';
import { audience } from './policy.ts';
import { deviceId, documentId, epochNumber, instant, sequenceNumber, sha256Hex } from './primitives.ts';

/** The signed-in account an event is about: as the operating system names it. */
export const account = z.strictObject({
  /** User id (Linux, macOS) or SID (Windows). */
  id: z.string().min(1).max(200),
  /** Sign-in name. */
  name: z.string().min(1).max(200),
});
export type Account = z.infer<typeof account>;

const short = z.string().max(500);

/** Each event type, with exactly the fields it may record. A type that is not here cannot be written. */
export const eventData = {
  /** First record of every epoch. `previous` names the journal that was set aside, if one was. */
  'journal.epochStarted': z.strictObject({
    reason: z.enum(['first', 'damaged', 'rolledBack']),
    previous: z
      .strictObject({
        epoch: epochNumber,
        lastReceipt: z.strictObject({ seq: sequenceNumber, hash: sha256Hex }).nullable(),
        setAsideAs: short.nullable(),
      })
      .nullable(),
    detail: short,
  }),
  'machine.enrolled': z.strictObject({ serverOrigin: short, serverKeyFingerprint: sha256Hex }),
  'service.started': z.strictObject({
    version: short,
    bootId: short,
    previousStop: z.enum(['none', 'clean', 'unclean']),
  }),
  'service.stopped': z.strictObject({ reason: short }),
  'clock.moved': z.strictObject({ bySeconds: z.int() }),
  'policy.received': z.strictObject({ policyId: documentId, version: z.int().min(1), policyHash: sha256Hex }),
  'policy.refused': z.strictObject({ reason: short }),
  'gate.shown': z.strictObject({
    policyHash: sha256Hex,
    policyVersion: z.int().min(1),
    why: z.enum(['first', 'changed', 'renewal']),
  }),
  'gate.interrupted': z.strictObject({ policyHash: sha256Hex, why: z.enum(['shellLost']), reading }),
  'policy.accepted': z.strictObject({
    policyId: documentId,
    policyTitle: z.string().min(1).max(300),
    policyVersion: z.int().min(1),
    policyHash: sha256Hex,
    audience,
    teaching: z.boolean(),
    /** Statements agreed to, in the words that were on screen. */
    statements: z.array(z.strictObject({ id: documentId, text: z.string().min(1).max(20_000) })).max(50),
    /** Fields signed, with the labels that were on screen. */
    fields: z.array(z.strictObject({ id: documentId, label: z.string().min(1).max(300), value: fieldValue })).max(50),
    reading,
    /** Seconds from the gate being shown to Accept, by the service's monotonic clock. */
    openSeconds: z.int().min(0),
  }),
  'policy.declined': z.strictObject({
    policyId: documentId,
    policyVersion: z.int().min(1),
    policyHash: sha256Hex,
    reason: z.string().max(1_000),
    reading,
    openSeconds: z.int().min(0),
  }),
  /** Something at the local socket was turned away. */
  'shell.refused': z.strictObject({ code: short, detail: short }),
} as const;

export type EventType = keyof typeof eventData;
export type EventData<T extends EventType> = z.infer<(typeof eventData)[T]>;
export const eventTypes = Object.keys(eventData) as [EventType, ...EventType[]];
export const eventType = z.enum(eventTypes);

/** What allowed an enforcement: a clause of a policy version, or the built-in default. Null where nothing was enforced. */
export const ruleReference = z.strictObject({
  policyVersion: z.int().min(1).nullable(),
  clause: z.union([documentId, z.literal('default')]),
});

const bodyBase = {
  deviceId,
  epoch: epochNumber,
  seq: sequenceNumber,
  /** Wall clock. */
  at: instant,
  /** Monotonic clock: milliseconds since the machine booted. */
  uptimeMs: z.int().min(0),
  account: account.nullable(),
  /** The operating system's session id. */
  session: z.string().max(200).nullable(),
  /** What the event is about, such as a policy id or a device serial. */
  subject: z.string().max(300).nullable(),
  rule: ruleReference.nullable(),
};

function bodyOf<T extends EventType>(type: T) {
  return z.strictObject({ ...bodyBase, type: z.literal(type), data: eventData[type] });
}

/** The event as it is hashed, signed and shown. */
export const eventBody = z.discriminatedUnion('type', [
  bodyOf('journal.epochStarted'),
  bodyOf('machine.enrolled'),
  bodyOf('service.started'),
  bodyOf('service.stopped'),
  bodyOf('clock.moved'),
  bodyOf('policy.received'),
  bodyOf('policy.refused'),
  bodyOf('gate.shown'),
  bodyOf('gate.interrupted'),
  bodyOf('policy.accepted'),
  bodyOf('policy.declined'),
  bodyOf('shell.refused'),
]);
export type EventBody = z.infer<typeof eventBody>;
export type AcceptedEvent = Extract<EventBody, { type: 'policy.accepted' }>;

/** What a caller hands to the journal; the journal adds device, epoch, seq and both clocks. */
export type EventDraft = {
  [T in EventType]: {
    type: T;
    data: EventData<T>;
    account: Account | null;
    session: string | null;
    subject: string | null;
    rule: z.infer<typeof ruleReference> | null;
  };
}[EventType];
