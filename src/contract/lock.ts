import { z } from 'zod';
import { presentationSignal } from './policy-rules.ts';
import { documentId, instant } from './primitives.ts';
import { deviceNotice } from './usb.ts';

export const lockAction = z.enum(['lock', 'signOut']);
export type LockAction = z.infer<typeof lockAction>;

/**
 * Why the screen locks. `slept`: the machine was asleep for longer than the rule allows. `usb`: a device came in that the
 * policy answers with a lock. `notWatched`: nothing could say any more whether somebody was there. `declined`: the policy
 * was not accepted.
 */
export const lockReason = z.enum(['idle', 'slept', 'person', 'usb', 'notWatched', 'declined']);
export type LockReason = z.infer<typeof lockReason>;

export const presentationReason = z.enum(['person', ...presentationSignal.options]);
export type PresentationReason = z.infer<typeof presentationReason>;

/** What can be wrong with the way idle time is measured; each is told in words a technician can act on. */
export const idleFinding = z.enum([
  'alwaysZero',
  'neverFalls',
  'jumps',
  'disagrees',
  'noSource',
  'systemLocksEarlier',
  'systemNeverLocks',
]);
export type IdleFinding = z.infer<typeof idleFinding>;

/** A clause as it is shown beside what it allows. */
export const clauseReference = z.strictObject({
  id: documentId,
  number: z.string().nullable(),
  text: z.string(),
  policyTitle: z.string(),
  policyVersion: z.int().min(1),
});
export type ClauseReference = z.infer<typeof clauseReference>;

/** Where a session stands with the idle lock. Instants are by this machine's own clock. */
export const lockView = z.discriminatedUnion('phase', [
  /** The policy asks for no idle lock. */
  z.strictObject({ phase: z.literal('off') }),
  z.strictObject({
    phase: z.literal('watching'),
    action: lockAction,
    afterSeconds: z.int().min(1),
    /** If nobody touches the computer from now on. Fresh only in the first view a connection gets. */
    locksAt: instant,
    clause: clauseReference,
    /** Seconds that "More time" would give; null when there is none to give. */
    mayExtendSeconds: z.int().min(1).nullable(),
  }),
  z.strictObject({
    phase: z.literal('warning'),
    action: lockAction,
    startedAt: instant,
    endsAt: instant,
    clause: clauseReference,
    /** Programs still open, where the system tells; only before a sign-out. */
    programs: z.array(z.string().max(100)).max(50),
    /** Seconds that "More time" would give; null when there is none to give. */
    mayExtendSeconds: z.int().min(1).nullable(),
  }),
  z.strictObject({
    phase: z.literal('locking'),
    action: lockAction,
    /** Counts the tries; the shell locks from inside the session where the system asks for that. */
    inSession: z.int().min(1).nullable(),
  }),
  z.strictObject({ phase: z.literal('locked') }),
  /** The system did not confirm: every display is covered until it does. */
  z.strictObject({
    phase: z.literal('covered'),
    action: lockAction,
    inSession: z.int().min(1).nullable(),
    since: instant,
    clause: clauseReference.nullable(),
    why: z.string().max(300),
  }),
]);
export type LockView = z.infer<typeof lockView>;

export const presentationView = z.strictObject({
  /** Null where the policy has no presentation mode. */
  allowed: z.strictObject({ maximumMinutes: z.int().min(1), clause: clauseReference }).nullable(),
  running: z.strictObject({ reason: presentationReason, startedAt: instant, endsAt: instant }).nullable(),
});
export type PresentationView = z.infer<typeof presentationView>;

/** Something the person is told in a corner of the screen; it stays until they dismiss it. */
export const sessionNotice = z.strictObject({
  /** Names it when it is answered. */
  id: z.string().min(1).max(100),
  kind: z.enum(['sameAccount', 'passwordAge', 'endOfDay', 'usb']),
  title: z.string().max(200),
  text: z.string().max(1_000),
  clause: clauseReference.nullable(),
  /** What else can be done than dismissing it. */
  actions: z.array(z.enum(['signOut', 'shutDown'])).max(2),
  /** What it is about, where that is a device. */
  device: deviceNotice.optional(),
});
export type SessionNotice = z.infer<typeof sessionNotice>;
export const noticeAnswer = z.enum(['dismissed', 'signOut', 'shutDown']);
export type NoticeAnswer = z.infer<typeof noticeAnswer>;

/** Something about the machine that IT has to look at, in a sentence. */
export const machineTrouble = z.strictObject({ finding: idleFinding, detail: z.string().max(300) });
