import { z } from 'zod';
import { standing } from './machine-standing.ts';
import {
  deviceId,
  ed25519PublicKey,
  ed25519Signature,
  epochNumber,
  instant,
  sequenceNumber,
  sha256Hex,
  nothingHidden,
} from './primitives.ts';
import { signedPolicy } from './policy.ts';
import { mostPoliciesInForce, policySet } from './policy-set.ts';
import { receipt, sealedRecord, signedHead } from './record.ts';
import { usbPermits } from './usb.ts';

/** Bounds of one exchange. The server refuses more; the machine never sends more. */
export const syncLimits = {
  /** Records in one batch. */
  records: 1_000,
  /** Bytes of the compressed request. */
  compressedBytes: 4 * 1024 * 1024,
  /** Bytes after decompression. */
  bytes: 32 * 1024 * 1024,
} as const;

/**
 * What an enrolment token holds, as `usher1.` + base64url of this JSON. It carries the server key's fingerprint
 * (SHA-256 of the raw public key), so that nothing is trusted on first sight.
 */
export const enrolmentToken = z.strictObject({
  server: z.url(),
  secret: z.string().min(20).max(200),
  serverKeyFingerprint: sha256Hex,
});
export type EnrolmentToken = z.infer<typeof enrolmentToken>;

/** Text that a machine says of itself; what cannot be printed would hide something in a list. */
const printable = (most: number) =>
  z
    .string()
    .max(most, `must be ${String(most)} characters or fewer`)
    .regex(nothingHidden, 'must not hold control characters or characters that turn text around');

export const machineFacts = z.strictObject({
  hostname: printable(255).min(1, 'must not be empty'),
  operatingSystem: printable(200),
  model: printable(200).nullable(),
  serial: printable(200).nullable(),
  agentVersion: printable(50),
});
export type MachineFacts = z.infer<typeof machineFacts>;

/** `POST /v1/enrol`. `proof` is Ed25519 by the machine's key over `{context:'usher/enrol/1', deviceId, secret}`. */
export const enrolRequest = z.strictObject({
  secret: z.string().min(20).max(200),
  deviceId,
  publicKey: ed25519PublicKey,
  machine: machineFacts,
  proof: ed25519Signature,
});
export const enrolAnswer = z.strictObject({
  deviceId,
  schoolId: z.string().min(1).max(100),
  serverPublicKey: ed25519PublicKey,
  serverTime: instant,
});
export type EnrolRequest = z.infer<typeof enrolRequest>;
export type EnrolAnswer = z.infer<typeof enrolAnswer>;

/** What the server calls the next exchange: a count in base 36, a dot and 12 random bytes as base64url. */
const exchangeName = z.string().regex(/^[0-9a-z]{1,9}\.[A-Za-z0-9_-]{16}$/, 'must be a name that the server gave');

/**
 * `POST /v1/sync`, `Content-Encoding: gzip` allowed. The records continue the chain the server holds for
 * (device, epoch); `head` is the signed end of the batch and null when it is empty.
 * `signature` is Ed25519 by the machine's key over
 * `{context:'usher/sync/1', deviceId, sentAt, epoch, head: hash|null, policyHash}`, with `policyHashes`,
 * `permitsIssuedAt`, `position` and `wantedPolicy` where they are sent.
 */
export const syncRequest = z
  .strictObject({
    deviceId,
    sentAt: instant,
    /** The epoch the records belong to; the current one when there are none. */
    epoch: epochNumber,
    /** Hash of the policy the machine already has. */
    policyHash: sha256Hex.nullable(),
    /** Hashes of every policy in force as the machine has it, in order. Absent: it knows of one policy only. */
    policyHashes: z.array(sha256Hex).max(mostPoliciesInForce).optional(),
    /** When what the machine has of the server's permits was issued. Absent: it knows nothing of permits. */
    permitsIssuedAt: instant.nullable().optional(),
    /**
     * Where the machine itself stands: the name the last answer gave this exchange (null: it has none), and the newest
     * record of its journal. Two machines with one key cannot both know the name. Absent: it knows nothing of this.
     */
    position: z.strictObject({ exchange: exchangeName.nullable(), epoch: epochNumber, seq: z.int().min(0) }).optional(),
    /** Hash of an earlier version that somebody here accepted, and whose text the machine does not have. */
    wantedPolicy: sha256Hex.optional(),
    records: z.array(sealedRecord).max(syncLimits.records),
    head: signedHead.nullable(),
    signature: ed25519Signature,
  })
  .refine((request) => (request.records.length === 0) === (request.head === null), {
    path: ['head'],
    message: 'a batch with records needs its signed head, an empty one has none',
  });
export type SyncRequest = z.infer<typeof syncRequest>;

export const syncAnswer = z.strictObject({
  /** The server's signed word for the newest record it holds of this epoch; null if it holds none. */
  receipt: receipt.nullable(),
  /** Present only when it differs from `policyHash` in the request; only for a machine that sent no `policyHashes`. */
  policy: signedPolicy.optional(),
  /** Which policies are in force. Present only when they differ from `policyHashes` in the request. */
  policySet: policySet.optional(),
  /** Those of `policySet` that the machine does not have. */
  policies: z.array(signedPolicy).max(mostPoliciesInForce).optional(),
  /** The answer to `wantedPolicy`; `policy` is null where it was never published here. */
  wanted: z.strictObject({ hash: sha256Hex, policy: signedPolicy.nullable() }).optional(),
  /** Present only when it differs from what the machine has. */
  permits: usbPermits.optional(),
  /** What to call the next exchange. Only for a machine that sent its `position`. */
  exchange: exchangeName.optional(),
  /** The school it belongs to now. Only for a machine that sent its `position`. */
  schoolId: z.string().min(1).max(100).optional(),
  /** Accounts signed in here (by sign-in name, lower case) that are signed in on other machines too. */
  elsewhere: z
    .array(z.strictObject({ accountName: z.string().max(200), machines: z.array(z.string().max(255)).max(50) }))
    .max(200)
    .optional(),
  /** What else is known of accounts signed in here (by sign-in name, lower case). */
  people: z
    .array(
      z.strictObject({
        accountName: z.string().max(200),
        /** What was accepted until then does not count any more; null where all of it does. */
        closedAt: instant.nullable(),
        /** Acceptances of policies in force that need a second signature. */
        counterSignatures: z
          .array(z.strictObject({ policyHash: sha256Hex, state: z.enum(['waiting', 'given', 'refused']) }))
          .max(mostPoliciesInForce),
      }),
    )
    .max(200)
    .optional(),
  serverTime: instant,
  nextPollSeconds: z.int().min(1).max(86_400),
});
export type SyncAnswer = z.infer<typeof syncAnswer>;

/** Codes of the problems `POST /v1/sync` answers with, each with the HTTP status it travels under. */
export const syncProblemStatus = {
  /** The body is not what the schema says. */
  'sync.invalid': 400,
  /** The compressed or decompressed body is over the bound. */
  'sync.tooLarge': 413,
  /** This machine is not enrolled here. */
  'sync.unknownDevice': 401,
  /** The request's or the head's signature does not verify. */
  'sync.badSignature': 401,
  /** A record's hash does not follow from its body or its predecessor. */
  'sync.brokenChain': 422,
  /** Records before the batch are missing; `expectedSeq` says where to go on. */
  'sync.gap': 409,
  /** A record with this number and another hash is already held. Nothing is overwritten; IT is alerted. */
  'sync.fork': 409,
  /** The machine waits until somebody at the school approves it. Nothing is taken until then; `standing` is signed. */
  'sync.waiting': 403,
  /** The machine was not let in. `standing` is signed. */
  'sync.refused': 403,
  /** The machine is not trusted any more. `standing` is signed. */
  'sync.revoked': 403,
} as const;
export type SyncProblemCode = keyof typeof syncProblemStatus;

/**
 * Where a machine stands, as an extra member of `sync.waiting`, `sync.refused` and `sync.revoked`: Ed25519 by the
 * server's key over `{context:'usher/standing/1', deviceId, standing, answers}`. `answers` is the signature of the request
 * it answers, so that nobody on the way can make such a word up or send an old one again.
 */
export const signedStanding = z.strictObject({
  deviceId,
  standing: standing.exclude(['approved']),
  answers: ed25519Signature,
  signature: ed25519Signature,
});
export type SignedStanding = z.infer<typeof signedStanding>;
export const syncStanding = z.object({ standing: signedStanding });

/** Extra member of a `sync.gap` problem. */
export const syncGap = z.object({ expectedSeq: sequenceNumber });
