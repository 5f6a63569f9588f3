import { z } from 'zod';
import { deviceId, epochNumber, instant, sequenceNumber, sha256Hex } from './primitives.ts';
import { receipt } from './record.ts';
import { schoolId } from './roles.ts';

/** The log of receipted heads, for anyone; and what the console says and does about integrity. */
export const integrityPaths = {
  checkpoint: '/v1/log/checkpoint',
  checkpointOf: '/v1/log/checkpoint/:size',
  consistency: '/v1/log/consistency',
  tile: '/v1/log/tile/:level/:index',
  inclusion: '/v1/console/integrity/inclusion',
  state: '/v1/console/integrity',
  forks: '/v1/console/integrity/forks',
  check: '/v1/console/integrity/check',
  verifyFile: '/v1/console/integrity/verify',
  schoolPack: '/v1/console/integrity/packs/school',
  personPack: '/v1/console/integrity/packs/person',
} as const;

const leafIndex = z.int().min(0);
const treeSize = z.int().min(1);
/** Hashes of the tree, 64 hexadecimal characters each, from the leaf's side up. */
const proof = z.array(sha256Hex).max(64);

export const checkpointQuery = z.object({ size: z.coerce.number().pipe(treeSize) });
export const tileQuery = z.object({
  level: z.coerce.number().pipe(z.int().min(0).max(5)),
  index: z.coerce.number().pipe(leafIndex),
});
export const consistencyQuery = z.object({
  old: z.coerce.number().pipe(z.int().min(0)),
  size: z.coerce.number().pipe(treeSize),
});
export const consistencyAnswer = z.object({ old: z.int().min(0), size: treeSize, proof });

export const inclusionQuery = z.object({
  deviceId,
  epoch: z.coerce.number().pipe(epochNumber),
  seq: z.coerce.number().pipe(sequenceNumber),
  /** Of the checkpoint it is wanted for; the newest when absent. */
  size: z.coerce.number().pipe(treeSize).optional(),
});

/** A head as it stands in the log. */
export const logLeaf = receipt.omit({ signature: true });

/** The first logged head that covers a record, and the proof that it is in the log. */
export const inclusionAnswer = z.object({ size: treeSize, index: leafIndex, leaf: logLeaf, proof });

/** What can be wrong with what is held. */
export const findingKind = z.enum(['recordChanged', 'recordMissing', 'badSignature', 'logChanged', 'witnessRefused']);
export type FindingKind = z.infer<typeof findingKind>;

export const integrityFinding = z.object({
  id: z.string(),
  kind: findingKind,
  deviceId: deviceId.nullable(),
  hostname: z.string().nullable(),
  epoch: epochNumber.nullable(),
  seq: sequenceNumber.nullable(),
  detail: z.string(),
  foundAt: instant,
  resolvedAt: instant.nullable(),
});

export const checkpointSummary = z.object({
  size: treeSize,
  at: instant,
  /** Base64, as in the note. */
  root: z.string(),
  witnesses: z.array(z.string()),
});

export const integrityState = z.object({
  /** `checking`: no full check has ended yet; `empty`: nothing is held. */
  state: z.enum(['sound', 'unsound', 'checking', 'empty']),
  /** When the last full check that ended began: everything held then was verified after it. */
  soundAsOf: instant.nullable(),
  lastFullCheck: z
    .object({
      startedAt: instant,
      finishedAt: instant,
      /** What it went over; null for whoever may not see every school of the trust. */
      records: z.int().min(0).nullable(),
      machines: z.int().min(0).nullable(),
    })
    .nullable(),
  /** The check under way: how many records of those held, in the schools one may see, it went over. */
  underWay: z.object({ startedAt: instant, records: z.int().min(0), ofRecords: z.int().min(0) }).nullable(),
  /** Records that arrived and were not verified again yet. */
  uncheckedRecords: z.int().min(0),
  machines: z.int().min(0),
  records: z.int().min(0),
  forks: z.int().min(0),
  rejectedBatches: z.int().min(0),
  findings: z.array(integrityFinding),
  /** Newest first. */
  checkpoints: z.array(checkpointSummary),
  witness: z
    .object({ name: z.string(), newestSize: z.int().min(0), newestAt: instant.nullable(), refused: z.boolean() })
    .nullable(),
  origin: z.string(),
  serverKeyFingerprint: sha256Hex,
  schools: z.array(z.object({ id: schoolId, name: z.string() })),
});
export type IntegrityState = z.infer<typeof integrityState>;

/** Two versions of one record: the one held first, and the one sent later. */
export const forkRow = z.object({
  deviceId,
  hostname: z.string(),
  epoch: epochNumber,
  seq: sequenceNumber,
  foundAt: instant,
  held: z.object({ hash: sha256Hex, summary: z.string().nullable(), at: instant.nullable() }),
  given: z.object({ hash: sha256Hex, summary: z.string().nullable(), at: instant.nullable() }),
});
export const forkRows = z.object({ items: z.array(forkRow) });

const range = { from: instant, to: instant, reason: z.string().trim().min(3).max(500) };
export const schoolPackRequest = z.object({ schoolId, ...range });
export const personPackRequest = z.object({ personId: z.string().min(1).max(100), ...range });

/** What a verifier found in a file; `exitCode` as in docs/record-format.md. */
export const fileFinding = z.object({
  outcome: z.enum(['sound', 'unreadable', 'changed', 'badSignature', 'missing', 'fork', 'rewritten']),
  exitCode: z.int(),
  kind: z.enum(['export', 'pack']),
  reason: z.string(),
  at: z.object({ epoch: epochNumber, seq: sequenceNumber }).nullable(),
  deviceId: z.string().nullable(),
  records: z.int().min(0),
});
export type FileFinding = z.infer<typeof fileFinding>;

/** Largest file that can be verified in the browser; `usher verify` takes any. */
export const verifyFileBounds = { compressedBytes: 16 * 1024 * 1024, bytes: 16 * 1024 * 1024 };
