import { z } from 'zod';
import { acceptanceSubmission, reading } from './acceptance.ts';
import { account } from './event.ts';
import { lockView, machineTrouble, noticeAnswer, presentationView, sessionNotice } from './lock.ts';
import { audience, signedPolicy } from './policy.ts';
import { deviceId, instant, sha256Hex } from './primitives.ts';
import { outcomeOf } from './problem.ts';
import { plugId } from './usb.ts';
import { chainHead } from './record.ts';

/** What a person keeps of an acceptance. */
export const acceptanceReceipt = z.strictObject({
  policyId: z.string(),
  policyTitle: z.string(),
  policyVersion: z.int().min(1),
  policyHash: sha256Hex,
  acceptedAt: instant,
  deviceId,
  record: chainHead,
  /** Twelve characters in groups of four, from the record's hash: short enough to read out. */
  verificationCode: z.string().regex(/^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$/),
  signedAs: z.string(),
  statements: z.array(z.string()),
  /** When the school's server confirmed it; null until then. */
  syncedAt: instant.nullable(),
});
export type AcceptanceReceipt = z.infer<typeof acceptanceReceipt>;

/** Is the school's server up to date with this machine? */
export const syncState = z.strictObject({
  /**
   * `awaitingApproval`, `refused`, `revoked`: the school's server said so with its signature; nothing is sent, the last
   * policy stays in force and recording goes on.
   */
  phase: z.enum(['notEnrolled', 'synced', 'sending', 'waiting', 'awaitingApproval', 'refused', 'revoked']),
  lastSyncedAt: instant.nullable(),
  /** Records not yet receipted. */
  pending: z.int().min(0),
  /** One sentence for the tray when something stands in the way. */
  trouble: z.string().max(500).nullable(),
});
export type SyncState = z.infer<typeof syncState>;

/** What the person has to do about the policy, decided by the service. */
export const gateView = z.discriminatedUnion('phase', [
  /** No policy has reached this machine yet. */
  z.strictObject({ phase: z.literal('noPolicy') }),
  z.strictObject({
    phase: z.literal('asking'),
    policy: signedPolicy,
    why: z.enum(['first', 'changed', 'renewal']),
    /** Where the person was when the shell or the machine stopped. */
    reading,
    /** What they said last time, to start from. */
    previous: z.strictObject({ audience, teaching: z.boolean(), acceptedAt: instant }).nullable(),
    /** They pressed "I do not accept" since the gate was shown. */
    declined: z.boolean(),
  }),
  z.strictObject({ phase: z.literal('open'), policy: signedPolicy, receipt: acceptanceReceipt }),
]);
export type GateView = z.infer<typeof gateView>;

/** Everything the shell may know. Pushed whenever it changes. */
export const sessionView = z.strictObject({
  account: z.strictObject({ ...account.shape, fullName: z.string() }),
  session: z.string(),
  hostname: z.string(),
  agentVersion: z.string(),
  gate: gateView,
  sync: syncState,
  lock: lockView,
  presentation: presentationView,
  notices: z.array(sessionNotice).max(20),
  /** What is wrong with idle detection on this machine. */
  troubles: z.array(machineTrouble).max(10),
});
export type SessionView = z.infer<typeof sessionView>;

/**
 * The session protocol: shell (or command line) to service, JSON-RPC 2.0 over a Unix socket or named pipe
 * with vscode-jsonrpc's Content-Length framing. Both sides derive their types and their checks from this object.
 * The service learns who is calling from the operating system; no request carries an account.
 */
export const sessionProtocol = {
  version: 1,
  requests: {
    /** First call. Subscribes to `viewChanged`. `role: 'status'` only looks and holds no gate. */
    hello: {
      params: z.strictObject({
        protocol: z.int(),
        role: z.enum(['shell', 'status']),
        agentVersion: z.string().max(50),
      }),
      result: outcomeOf(sessionView),
    },
    /** The policy came on screen or was read further; kept so that a restart goes on from there. */
    readingProgressed: { params: z.strictObject({ policyHash: sha256Hex, reading }), result: outcomeOf(z.null()) },
    /** Answers only after the acceptance is committed to disk. */
    accept: { params: acceptanceSubmission, result: outcomeOf(acceptanceReceipt) },
    decline: {
      params: z.strictObject({ policyHash: sha256Hex, reason: z.string().max(1_000), reading }),
      result: outcomeOf(z.null()),
    },
    /** The caller's own receipts, newest first. */
    receipts: { params: z.strictObject({}), result: outcomeOf(z.array(acceptanceReceipt)) },
    /**
     * What the session's own idle clock says; the answer says when to look again, and when the screen would lock if
     * nobody touched it from now on.
     */
    idleSampled: {
      params: z.strictObject({ idleMs: z.number().min(0).max(1e12) }),
      result: outcomeOf(z.object({ nextSampleInMs: z.int().min(50), locksInSeconds: z.int().min(0).nullable() })),
    },
    lockNow: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    /** The system told the shell that the screen is locked, or no longer (where the system tells shells). */
    screenLockChanged: { params: z.strictObject({ locked: z.boolean() }), result: outcomeOf(z.null()) },
    /** Locking from inside the session could not even be asked for. */
    lockAttemptFailed: {
      params: z.strictObject({ attempt: z.int().min(1), why: z.string().max(300) }),
      result: outcomeOf(z.null()),
    },
    extend: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    startPresentation: { params: z.strictObject({ minutes: z.int().min(1).max(480) }), result: outcomeOf(z.null()) },
    endPresentation: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    answerNotice: {
      params: z.strictObject({ id: z.string().min(1).max(100), answer: noticeAnswer }),
      result: outcomeOf(z.null()),
    },
    signOut: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    /** Asks IT whether a device that is held may be used. Answers once the request is committed to disk. */
    askForDevice: {
      params: z.strictObject({ plug: plugId, reason: z.string().trim().min(1, 'say what it is for').max(500) }),
      result: outcomeOf(z.null()),
    },
    /** A code that IT read out. Capitals, spaces and hyphens do not matter. */
    enterDeviceCode: {
      params: z.strictObject({ plug: plugId, code: z.string().max(60) }),
      result: outcomeOf(z.null()),
    },
  },
  notifications: {
    viewChanged: { params: sessionView },
  },
} as const;

export type SessionRequest = keyof typeof sessionProtocol.requests;
export type SessionParams<M extends SessionRequest> = z.infer<(typeof sessionProtocol.requests)[M]['params']>;
export type SessionResult<M extends SessionRequest> = z.infer<(typeof sessionProtocol.requests)[M]['result']>;
export type SessionNotification = keyof typeof sessionProtocol.notifications;
export type SessionNotice<N extends SessionNotification> = z.infer<(typeof sessionProtocol.notifications)[N]['params']>;

/** A message over this many bytes ends the connection. */
export const sessionMessageLimitBytes = 4 * 1024 * 1024;
