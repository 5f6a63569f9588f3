import type { EventBody } from '../contract/event.ts';
import type { ChainHead, SealedRecord } from '../contract/record.ts';
import { canonicalJson, sha256 } from './canonical.ts';

/** Bytes of a record's salt. */
export const saltBytes = 16;

/** The `prev` of a chain's first record: binds the chain to its machine and epoch. */
export function genesisHash(deviceId: string, epoch: number): string {
  return sha256(canonicalJson({ context: 'usher/epoch/1', deviceId, epoch })).toString('hex');
}

/** `SHA-256(salt ‖ RFC 8785 JSON of body)`, hexadecimal. */
export function bodyHashOf(body: EventBody, salt: Uint8Array): string {
  return sha256(salt, canonicalJson(body)).toString('hex');
}

/** `SHA-256(prev ‖ bodyHash)` over the raw 32-byte values, hexadecimal. */
export function linkHash(prev: string, bodyHash: string): string {
  return sha256(Buffer.from(prev, 'hex'), Buffer.from(bodyHash, 'hex')).toString('hex');
}

/** Makes the next link of a chain. `salt` must be 16 fresh random bytes. */
export function sealRecord(body: EventBody, prev: string, salt: Uint8Array): SealedRecord {
  if (salt.length !== saltBytes) throw new Error(`A salt has ${saltBytes} bytes, not ${salt.length}`);
  const bodyHash = bodyHashOf(body, salt);
  return {
    epoch: body.epoch,
    seq: body.seq,
    prev,
    bodyHash,
    hash: linkHash(prev, bodyHash),
    salt: Buffer.from(salt).toString('base64url'),
    body,
  };
}

export function headOf(record: SealedRecord): ChainHead {
  return { epoch: record.epoch, seq: record.seq, hash: record.hash };
}

/**
 * Does the record hold together by itself: body, salt, hash and place? Null when it does,
 * else one sentence that says what does not.
 */
export function recordFault(record: SealedRecord, deviceId: string): string | null {
  if (linkHash(record.prev, record.bodyHash) !== record.hash)
    return 'its hash does not follow from its predecessor and its body hash';
  if (record.body === null || record.salt === null) return null;
  if (bodyHashOf(record.body, Buffer.from(record.salt, 'base64url')) !== record.bodyHash)
    return 'its body is not the one that was hashed';
  if (record.body.deviceId !== deviceId) return 'its body names another machine';
  if (record.body.epoch !== record.epoch || record.body.seq !== record.seq) return 'its body has another number';
  return null;
}

/** Crockford base 32 without the letters that are misread (https://www.crockford.com/base32.html). */
const readableAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Twelve characters in groups of four out of a record's hash (60 bits): short enough to read out. */
export function verificationCode(hash: string): string {
  const bits = BigInt(`0x${hash.slice(0, 15)}`);
  let code = '';
  for (let place = 11; place >= 0; place -= 1)
    code += readableAlphabet[Number((bits >> BigInt(place * 5)) & 31n)] ?? '';
  return [code.slice(0, 4), code.slice(4, 8), code.slice(8, 12)].join('-');
}
