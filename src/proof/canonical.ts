import { createHash, hash as hashOnce } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * RFC 8785 (JSON Canonicalization Scheme) text of a JSON value.
 * @throws Error when the value is not JSON (undefined, a function, NaN, half a surrogate pair).
 */
export function canonicalJson(value: unknown): string {
  // RFC 8785 §3.2.2 takes over ECMAScript's own spelling of literals, strings and numbers; only the order is to be made.
  const ordered = inOrder(value);
  if (ordered !== outOfTheOrdinary) return JSON.stringify(ordered);
  const text = canonicalize(value);
  if (text === undefined) throw new Error('A value that is not JSON cannot be made canonical');
  return text;
}

/** What the quick way leaves to the library: values that are not plain JSON, and keys an object does not keep in order. */
const outOfTheOrdinary = Symbol('out of the ordinary');
const keyWithItsOwnPlace = /^(?:0|[1-9][0-9]*|__proto__|toJSON)$/;

/** The same value with the keys of every object in UTF-16 code unit order, as RFC 8785 §3.2.3 asks. */
function inOrder(value: unknown): unknown {
  if (typeof value === 'string') return value.isWellFormed() ? value : outOfTheOrdinary;
  if (typeof value === 'number') return Number.isFinite(value) ? value : outOfTheOrdinary;
  if (value === null || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return arrayInOrder(value);
  if (typeof value !== 'object' || 'toJSON' in value) return outOfTheOrdinary;
  const entries: Record<string, unknown> = { ...value };
  const ordered: Record<string, unknown> = {};
  for (const key of Object.keys(entries).sort()) {
    const member = inOrder(entries[key]);
    if (member === outOfTheOrdinary || keyWithItsOwnPlace.test(key) || !key.isWellFormed()) return outOfTheOrdinary;
    ordered[key] = member;
  }
  return ordered;
}

function arrayInOrder(items: readonly unknown[]): unknown {
  const ordered: unknown[] = [];
  for (const item of items) {
    const member = inOrder(item);
    if (member === outOfTheOrdinary) return outOfTheOrdinary;
    ordered.push(member);
  }
  return ordered;
}

/** SHA-256 (FIPS 180-4) over the parts one after the other; strings as UTF-8. 32 bytes. */
export function sha256(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const workspace = Buffer.allocUnsafe(64 * 1024);
const utf8BytesPerUnit = 3;

/** SHA-256 over `salt ‖ text as UTF-8`, hexadecimal. One call and no copies for texts of ordinary size. */
export function saltedSha256Hex(salt: Uint8Array, text: string): string {
  const most = salt.length + text.length * utf8BytesPerUnit;
  const bytes = most <= workspace.length ? workspace : Buffer.allocUnsafe(most);
  bytes.set(salt, 0);
  const length = salt.length + bytes.write(text, salt.length, 'utf8');
  return hashOnce('sha256', bytes.subarray(0, length), 'hex');
}

/** SHA-256 over the bytes that the hexadecimal text stands for, hexadecimal. */
export function sha256OfHex(hex: string): string {
  return hashOnce('sha256', Buffer.from(hex, 'hex'), 'hex');
}
