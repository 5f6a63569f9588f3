import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson, sha256 } from './canonical.ts';

const verifyOffThread = (data: Buffer, key: KeyObject, signature: Buffer): Promise<boolean> =>
  new Promise((resolve, reject) => {
    verify(null, data, key, signature, (error, holds) => (error === null ? resolve(holds) : reject(error)));
  });

/** PKCS #8 (RFC 8410) wrapping of a raw 32-byte Ed25519 public key. */
const spkiPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** An Ed25519 key that can sign (RFC 8032). */
export interface SigningKey {
  readonly privateKey: KeyObject;
  /** Raw public key, base64url, 43 characters. */
  readonly publicKey: string;
}

export function generateSigningKey(): SigningKey {
  return signingKeyFrom(generateKeyPairSync('ed25519').privateKey);
}

/** PEM (PKCS #8) of the private key, for a file only its owner can read. */
export function signingKeyToPem(key: SigningKey): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** @throws Error when the text is not an Ed25519 private key in PEM. */
export function signingKeyFromPem(pem: string): SigningKey {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new Error('The key file does not hold an Ed25519 private key');
  return signingKeyFrom(privateKey);
}

function signingKeyFrom(privateKey: KeyObject): SigningKey {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { privateKey, publicKey: spki.subarray(spkiPrefix.length).toString('base64url') };
}

const verifyingKeys = new Map<string, KeyObject>();
const verifyingKeysKept = 1_000;

/** Keys are kept once read: reading one costs more than a check with it. */
export function verifyingKey(publicKey: string): KeyObject {
  const known = verifyingKeys.get(publicKey);
  if (known !== undefined) return known;
  // RFC 8037; a JWK is read in half the time of the same key in DER.
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  if (verifyingKeys.size >= verifyingKeysKept) verifyingKeys.clear();
  verifyingKeys.set(publicKey, key);
  return key;
}

/** SHA-256 of the raw public key, hexadecimal: what a person compares. */
export function keyFingerprint(publicKey: string): string {
  return sha256(Buffer.from(publicKey, 'base64url')).toString('hex');
}

/** A machine's id: the first 32 hexadecimal characters of its key's fingerprint. */
export function deviceIdOf(publicKey: string): string {
  return keyFingerprint(publicKey).slice(0, 32);
}

/** What a signature is for. It is part of what is signed, so that no signature can be used as another kind. */
export type SignatureContext =
  | 'usher/head/1'
  | 'usher/receipt/1'
  | 'usher/policy/1'
  | 'usher/policy-set/1'
  | 'usher/enrol/1'
  | 'usher/sync/1'
  | 'usher/export/1'
  | 'usher/pack/1'
  | 'usher/usb-permits/1'
  | 'usher/standing/1';

function signedBytes(context: SignatureContext, fields: Record<string, unknown>): Buffer {
  return Buffer.from(canonicalJson({ ...fields, context }), 'utf8');
}

/** Ed25519 signature, base64url, over the RFC 8785 JSON of the fields and the context. */
export function signFields(key: SigningKey, context: SignatureContext, fields: Record<string, unknown>): string {
  return sign(null, signedBytes(context, fields), key.privateKey).toString('base64url');
}

/** What somebody is said to have signed. */
export interface SignedFields {
  context: SignatureContext;
  fields: Record<string, unknown>;
  /** Ed25519, base64url. */
  signature: string;
}

/**
 * The bytes of a signature, 64 of them; null for what is none. Base64url leaves the last bits of 64 bytes unused; a
 * spelling in which they are not zero is refused, so that a signature has one spelling only.
 */
function signatureBytes(signature: string): Buffer | null {
  const bytes = Buffer.from(signature, 'base64url');
  return bytes.toString('base64url') === signature ? bytes : null;
}

/** False for a wrong signature and for anything that is not a signature or a key. */
export function fieldsSignatureHolds(
  publicKey: string,
  context: SignatureContext,
  fields: Record<string, unknown>,
  signature: string,
): boolean {
  try {
    const bytes = signatureBytes(signature);
    return bytes !== null && verify(null, signedBytes(context, fields), verifyingKey(publicKey), bytes);
  } catch {
    return false;
  }
}

/** As `fieldsSignatureHolds`, checked on a thread of Node's pool while this one goes on. */
export async function signatureHoldsOffThread(
  publicKey: string,
  { context, fields, signature }: SignedFields,
): Promise<boolean> {
  try {
    const bytes = signatureBytes(signature);
    return bytes !== null && (await verifyOffThread(signedBytes(context, fields), verifyingKey(publicKey), bytes));
  } catch {
    return false;
  }
}
