import { z } from 'zod';
import { fieldValue, reading } from './acceptance.ts';
import { idleFinding, lockAction, lockReason, presentationReason } from './lock.ts';
import { inventory, posture } from './machine-state.ts';
import { audience } from './policy.ts';
import { visitorQuestion } from './policy-rules.ts';
import { plugId, requestId, usbDecision, usbDevice, usbOccasion } from './usb.ts';
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
    /** Who it really is, on an account that several people share. */
    person: z.string().min(1).max(200).optional(),
  }),
  'policy.declined': z.strictObject({
    policyId: documentId,
    policyVersion: z.int().min(1),
    policyHash: sha256Hex,
    reason: z.string().max(1_000),
    reading,
    openSeconds: z.int().min(0),
    /** What the policy has follow. Absent: it stays on screen. */
    then: z.enum(['signOut', 'limited', 'record']).optional(),
    /** Who it really is, on an account that several people share. */
    person: z.string().min(1).max(200).optional(),
  }),
  /** "Not now", while the policy's days of grace last. */
  'policy.postponed': z.strictObject({
    policyId: documentId,
    policyVersion: z.int().min(1),
    policyHash: sha256Hex,
    why: z.enum(['first', 'changed', 'renewal']),
    /** When it can be put off no longer. */
    until: instant,
  }),
  /** The policy's questions were answered. */
  'policy.checked': z.strictObject({
    policyId: documentId,
    policyVersion: z.int().min(1),
    policyHash: sha256Hex,
    /** 1, 2, 3 … since the policy came on screen. */
    attempt: z.int().min(1),
    passed: z.boolean(),
    answers: z
      .array(z.strictObject({ question: documentId, chosen: z.array(documentId).max(8), right: z.boolean() }))
      .max(20),
  }),
  /** Policies that were in force here are no longer. */
  'policy.withdrawn': z.strictObject({
    policyId: documentId,
    version: z.int().min(1),
    policyHash: sha256Hex,
  }),
  /** Somebody on a shared account said who they are. */
  'session.personNamed': z.strictObject({
    name: z.string().min(1).max(200),
    answers: z.array(z.strictObject({ question: visitorQuestion, answer: z.string().min(1).max(300) })).max(3),
  }),
  /** Somebody is signed in. `shell`: known because Usher's own program came up in the session. */
  'session.signedIn': z.strictObject({ seenBy: z.enum(['system', 'shell']), remote: z.boolean() }),
  /** `notSeenAgain`: the machine stopped with the session open; found at the next start. */
  'session.signedOut': z.strictObject({ how: z.enum(['ended', 'notSeenAgain']) }),
  'session.locked': z.strictObject({ by: z.enum(['usher', 'person']) }),
  'session.unlocked': z.strictObject({ lockedSeconds: z.int().min(0) }),
  /** Somebody else's session came to the front of the same machine, or this one came back. */
  'session.switchedAway': z.strictObject({}),
  'session.switchedBack': z.strictObject({}),
  /** The same account is signed in on other machines too. */
  'session.elsewhere': z.strictObject({ machines: z.array(short).max(50) }),
  'machine.sleeping': z.strictObject({}),
  'machine.woke': z.strictObject({ sleptSeconds: z.int().min(0) }),
  'machine.shuttingDown': z.strictObject({}),
  /** The machine stopped without saying so: power, a crash or a held power button. Found at the next start. */
  'machine.stoppedUnclean': z.strictObject({ lastKnownAt: z.string().max(40), openSessions: z.int().min(0) }),
  'machine.posture': posture,
  'machine.inventory': inventory,
  'lock.requested': z.strictObject({
    action: lockAction,
    reason: lockReason,
    /** Seconds without use; null where that is not why. */
    idleSeconds: z.int().min(0).nullable(),
  }),
  /** The operating system said that it is locked (or that the session ended). */
  'lock.confirmed': z.strictObject({ action: lockAction, tookMs: z.int().min(0), wasCovered: z.boolean() }),
  /** The operating system did not confirm in time. `covered`: windows of Usher cover every display since. */
  'lock.failed': z.strictObject({ action: lockAction, reason: lockReason, why: short, covered: z.boolean() }),
  'lock.extended': z.strictObject({ bySeconds: z.int().min(1) }),
  'presentation.started': z.strictObject({ reason: presentationReason, maximumMinutes: z.int().min(1) }),
  'presentation.ended': z.strictObject({
    reason: presentationReason,
    why: z.enum(['person', 'ceiling', 'signalGone', 'locked', 'policyChanged', 'signedOut']),
    lastedSeconds: z.int().min(0),
  }),
  'idle.detectionBroken': z.strictObject({ finding: idleFinding, detail: short }),
  'idle.detectionRestored': z.strictObject({ finding: idleFinding }),
  /** A person's password is old, as far as the operating system tells. */
  'password.ageing': z.strictObject({ ageDays: z.int().min(0), maximumDays: z.int().min(1) }),
  'endOfDay.reminded': z.strictObject({ answer: z.enum(['none', 'signOut', 'shutDown', 'dismissed']) }),
  /** A device was decided on: it came in, or something that counts has changed. `afterMs`: since the system told. */
  'usb.decided': z.strictObject({
    plug: plugId,
    device: usbDevice,
    occasion: usbOccasion,
    decision: usbDecision,
    afterMs: z.int().min(0),
  }),
  /** It cannot be used. `beforeUse`: it never could; else it could for `afterMs` milliseconds. */
  'usb.blocked': z.strictObject({ plug: plugId, device: usbDevice, beforeUse: z.boolean(), afterMs: z.int().min(0) }),
  /** It should be blocked, and can be used all the same. */
  'usb.blockFailed': z.strictObject({ plug: plugId, device: usbDevice, why: short }),
  /** What was held may be used now. */
  'usb.released': z.strictObject({ plug: plugId, device: usbDevice }),
  'usb.releaseFailed': z.strictObject({ plug: plugId, device: usbDevice, why: short }),
  /** `notSeenAgain`: it was gone when the service started again. */
  'usb.removed': z.strictObject({
    plug: plugId,
    device: usbDevice,
    how: z.enum(['unplugged', 'notSeenAgain']),
    pluggedSeconds: z.int().min(0),
  }),
  'usb.asked': z.strictObject({
    requestId,
    plug: plugId,
    device: usbDevice,
    reason: z.string().trim().min(1).max(500),
  }),
  /** IT's answer reached the machine. */
  'usb.answered': z.strictObject({ requestId, answer: z.enum(['approved', 'refused']) }),
  'usb.codeEntered': z.strictObject({
    plug: plugId,
    device: usbDevice,
    outcome: z.enum(['accepted', 'wrong', 'expired', 'tooMany']),
    minutes: z.int().min(1).nullable(),
  }),
  /** Devices cannot be seen, or not be held, on this machine. */
  'usb.controlFailed': z.strictObject({ what: z.enum(['watch', 'hold']), why: short }),
  'usb.controlRestored': z.strictObject({ what: z.enum(['watch', 'hold']) }),
  /** Usher's own program in somebody's session ended, and was started again by the service. */
  'shell.lost': z.strictObject({}),
  'shell.restarted': z.strictObject({ afterMs: z.int().min(0), attempts: z.int().min(1) }),
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
  bodyOf('policy.postponed'),
  bodyOf('policy.checked'),
  bodyOf('policy.withdrawn'),
  bodyOf('session.personNamed'),
  bodyOf('session.signedIn'),
  bodyOf('session.signedOut'),
  bodyOf('session.locked'),
  bodyOf('session.unlocked'),
  bodyOf('session.switchedAway'),
  bodyOf('session.switchedBack'),
  bodyOf('session.elsewhere'),
  bodyOf('machine.sleeping'),
  bodyOf('machine.woke'),
  bodyOf('machine.shuttingDown'),
  bodyOf('machine.stoppedUnclean'),
  bodyOf('machine.posture'),
  bodyOf('machine.inventory'),
  bodyOf('lock.requested'),
  bodyOf('lock.confirmed'),
  bodyOf('lock.failed'),
  bodyOf('lock.extended'),
  bodyOf('presentation.started'),
  bodyOf('presentation.ended'),
  bodyOf('idle.detectionBroken'),
  bodyOf('idle.detectionRestored'),
  bodyOf('password.ageing'),
  bodyOf('endOfDay.reminded'),
  bodyOf('usb.decided'),
  bodyOf('usb.blocked'),
  bodyOf('usb.blockFailed'),
  bodyOf('usb.released'),
  bodyOf('usb.releaseFailed'),
  bodyOf('usb.removed'),
  bodyOf('usb.asked'),
  bodyOf('usb.answered'),
  bodyOf('usb.codeEntered'),
  bodyOf('usb.controlFailed'),
  bodyOf('usb.controlRestored'),
  bodyOf('shell.lost'),
  bodyOf('shell.restarted'),
  bodyOf('shell.refused'),
]);
export type EventBody = z.infer<typeof eventBody>;
export type AcceptedEvent = Extract<EventBody, { type: 'policy.accepted' }>;

/** What happened, without who and where. */
export type EventCore = { [T in EventType]: { type: T; data: EventData<T> } }[EventType];

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
