import { z } from 'zod';
import { acceptanceSubmission, checkAnswers, namedPerson, personRole, reading } from './acceptance.ts';
import { account } from './event.ts';
import { clauseReference, lockView, machineTrouble, noticeAnswer, presentationView, sessionNotice } from './lock.ts';
import { audience, signedPolicy } from './policy.ts';
import { visitorQuestion } from './policy-rules.ts';
import { mostPoliciesInForce } from './policy-set.ts';
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

export const earlierText = z.enum(['here', 'awaited', 'gone']);
export type EarlierText = z.infer<typeof earlierText>;

/** What the person has to do about the policies, decided by the service. */
export const gateView = z.discriminatedUnion('phase', [
  /** No policy has reached this machine yet. */
  z.strictObject({ phase: z.literal('noPolicy') }),
  /** Several people use this account: who is it? */
  z.strictObject({
    phase: z.literal('identifying'),
    policy: signedPolicy,
    ask: z.array(visitorQuestion),
    clause: clauseReference,
  }),
  z.strictObject({
    phase: z.literal('asking'),
    policy: signedPolicy,
    why: z.enum(['first', 'changed', 'renewal']),
    /** Where the person was when the shell or the machine stopped. */
    reading,
    /** What they said last time, to start from. */
    previous: z
      .strictObject({
        audience,
        teaching: z.boolean(),
        acceptedAt: instant,
        policyHash: sha256Hex,
        /** Its text: `here`, `awaited` from the school's server, or `gone` there, too. */
        text: earlierText,
      })
      .nullable(),
    /** They pressed "I do not accept" since the gate was shown. */
    declined: z.boolean(),
    /** The how many-th of how many that are asked for one after the other. */
    place: z.strictObject({ number: z.int().min(1), of: z.int().min(1) }),
    /** Everybody that some policy here is for. */
    roles: z.array(audience).min(1),
    /** Some clause of some policy here is only for people who teach. */
    teachingMatters: z.boolean(),
    /** What they said in this session; null until they did. */
    role: personRole.nullable(),
    /** The policy's questions; null where it has none. */
    check: z.strictObject({ attempts: z.int().min(0), passed: z.boolean() }).nullable(),
    /** Until when "Not now" lets the person work; null where there is no such choice. */
    postponableUntil: instant.nullable(),
    /** Who it really is, on a shared account. */
    person: z.string().nullable(),
  }),
  /** The policy was not accepted, and says to sign out then. */
  z.strictObject({
    phase: z.literal('leaving'),
    policy: signedPolicy,
    since: instant,
    signsOutAt: instant,
    /** False: the person was working and may save it, so the displays are free. */
    covered: z.boolean(),
    /** Why the session has not ended although it should have; null while it is not overdue. */
    failure: z.string().max(300).nullable(),
  }),
  /** `receipt`: null where this policy is not accepted and the person may go on all the same. */
  z.strictObject({ phase: z.literal('open'), policy: signedPolicy, receipt: acceptanceReceipt.nullable() }),
]);
export type GateView = z.infer<typeof gateView>;

/**
 * How a person stands with one policy in force. `postponed`, `limited`, `declined`: they go on in this session without
 * having accepted it. `forOthers`: it is for other roles. `notYet`: it is asked for from a later day on.
 */
export const policyStanding = z.strictObject({
  policyId: z.string(),
  title: z.string(),
  version: z.int().min(1),
  hash: sha256Hex,
  state: z.enum(['asked', 'accepted', 'postponed', 'limited', 'declined', 'forOthers', 'notYet']),
  /** Of the newest acceptance of this text. */
  receipt: acceptanceReceipt.nullable(),
  /** `postponed`: until when; `notYet`: from when on. */
  until: instant.nullable(),
  /** Null where the policy needs no second signature, or nothing is accepted yet. */
  counterSignature: z.enum(['waiting', 'given', 'refused']).nullable(),
});
export type PolicyStanding = z.infer<typeof policyStanding>;

/** How an attempt at a policy's questions went. */
export const checkResult = z.strictObject({
  passed: z.boolean(),
  attempts: z.int().min(1),
  /** Questions that were not answered rightly. */
  wrong: z.array(z.string()),
});
export type CheckResult = z.infer<typeof checkResult>;

/** Everything the shell may know. Pushed whenever it changes. */
export const sessionView = z.strictObject({
  account: z.strictObject({ ...account.shape, fullName: z.string() }),
  session: z.string(),
  hostname: z.string(),
  agentVersion: z.string(),
  gate: gateView,
  /** Every policy in force here, in the order in which they are asked for. */
  policies: z.array(policyStanding).max(mostPoliciesInForce),
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
    /** Who the person says they are: which policies and which clauses are for them. */
    chooseRole: { params: personRole, result: outcomeOf(z.null()) },
    /** Answers to the policy's questions. Answers only after the attempt is committed to disk. */
    answerCheck: { params: checkAnswers, result: outcomeOf(checkResult) },
    /** "Not now", within the days of grace. */
    postpone: { params: z.strictObject({ policyHash: sha256Hex }), result: outcomeOf(z.null()) },
    /** Who it is, on a shared account. */
    namePerson: { params: namedPerson, result: outcomeOf(z.null()) },
    /** Shows what was put off or not accepted once more. */
    askAgain: { params: z.strictObject({}), result: outcomeOf(z.null()) },
    /** The text of a policy in force, or of an earlier version that the caller accepted. */
    policyText: { params: z.strictObject({ policyHash: sha256Hex }), result: outcomeOf(signedPolicy) },
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
