import { unzipSync } from 'fflate';
import type { z } from 'zod';
import {
  packConsistency,
  packHeader,
  packIndex,
  packLine,
  type PackAnchor,
  type PackHeader,
  type PackLine,
} from '../contract/pack.ts';
import { signedPolicy } from '../contract/policy.ts';
import type { ChainHead, SealedRecord } from '../contract/record.ts';
import { sha256 } from './canonical.ts';
import { genesisHash, linkHash, recordFault } from './chain.ts';
import {
  checkpointHolds,
  cosignedAt,
  logLeafHash,
  readCheckpoint,
  type Checkpoint,
  type Witness,
} from './checkpoint.ts';
import { Fault, named, toEnd, type Verification } from './finding.ts';
import { deviceIdOf, keyFingerprint } from './keys.ts';
import { consistencyHolds, inclusionHolds, type TreeHash } from './merkle.ts';
import { machineFile, packFiles, packIndexHolds } from './pack.ts';
import { headHolds, receiptHolds, signedPolicyFault } from './signatures.ts';

export interface PackVerification extends Verification {
  header: PackHeader | null;
  checkpoint: Checkpoint | null;
  machines: number;
  /** Places of which only the hash is in the pack. */
  links: number;
  /** When the witness whose key was given signed the checkpoint. */
  cosignedAt: Date | null;
}

export interface PackOptions {
  /** SHA-256 of the server's raw public key, hexadecimal; without it the pack is checked with the key in it. */
  serverKeyFingerprint?: string | undefined;
  /** A witness whose signature over the checkpoint is demanded. */
  witness?: Witness | undefined;
  /** A checkpoint that was seen before. */
  remembered?: Checkpoint | undefined;
  /** Most bytes the archive may unpack to. */
  mostBytes: number;
}

/** Does the file begin as a zip archive does? */
export const looksLikePack = (bytes: Uint8Array): boolean =>
  bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 0x03 || bytes[2] === 0x05);

/** Verifies an evidence pack (docs/record-format.md) by itself. Never throws; the first fault is the one that is told. */
export const verifyPack = (bytes: Uint8Array, options: PackOptions): PackVerification =>
  toEnd(packSteps(bytes, options));

/** As `verifyPack`, one line at a time, for a caller that has other things to do in between. */
export function* packSteps(bytes: Uint8Array, options: PackOptions): Generator<undefined, PackVerification> {
  const found: PackVerification = {
    outcome: 'sound',
    at: null,
    reason: 'Every record, link, signature, receipt and proof holds, and the pack is whole.',
    deviceId: null,
    records: 0,
    receipts: 0,
    bodiesRemoved: 0,
    heads: [],
    header: null,
    checkpoint: null,
    machines: 0,
    links: 0,
    cosignedAt: null,
  };
  try {
    yield* checkPack(unpacked(bytes, options.mostBytes), options, found);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...found, outcome: error.outcome, at: error.at, reason: error.message };
  }
  return found;
}

type Files = ReadonlyMap<string, Uint8Array>;

function unpacked(bytes: Uint8Array, mostBytes: number): Files {
  let total = 0;
  let tooLarge = false;
  try {
    const files = unzipSync(bytes, {
      filter: ({ originalSize }) => {
        total += originalSize;
        tooLarge ||= total > mostBytes;
        return !tooLarge;
      },
    });
    if (!tooLarge) return new Map(Object.entries(files));
  } catch {
    throw new Fault('unreadable', 'This is not a zip archive, or it was cut off.');
  }
  throw new Fault('unreadable', `The archive unpacks to more than ${Math.round(mostBytes / 1024 / 1024)} MB.`);
}

function textOf(files: Files, name: string): string {
  const bytes = files.get(name);
  if (bytes === undefined) throw new Fault('missing', `The file ${name} is missing from the pack.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('unreadable', `The file ${name} is not text.`);
  }
}

function jsonOf<S extends z.ZodType>(name: string, text: string, schema: S): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault('unreadable', `${name} is not JSON.`);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new Fault(
    'unreadable',
    `${name} is not as a pack has it (${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}). It was damaged, or a newer Usher made it.`,
  );
}

function* checkPack(files: Files, options: PackOptions, found: PackVerification): Generator<undefined, void> {
  if (!files.has(packFiles.header)) throw new Fault('unreadable', 'This is not an evidence pack of Usher.');
  const header = jsonOf(packFiles.header, textOf(files, packFiles.header), packHeader);
  found.header = header;
  const fingerprint = keyFingerprint(header.serverPublicKey);
  if (options.serverKeyFingerprint !== undefined && options.serverKeyFingerprint !== fingerprint)
    throw new Fault('badSignature', `The pack is of another server: its key has the fingerprint ${fingerprint}.`);
  const checkpoint = checkCheckpoint(files, header, options, found);
  checkConsistency(files, checkpoint, options);
  for (const name of files.keys()) {
    if (name.startsWith('policies/')) checkPolicy(files, name, header);
    yield undefined;
  }
  for (const name of [...files.keys()].filter((one) => one.startsWith('machines/')).sort()) {
    found.machines += 1;
    yield* new MachineCheck(header, checkpoint, found).file(name, textOf(files, name));
  }
  found.deviceId = null;
  checkIndex(files, header, found);
}

function checkCheckpoint(files: Files, header: PackHeader, options: PackOptions, found: PackVerification): Checkpoint {
  const checkpoint = readCheckpoint(textOf(files, packFiles.checkpoint));
  if (checkpoint === null) throw new Fault('unreadable', 'The checkpoint in the pack cannot be read.');
  if (!checkpointHolds(header.serverPublicKey, checkpoint))
    throw new Fault('badSignature', "The checkpoint is not signed by the server's key.");
  if (checkpoint.origin !== header.origin || checkpoint.size !== header.size)
    throw new Fault('changed', 'The checkpoint is not the one the pack was made with.');
  found.checkpoint = checkpoint;
  if (options.witness !== undefined) {
    found.cosignedAt = cosignedAt(options.witness, checkpoint);
    if (found.cosignedAt === null)
      throw new Fault('badSignature', `The witness ${options.witness.name} did not sign the checkpoint.`);
  }
  return checkpoint;
}

function checkConsistency(files: Files, checkpoint: Checkpoint, { remembered }: PackOptions): void {
  const name = packFiles.consistency;
  for (const { old, root, proof } of jsonOf(name, textOf(files, name), packConsistency)) {
    const before = { size: old, root: Buffer.from(root, 'base64') };
    if (!consistencyHolds(before, checkpoint, proof.map(hashFrom)))
      throw new Fault('rewritten', `The log does not go on from its checkpoint of ${old} entries.`);
    if (remembered?.size === old && !remembered.root.equals(before.root))
      throw new Fault('rewritten', `The checkpoint of ${old} entries is not the one that was seen before.`);
  }
  if (remembered?.size === checkpoint.size && !remembered.root.equals(checkpoint.root))
    throw new Fault('rewritten', `The checkpoint of ${checkpoint.size} entries is not the one that was seen before.`);
}

const hashFrom = (hex: string): TreeHash => Buffer.from(hex, 'hex');

function checkPolicy(files: Files, name: string, { serverPublicKey }: PackHeader): void {
  const policy = jsonOf(name, textOf(files, name), signedPolicy);
  const fault = signedPolicyFault(serverPublicKey, policy);
  if (fault !== null) throw new Fault('badSignature', `${name} does not hold: ${fault}.`);
}

function checkIndex(files: Files, header: PackHeader, found: PackVerification): void {
  const index = jsonOf(packFiles.index, textOf(files, packFiles.index), packIndex);
  if (!packIndexHolds(header.serverPublicKey, index))
    throw new Fault('badSignature', "The index of the pack is not signed by the server's key.");
  const listed = new Set<string>([packFiles.index]);
  for (const { name, bytes, sha256: digest } of index.files) {
    const held = files.get(name);
    if (held === undefined) throw new Fault('missing', `The file ${name} is missing from the pack.`);
    if (held.length !== bytes || sha256(held).toString('hex') !== digest)
      throw new Fault('changed', `The file ${name} was changed after the pack was made.`);
    listed.add(name);
  }
  const added = [...files.keys()].find((name) => !listed.has(name));
  if (added !== undefined) throw new Fault('changed', `The file ${added} was added after the pack was made.`);
  if (index.records !== found.records || index.machines !== found.machines)
    throw new Fault('missing', 'The pack holds another number of records than its index says.');
}

/** One machine's file. */
class MachineCheck {
  readonly #header: PackHeader;
  readonly #checkpoint: Checkpoint;
  readonly #found: PackVerification;
  #publicKey = '';
  #deviceId = '';
  /** The end of the segment before; then of the one being read. */
  #last: ChainHead | null = null;
  #open = false;

  constructor(header: PackHeader, checkpoint: Checkpoint, found: PackVerification) {
    this.#header = header;
    this.#checkpoint = checkpoint;
    this.#found = found;
  }

  *file(name: string, text: string): Generator<undefined, void> {
    const lines = text.split('\n');
    if (lines.pop() !== '') throw new Fault('missing', `${name} is cut off.`);
    for (const [place, line] of lines.entries()) {
      const read = jsonOf(`Line ${place + 1} of ${name}`, line, packLine);
      if ((place === 0) !== (read.kind === 'machine'))
        throw new Fault('unreadable', `The first line of ${name}, and only it, must name the machine.`);
      this.#line(name, read);
      yield undefined;
    }
    if (this.#open || this.#publicKey === '') throw new Fault('missing', `${name} is cut off.`, this.#last);
  }

  #line(name: string, line: PackLine): void {
    if (line.kind === 'machine') {
      if (deviceIdOf(line.devicePublicKey) !== line.deviceId || name !== machineFile(line.deviceId))
        throw new Fault('badSignature', `The key in ${name} is not that of its machine.`);
      this.#publicKey = line.devicePublicKey;
      this.#deviceId = line.deviceId;
      this.#found.deviceId = line.deviceId;
    } else if (line.kind === 'segment') {
      this.#segment(line);
    } else {
      if (!this.#open || this.#last === null)
        throw new Fault('unreadable', `A ${line.kind} in ${name} belongs to no segment.`);
      if (line.kind === 'anchor') this.#anchor(line, this.#last);
      else if (line.kind === 'record') this.#record(line.record, this.#last);
      else this.#link(line.seq, line.bodyHash, this.#last);
    }
  }

  #segment({ epoch, fromSeq, prev }: { epoch: number; fromSeq: number; prev: string }): void {
    const at = { epoch, seq: fromSeq };
    if (this.#open) throw new Fault('missing', `${named(at)} begins before what is before it was closed.`, at);
    const before = this.#last;
    if (before !== null && (epoch < before.epoch || (epoch === before.epoch && fromSeq <= before.seq)))
      throw new Fault('changed', `${named(at)} stands after ${named(before)}.`, at);
    if (fromSeq === 1 && prev !== genesisHash(this.#deviceId, epoch))
      throw new Fault('changed', `${named(at)} does not begin the chain of this machine and epoch.`, at);
    if (before?.epoch === epoch && fromSeq === before.seq + 1 && prev !== before.hash)
      throw new Fault('fork', `${named(at)} follows from another record than the one before it in the pack.`, at);
    this.#last = { epoch, seq: fromSeq - 1, hash: prev };
    this.#open = true;
  }

  /** The next place in the chain must be this one. */
  #expect(seq: number, last: ChainHead): void {
    const next = { epoch: last.epoch, seq: last.seq + 1 };
    if (seq > next.seq) throw new Fault('missing', `${named(next)} is missing.`, next);
    if (seq < next.seq) throw new Fault('changed', `${named({ epoch: last.epoch, seq })} stands twice.`, next);
  }

  #record(record: SealedRecord, last: ChainHead): void {
    if (record.epoch !== last.epoch)
      throw new Fault('changed', `${named(record)} stands in epoch ${last.epoch}.`, record);
    this.#expect(record.seq, last);
    const fault = recordFault(record, this.#deviceId);
    if (fault !== null) throw new Fault('changed', `${named(record)} was changed: ${fault}.`, record);
    if (record.prev !== last.hash)
      throw new Fault('changed', `${named(record)} does not follow from the record before it.`, record);
    const { about } = this.#header;
    const account = record.body?.account?.name.toLowerCase();
    if (about.kind === 'person' && record.body !== null && account !== about.accountName.toLowerCase())
      throw new Fault('changed', `${named(record)} is not about the person this pack is about.`, record);
    this.#last = { epoch: record.epoch, seq: record.seq, hash: record.hash };
    this.#found.records += 1;
    if (record.body === null) this.#found.bodiesRemoved += 1;
  }

  #link(seq: number, bodyHash: string, last: ChainHead): void {
    this.#expect(seq, last);
    this.#last = { epoch: last.epoch, seq, hash: linkHash(last.hash, bodyHash) };
    this.#found.links += 1;
  }

  #anchor({ head, receipt, index, proof }: PackAnchor, last: ChainHead): void {
    const at = { epoch: last.epoch, seq: last.seq };
    if (head.epoch !== last.epoch || head.seq !== last.seq)
      throw new Fault('missing', `The records up to ${named(head)} are missing.`, { ...at, seq: last.seq + 1 });
    if (head.hash !== last.hash) throw new Fault('changed', `${named(at)} is not the one the machine has signed.`, at);
    if (!headHolds(this.#publicKey, this.#deviceId, head))
      throw new Fault('badSignature', `The machine's signature over ${named(at)} is wrong.`, at);
    if (receipt.deviceId !== this.#deviceId || !receiptHolds(this.#header.serverPublicKey, receipt))
      throw new Fault('badSignature', `The server's receipt for ${named(at)} is not signed by its key.`, at);
    if (receipt.epoch !== last.epoch || receipt.seq !== last.seq || receipt.hash !== last.hash)
      throw new Fault('fork', `The server's receipt names another ${named(at)}.`, at);
    const { size, root } = this.#checkpoint;
    if (!inclusionHolds(logLeafHash(receipt), index, size, proof.map(hashFrom), root))
      throw new Fault('rewritten', `The receipt for ${named(at)} is not entry ${index} of the log.`, at);
    this.#found.receipts += 1;
    this.#found.heads.push(last);
    this.#open = false;
  }
}

/** The proof in a pack that was verified that its log goes on from that of `old` entries; null when there is none. */
export function packConsistencyProof(bytes: Uint8Array, old: number): TreeHash[] | null {
  if (!looksLikePack(bytes)) return null;
  const name = packFiles.consistency;
  const files = new Map(Object.entries(unzipSync(bytes, { filter: (file) => file.name === name })));
  const found = jsonOf(name, textOf(files, name), packConsistency).find((one) => one.old === old);
  return found === undefined ? null : found.proof.map(hashFrom);
}
