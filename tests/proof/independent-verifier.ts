/**
 * A second verifier of evidence packs and of tree.json: it imports nothing of ours and needs no more than
 * docs/record-format.md says, with the proofs checked by the recursive definitions of RFC 6962 read backwards. Prints the
 * exit code it comes to, one line for each file given.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';

interface Json {
  [name: string]: unknown;
}
const sha = (...parts: (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const raw = (hex: unknown): Buffer => Buffer.from(String(hex), 'hex');
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
};
const signedBy = (publicKey: string, bytes: Buffer, signature: Buffer): boolean => {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  return verify(null, bytes, key, signature);
};
const fieldsSigned = (publicKey: string, context: string, fields: Json, signature: unknown): boolean =>
  signedBy(publicKey, Buffer.from(canonical({ ...fields, context })), Buffer.from(String(signature), 'base64url'));

class Bad extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}
const demand = (holds: boolean, code: number): void => {
  if (!holds) throw new Bad(code);
};

/** The files a zip archive lists in its central directory (APPNOTE 4.3.12). */
function filesIn(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  demand(end >= 0, 2);
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place));
    const name = zip.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20));
    files.set(name, zip.readUInt16LE(at + 10) === 8 ? inflateRawSync(packed) : packed);
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return files;
}

const node = (left: Buffer, right: Buffer): Buffer => sha(Buffer.from([1]), left, right);
/** Root that an inclusion proof leads to, by the recursive definition of RFC 6962 §2.1.1 read backwards. */
function rootFrom(leaf: Buffer, index: number, size: number, proof: readonly Buffer[]): Buffer | null {
  if (size === 1) return proof.length === 0 && index === 0 ? leaf : null;
  const last = proof.at(-1);
  if (last === undefined) return null;
  let split = 1;
  while (split * 2 < size) split *= 2;
  const below = proof.slice(0, -1);
  if (index < split) {
    const left = rootFrom(leaf, index, split, below);
    return left && node(left, last);
  }
  const right = rootFrom(leaf, index - split, size - split, below);
  return right && node(last, right);
}
/** The two roots a consistency proof leads to, from RFC 6962 §2.1.2 read backwards. */
function rootsFrom(old: number, size: number, proof: readonly Buffer[], oldRoot: Buffer | null): Buffer[] | null {
  if (old === size) {
    const same = oldRoot ?? proof[0];
    return same === undefined || proof.length !== (oldRoot === null ? 1 : 0) ? null : [same, same];
  }
  const last = proof.at(-1);
  if (last === undefined) return null;
  let split = 1;
  while (split * 2 < size) split *= 2;
  const below = proof.slice(0, -1);
  if (old <= split) {
    const [before, after] = rootsFrom(old, split, below, oldRoot) ?? [];
    return before === undefined || after === undefined ? null : [before, node(after, last)];
  }
  const [before, after] = rootsFrom(old - split, size - split, below, null) ?? [];
  return before === undefined || after === undefined ? null : [node(last, before), node(last, after)];
}

function checkpointOf(note: string, publicKey: string): { origin: string; size: number; root: Buffer } {
  const [text = '', signatures = ''] = note.split('\n\n');
  const [origin = '', size = '', root = ''] = text.split('\n');
  const line = signatures.split('\n').find((one) => one.startsWith(`— ${origin} `)) ?? '';
  const bytes = Buffer.from(line.slice(`— ${origin} `.length), 'base64');
  const keyId = sha(origin, Buffer.from([0x0a, 0x01]), Buffer.from(publicKey, 'base64url')).subarray(0, 4);
  demand(bytes.subarray(0, 4).equals(keyId), 4);
  demand(signedBy(publicKey, Buffer.from(`${text}\n`), bytes.subarray(4)), 4);
  return { origin, size: Number(size), root: Buffer.from(root, 'base64') };
}

const jsonOf = (text: Buffer | string | undefined): Json => JSON.parse(String(text));

function checkMachine(text: string, serverKey: string, log: { size: number; root: Buffer }): number {
  let records = 0;
  let [deviceId, publicKey] = ['', ''];
  let place: { epoch: number; seq: number; hash: Buffer; open: boolean } = {
    epoch: 0,
    seq: 0,
    hash: raw(''),
    open: false,
  };
  for (const line of text.trimEnd().split('\n').map(jsonOf)) {
    if (line['kind'] === 'machine') {
      [deviceId, publicKey] = [String(line['deviceId']), String(line['devicePublicKey'])];
      demand(sha(Buffer.from(publicKey, 'base64url')).toString('hex').startsWith(deviceId), 4);
    } else if (line['kind'] === 'segment') {
      demand(!place.open, 5);
      place = { epoch: Number(line['epoch']), seq: Number(line['fromSeq']) - 1, hash: raw(line['prev']), open: true };
      const genesis = sha(canonical({ context: 'usher/epoch/1', deviceId, epoch: place.epoch }));
      demand(place.seq !== 0 || genesis.equals(place.hash), 3);
    } else if (line['kind'] === 'link' || line['kind'] === 'record') {
      const record = line['kind'] === 'link' ? line : jsonOf(JSON.stringify(line['record']));
      demand(Number(record['seq']) >= place.seq + 1, 3);
      demand(Number(record['seq']) === place.seq + 1, 5);
      const hash = sha(place.hash, raw(record['bodyHash']));
      if (line['kind'] === 'record') {
        records += 1;
        const bodyHash = sha(Buffer.from(String(record['salt']), 'base64url'), canonical(record['body']));
        demand(record['body'] === null || bodyHash.equals(raw(record['bodyHash'])), 3);
        demand(hash.equals(raw(record['hash'])) && place.hash.equals(raw(record['prev'])), 3);
      }
      place = { ...place, seq: place.seq + 1, hash };
    } else {
      const { signature: headSignature, ...head } = jsonOf(JSON.stringify(line['head']));
      const { signature, ...receipt } = jsonOf(JSON.stringify(line['receipt']));
      demand(head['seq'] === place.seq, 5);
      demand(raw(head['hash']).equals(place.hash), 3);
      demand(fieldsSigned(publicKey, 'usher/head/1', { deviceId, ...head }, headSignature), 4);
      demand(fieldsSigned(serverKey, 'usher/receipt/1', receipt, signature), 4);
      demand(raw(receipt['hash']).equals(place.hash) && receipt['seq'] === place.seq, 6);
      const leaf = sha(Buffer.from([0]), canonical({ context: 'usher/head/1', ...receipt }));
      const proof = [line['proof']].flat().map(raw);
      demand(rootFrom(leaf, Number(line['index']), log.size, proof)?.equals(log.root) === true, 7);
      place = { ...place, open: false };
    }
  }
  demand(!place.open, 5);
  return records;
}

function checkPack(files: ReadonlyMap<string, Buffer>): void {
  demand(files.has('pack.json'), 2);
  const serverKey = String(jsonOf(files.get('pack.json'))['serverPublicKey']);
  const log = checkpointOf(String(files.get('checkpoint.txt')), serverKey);
  for (const { old, root, proof } of JSON.parse(String(files.get('consistency.json')))) {
    const [before, after] = rootsFrom(old, log.size, [proof].flat().map(raw), Buffer.from(root, 'base64')) ?? [];
    demand(before?.equals(Buffer.from(root, 'base64')) === true && after?.equals(log.root) === true, 7);
  }
  let records = 0;
  for (const [name, bytes] of files)
    if (name.startsWith('machines/')) records += checkMachine(bytes.toString('utf8'), serverKey, log);
  const { signature, ...index } = jsonOf(files.get('index.json'));
  demand(fieldsSigned(serverKey, 'usher/pack/1', index, signature), 4);
  const listed = new Map<string, Json>();
  for (const file of [index['files']].flat())
    listed.set(String(jsonOf(JSON.stringify(file))['name']), jsonOf(JSON.stringify(file)));
  for (const [name, { sha256 }] of listed) demand(sha(files.get(name) ?? '').toString('hex') === sha256, 3);
  for (const name of files.keys()) demand(name === 'index.json' || listed.has(name), 3);
  demand(index['records'] === records, 5);
}

function checkTree(tree: {
  leaves: string[];
  roots: { size: number; root: string }[];
  inclusion: { index: number; size: number; proof: string[] }[];
  consistency: { old: number; size: number; proof: string[] }[];
}): void {
  const rootAt = (size: number) => raw(tree.roots.find((one) => one.size === size)?.root);
  for (const { index, size, proof } of tree.inclusion) {
    const leaf = sha(Buffer.from([0]), tree.leaves[index] ?? '');
    demand(rootFrom(leaf, index, size, proof.map(raw))?.equals(rootAt(size)) === true, 7);
  }
  for (const { old, size, proof } of tree.consistency) {
    if (old === 0) continue;
    const [before, after] = rootsFrom(old, size, proof.map(raw), rootAt(old)) ?? [];
    demand(before?.equals(rootAt(old)) === true && after?.equals(rootAt(size)) === true, 7);
  }
}

for (const path of process.argv.slice(2)) {
  try {
    if (path.endsWith('.json')) checkTree(JSON.parse(readFileSync(path, 'utf8')));
    else checkPack(filesIn(readFileSync(path)));
    console.log(0);
  } catch (error) {
    if (!(error instanceof Bad)) throw error;
    console.log(error.code);
  }
}
