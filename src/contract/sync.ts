import { z } from 'zod';
import {
  deviceId,
  ed25519PublicKey,
  ed25519Signature,
  epochNumber,
  instant,
  sequenceNumber,
  sha256Hex,
} from './primitives.ts';
import { signedPolicy } from './policy.ts';
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

export const machineFacts = z.strictObject({
  hostname: z.string().min(1).max(255),
  operatingSystem: z.string().max(200),
  model: z.string().max(200).nullable(),
  serial: z.string().max(200).nullable(),
  agentVersion: z.string().max(50),
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

/**
 * `POST /v1/sync`, `Content-Encoding: gzip` allowed. The records continue the chain the server holds for
 * (device, epoch); `head` is the signed end of the batch and null when it is empty.
 * `signature` is Ed25519 by the machine's key over
 * `{context:'usher/sync/1', deviceId, sentAt, epoch, head: hash|null, policyHash}`, with `permitsIssuedAt` where it is sent.
 */
export const syncRequest = z
  .strictObject({
    deviceId,
    sentAt: instant,
    /** The epoch the records belong to; the current one when there are none. */
    epoch: epochNumber,
    /** Hash of the policy the machine already has. */
    policyHash: sha256Hex.nullable(),
    /** When what the machine has of the server's permits was issued. Absent: it knows nothing of permits. */
    permitsIssuedAt: instant.nullable().optional(),
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
  /** Present only when it differs from `policyHash` in the request. */
  policy: signedPolicy.optional(),
  /** Present only when it differs from what the machine has. */
  permits: usbPermits.optional(),
  /** Accounts signed in here (by sign-in name, lower case) that are signed in on other machines too. */
  elsewhere: z
    .array(z.strictObject({ accountName: z.string().max(200), machines: z.array(z.string().max(255)).max(50) }))
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
} as const;
export type SyncProblemCode = keyof typeof syncProblemStatus;

/** Extra member of a `sync.gap` problem. */
export const syncGap = z.object({ expectedSeq: sequenceNumber });
