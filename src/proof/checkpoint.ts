import { sign, verify } from 'node:crypto';
import { canonicalJson, sha256 } from './canonical.ts';
import { keyFingerprint, verifyingKey, type SigningKey } from './keys.ts';
import { leafHash, type TreeHash } from './merkle.ts';
import type { Receipt } from '../contract/record.ts';

/** The algorithm byte of a signed note's key (https://c2sp.org/signed-note): Ed25519, and a witness's cosignature. */
const noteAlgorithm = { ed25519: 1, cosignature: 4 } as const;
const idBytes = 4;
const signatureBytes = 64;
const timestampBytes = 8;

/** A leaf of the log: a machine's head as it was receipted. */
export type LogLeaf = Omit<Receipt, 'signature'>;

/** The bytes of a leaf: RFC 8785 JSON of the head with the context `usher/head/1`. */
export function leafBytes({ deviceId, epoch, seq, hash, at }: LogLeaf): Buffer {
  return Buffer.from(canonicalJson({ context: 'usher/head/1', deviceId, epoch, seq, hash, at }), 'utf8');
}

/** The hash under which a leaf stands in the tree. */
export const logLeafHash = (leaf: LogLeaf): TreeHash => leafHash(leafBytes(leaf));

/** The log's name, and the name of its key: fixed by the server's key and the trust, wherever the server moves. */
export const logOrigin = (serverPublicKey: string, trustId: string): string =>
  `usher/${keyFingerprint(serverPublicKey).slice(0, 32)}/${trustId}`;

/** A tree at one size. */
export interface TreeHead {
  origin: string;
  size: number;
  root: TreeHash;
}

/** A signature line of a note, taken apart. */
interface NoteSignature {
  name: string;
  keyId: Buffer;
  bytes: Buffer;
}

/** A checkpoint as it was read: what is signed, and who may have signed it. */
export interface Checkpoint extends TreeHead {
  /** The signed text, with its last line break. */
  text: string;
  signatures: NoteSignature[];
}

/** First 4 bytes of `SHA-256(name ‖ 0x0A ‖ algorithm ‖ raw public key)` (https://c2sp.org/signed-note). */
function keyIdOf(name: string, algorithm: number, publicKey: string): Buffer {
  return sha256(name, Buffer.from([0x0a, algorithm]), Buffer.from(publicKey, 'base64url')).subarray(0, idBytes);
}

/** The text of a checkpoint that is signed (https://c2sp.org/tlog-checkpoint). */
export const checkpointText = ({ origin, size, root }: TreeHead): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`;

const signatureLine = (name: string, ...parts: Uint8Array[]): string =>
  `— ${name} ${Buffer.concat(parts).toString('base64')}\n`;

/** A checkpoint in the form of a signed note, signed with the server's key under the log's own name. */
export function signCheckpoint(key: SigningKey, head: TreeHead): string {
  const text = checkpointText(head);
  const signature = sign(null, Buffer.from(text, 'utf8'), key.privateKey);
  return `${text}\n${signatureLine(head.origin, keyIdOf(head.origin, noteAlgorithm.ed25519, key.publicKey), signature)}`;
}

const decimal = /^(?:0|[1-9][0-9]{0,15})$/;
const signatureForm = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/;

/** Base64 with its padding, in its one spelling; null for anything else. */
function base64Bytes(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}

/** Null for a text that is not a checkpoint. Its signatures are not checked yet. */
export function readCheckpoint(note: string): Checkpoint | null {
  const blank = note.indexOf('\n\n');
  if (blank < 0 || !note.endsWith('\n')) return null;
  const text = note.slice(0, blank + 1);
  const [origin = '', size = '', root = '', ...more] = text.slice(0, -1).split('\n');
  const rootBytes = base64Bytes(root);
  // A log of ours has no extension lines; one with them says something we do not know.
  if (more.length > 0 || origin === '' || !decimal.test(size) || rootBytes?.length !== 32) return null;
  const signatures = note
    .slice(blank + 2, -1)
    .split('\n')
    .map(readSignature);
  if (!signatures.every((one) => one !== null)) return null;
  return { origin, size: Number(size), root: rootBytes, text, signatures };
}

function readSignature(line: string): NoteSignature | null {
  const [, name, encoded] = signatureForm.exec(line) ?? [];
  const bytes = encoded === undefined ? null : base64Bytes(encoded);
  if (name === undefined || bytes === null || bytes.length <= idBytes) return null;
  return { name, keyId: bytes.subarray(0, idBytes), bytes: bytes.subarray(idBytes) };
}

const holds = (publicKey: string, text: string, signature: Uint8Array): boolean => {
  try {
    return verify(null, Buffer.from(text, 'utf8'), verifyingKey(publicKey), signature);
  } catch {
    return false;
  }
};

/** Is the checkpoint signed by the server whose key this is? */
export function checkpointHolds(serverPublicKey: string, checkpoint: Checkpoint): boolean {
  const keyId = keyIdOf(checkpoint.origin, noteAlgorithm.ed25519, serverPublicKey);
  return checkpoint.signatures.some(
    ({ name, keyId: id, bytes }) =>
      name === checkpoint.origin &&
      id.equals(keyId) &&
      bytes.length === signatureBytes &&
      holds(serverPublicKey, checkpoint.text, bytes),
  );
}

/** Somebody outside who signs checkpoints they found to continue those before. */
export interface Witness {
  name: string;
  /** Raw Ed25519 public key, base64url. */
  publicKey: string;
}

/**
 * Reads a witness's key as witnesses publish it (https://c2sp.org/signed-note, "verifier keys"):
 * `name+8 hexadecimal characters of the key id+base64(0x04 ‖ public key)`. Null for anything else.
 */
export function readWitnessKey(text: string): Witness | null {
  const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const bytes = encoded === undefined ? null : base64Bytes(encoded);
  if (name === undefined || bytes?.length !== 33 || bytes[0] !== noteAlgorithm.cosignature) return null;
  const publicKey = bytes.subarray(1).toString('base64url');
  const keyId = keyIdOf(name, noteAlgorithm.cosignature, publicKey);
  return keyId.toString('hex') === id ? { name, publicKey } : null;
}

/** A witness's key in the form `readWitnessKey` reads. */
export function witnessKeyText({ name, publicKey }: Witness): string {
  const key = Buffer.concat([Buffer.from([noteAlgorithm.cosignature]), Buffer.from(publicKey, 'base64url')]);
  return `${name}+${keyIdOf(name, noteAlgorithm.cosignature, publicKey).toString('hex')}+${key.toString('base64')}`;
}

const cosignedText = (text: string, seconds: bigint): string => `cosignature/v1\ntime ${seconds}\n${text}`;

/** A witness's signature line over a checkpoint (https://c2sp.org/tlog-cosignature). `at`: when it was seen. */
export function cosign(key: SigningKey, name: string, text: string, at: Date): string {
  const seconds = BigInt(Math.floor(at.getTime() / 1_000));
  const timestamp = Buffer.alloc(timestampBytes);
  timestamp.writeBigUInt64BE(seconds);
  const signature = sign(null, Buffer.from(cosignedText(text, seconds), 'utf8'), key.privateKey);
  return signatureLine(name, keyIdOf(name, noteAlgorithm.cosignature, key.publicKey), timestamp, signature);
}

/** When the witness signed this checkpoint; null when it did not. */
export function cosignedAt(witness: Witness, checkpoint: Checkpoint): Date | null {
  const keyId = keyIdOf(witness.name, noteAlgorithm.cosignature, witness.publicKey);
  for (const { name, keyId: id, bytes } of checkpoint.signatures) {
    if (name !== witness.name || !id.equals(keyId) || bytes.length !== timestampBytes + signatureBytes) continue;
    const seconds = bytes.readBigUInt64BE(0);
    const signed = cosignedText(checkpoint.text, seconds);
    if (holds(witness.publicKey, signed, bytes.subarray(timestampBytes))) return new Date(Number(seconds) * 1_000);
  }
  return null;
}
