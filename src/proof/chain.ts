import type { EventBody } from '../contract/event.ts';
import type { ChainHead, SealedRecord } from '../contract/record.ts';
import { canonicalJson, saltedSha256Hex, sha256, sha256OfHex } from './canonical.ts';
import { crockford } from './crockford.ts';

/** Bytes of a record's salt. */
export const saltBytes = 16;

/** The `prev` of a chain's first record: binds the chain to its machine and epoch. */
export function genesisHash(deviceId: string, epoch: number): string {
  return sha256(canonicalJson({ context: 'usher/epoch/1', deviceId, epoch })).toString('hex');
}

/** `SHA-256(salt ‖ RFC 8785 JSON of body)`, hexadecimal. */
export function bodyHashOf(body: unknown, salt: Uint8Array): string {
  return saltedSha256Hex(salt, canonicalJson(body));
}

/** `SHA-256(prev ‖ bodyHash)` over the raw 32-byte values, hexadecimal. */
export function linkHash(prev: string, bodyHash: string): string {
  return sha256OfHex(prev + bodyHash);
}

/** Makes the next link of a chain. `salt` must be 16 fresh random bytes. */
export function sealRecord(body: EventBody, prev: string, salt: Uint8Array): SealedRecord {
  return sealCanonical(body, canonicalJson(body), prev, salt);
}

/** As `sealRecord`, for a caller that has the body's canonical JSON already. */
export function sealCanonical(body: EventBody, bodyText: string, prev: string, salt: Uint8Array): SealedRecord {
  if (salt.length !== saltBytes) throw new Error(`A salt has ${saltBytes} bytes, not ${salt.length}`);
  const bodyHash = saltedSha256Hex(salt, bodyText);
  return {
    epoch: body.epoch,
    seq: body.seq,
    prev,
    bodyHash,
    hash: linkHash(prev, bodyHash),
    salt: Buffer.from(salt.buffer, salt.byteOffset, salt.byteLength).toString('base64url'),
    body,
  };
}

export function headOf(record: SealedRecord): ChainHead {
  return { epoch: record.epoch, seq: record.seq, hash: record.hash };
}

/** A record whose body was not yet checked against its schema. */
export type UncheckedRecord = Omit<SealedRecord, 'body'> & { body: Record<string, unknown> | null };

/**
 * Does the record hold together by itself: body, salt, hash and place? Null when it does,
 * else one sentence that says what does not.
 * @param bodyText the body's canonical JSON, from a caller that has it already.
 */
export function recordFault(
  record: SealedRecord | UncheckedRecord,
  deviceId: string,
  bodyText = canonicalTextOf(record.body),
): string | null {
  if (linkHash(record.prev, record.bodyHash) !== record.hash)
    return 'its hash does not follow from its predecessor and its body hash';
  if (record.body === null || record.salt === null) return null;
  if (bodyText === null || saltedSha256Hex(Buffer.from(record.salt, 'base64url'), bodyText) !== record.bodyHash)
    return 'its body is not the one that was hashed';
  if (record.body.deviceId !== deviceId) return 'its body names another machine';
  if (record.body.epoch !== record.epoch || record.body.seq !== record.seq) return 'its body has another number';
  return null;
}

/**
 * A body's canonical JSON; null for none, and for one without such a form (a number beyond IEEE 754, half a surrogate
 * pair), which matches no hash.
 */
export function canonicalTextOf(body: Record<string, unknown> | null): string | null {
  if (body === null) return null;
  try {
    return canonicalJson(body);
  } catch {
    return null;
  }
}

/** Twelve characters in groups of four out of a record's hash (60 bits): short enough to read out. */
export function verificationCode(hash: string): string {
  const code = crockford(Buffer.from(hash.slice(0, 16), 'hex'), 12);
  return [code.slice(0, 4), code.slice(4, 8), code.slice(8, 12)].join('-');
}
