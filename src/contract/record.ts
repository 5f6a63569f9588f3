import { z } from 'zod';
import { eventBody } from './event.ts';
import {
  base64url,
  deviceId,
  ed25519PublicKey,
  ed25519Signature,
  epochNumber,
  instant,
  sequenceNumber,
  sha256Hex,
} from './primitives.ts';

/**
 * One link of the chain. `bodyHash = SHA-256(salt ‖ RFC 8785 JSON of body)`, `hash = SHA-256(prev ‖ bodyHash)`.
 * `body` and `salt` are both null once retention or erasure removed them; the chain still verifies.
 */
export const sealedRecord = z
  .strictObject({
    epoch: epochNumber,
    seq: sequenceNumber,
    prev: sha256Hex,
    bodyHash: sha256Hex,
    hash: sha256Hex,
    /** 16 random bytes. */
    salt: base64url.length(22).nullable(),
    body: eventBody.nullable(),
  })
  .refine((record) => (record.salt === null) === (record.body === null), 'salt and body are kept or removed together');
export type SealedRecord = z.infer<typeof sealedRecord>;

/** The end of a chain: everything up to and including `seq` is fixed by `hash`. */
export const chainHead = z.strictObject({ epoch: epochNumber, seq: sequenceNumber, hash: sha256Hex });
export type ChainHead = z.infer<typeof chainHead>;

/** Ed25519 by the machine's key over RFC 8785 JSON of `{context:'usher/head/1', deviceId, epoch, seq, hash}`. */
export const signedHead = z.strictObject({ ...chainHead.shape, signature: ed25519Signature });
export type SignedHead = z.infer<typeof signedHead>;

/** Ed25519 by the server's key over RFC 8785 JSON of `{context:'usher/receipt/1', deviceId, epoch, seq, hash, at}`. */
export const receipt = z.strictObject({ deviceId, ...chainHead.shape, at: instant, signature: ed25519Signature });
export type Receipt = z.infer<typeof receipt>;

/**
 * A self-contained export, one JSON object per line (JSON Lines): first `header`, then every record,
 * the receipts held, and last `end`.
 */
export const exportHeader = z.strictObject({
  kind: z.literal('header'),
  format: z.literal('usher/export/1'),
  deviceId,
  devicePublicKey: ed25519PublicKey,
  /** Key of the server this machine trusts; null before enrolment. */
  serverPublicKey: ed25519PublicKey.nullable(),
  exportedAt: instant,
});
export const exportRecord = z.strictObject({ kind: z.literal('record'), record: sealedRecord });
export const exportReceipt = z.strictObject({ kind: z.literal('receipt'), receipt });
/**
 * `heads` has the signed head of every epoch in the file; `records` and `receipts` count the lines before it.
 * `digest` is SHA-256 over every byte before this line; `signature` is Ed25519 by the machine's key over
 * `{context:'usher/export/1', deviceId, heads, records, receipts, digest}`.
 */
export const exportEnd = z.strictObject({
  kind: z.literal('end'),
  heads: z.array(signedHead).min(1),
  records: z.int().min(1),
  receipts: z.int().min(0),
  digest: sha256Hex,
  signature: ed25519Signature,
});
export type ExportHeader = z.infer<typeof exportHeader>;
export type ExportEnd = z.infer<typeof exportEnd>;
export const exportLine = z.discriminatedUnion('kind', [exportHeader, exportRecord, exportReceipt, exportEnd]);
export type ExportLine = z.infer<typeof exportLine>;
