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
import { receipt, sealedRecord, signedHead } from './record.ts';

/**
 * An evidence pack: a zip archive that proves by itself what the server held about one person or one school in a span of
 * time. `pack.json` says what it is, `index.json` names every other file with its hash and is signed by the server.
 */
const text = z.string().max(500);
const treeProof = z.array(sha256Hex).max(64);

/** Most bytes of a pack that can be checked. */
export const packLimits = {
  /** What it unpacks to: Usher checks a pack in memory, and an archive without ZIP64 ends at twice as much. */
  bytes: 2 * 1024 * 1024 * 1024 - 1,
  /** One of its files is read as one text, which V8 ends at 2^29 - 24 characters. */
  fileBytes: 2 ** 29 - 24,
} as const;

export const packAbout = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), schoolId: text, schoolName: text, accountName: text }),
  z.strictObject({ kind: z.literal('school'), schoolId: text, schoolName: text }),
]);
export type PackAbout = z.infer<typeof packAbout>;

/** `pack.json`. */
export const packHeader = z.strictObject({
  format: z.literal('usher/pack/1'),
  about: packAbout,
  /** Records whose own clock lies between the two, both included. */
  from: instant,
  to: instant,
  madeAt: instant,
  madeBy: text,
  reason: text,
  serverPublicKey: ed25519PublicKey,
  /** Of the checkpoint in `checkpoint.txt`. */
  origin: text,
  size: z.int().min(0),
});
export type PackHeader = z.infer<typeof packHeader>;

/** Lines of `machines/<deviceId>.jsonl`. The first is `machine`; then segments, each closed by its `anchor`. */
export const packMachine = z.strictObject({
  kind: z.literal('machine'),
  deviceId,
  devicePublicKey: ed25519PublicKey,
  hostname: text,
});
/** Records of one epoch in a row begin here. `prev` is the hash of the record before. */
export const packSegment = z.strictObject({
  kind: z.literal('segment'),
  epoch: epochNumber,
  fromSeq: sequenceNumber,
  prev: sha256Hex,
});
export const packRecord = z.strictObject({ kind: z.literal('record'), record: sealedRecord });
/** A record of which only its place in the chain is told: it is about somebody else or another time. */
export const packLink = z.strictObject({ kind: z.literal('link'), seq: sequenceNumber, bodyHash: sha256Hex });
/** The end of a segment: signed by the machine, receipted by the server, and entry `index` of the log. */
export const packAnchor = z.strictObject({
  kind: z.literal('anchor'),
  head: signedHead,
  receipt,
  index: z.int().min(0),
  proof: treeProof,
});
export const packLine = z.discriminatedUnion('kind', [packMachine, packSegment, packRecord, packLink, packAnchor]);
export type PackLine = z.infer<typeof packLine>;
export type PackAnchor = z.infer<typeof packAnchor>;

/** `consistency.json`: for earlier checkpoints, the proof that this pack's log begins with theirs. `root` is base64. */
export const packConsistency = z.array(
  z.strictObject({ old: z.int().min(1), root: z.string().length(44), proof: treeProof }),
);
export type PackConsistency = z.infer<typeof packConsistency>;

/** `index.json`: every other file, and Ed25519 by the server's key over all other fields and the context `usher/pack/1`. */
export const packIndex = z.strictObject({
  format: z.literal('usher/pack/1'),
  files: z.array(z.strictObject({ name: text, bytes: z.int().min(0), sha256: sha256Hex })),
  machines: z.int().min(0),
  records: z.int().min(0),
  signature: ed25519Signature,
});
export type PackIndex = z.infer<typeof packIndex>;
