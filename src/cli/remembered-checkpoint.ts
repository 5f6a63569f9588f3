import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { consistencyAnswer, integrityPaths } from '../contract/console-integrity.ts';
import type { PackHeader } from '../contract/pack.ts';
import { ed25519PublicKey } from '../contract/primitives.ts';
import {
  checkpointHolds,
  consistencyHolds,
  keyFingerprint,
  packConsistencyProof,
  readCheckpoint,
  type Checkpoint,
  type VerifyOutcome,
} from '../proof/index.ts';

/** What is kept: the checkpoint, and the key it was signed with. */
const keptForm = z.strictObject({ serverPublicKey: ed25519PublicKey, note: z.string().max(16_384) });

/**
 * The checkpoint that was kept; undefined before the first.
 * @throws Error when the file holds something else.
 */
export function readRemembered(path: string): Checkpoint | undefined {
  if (!existsSync(path)) return undefined;
  const kept = keptIn(path);
  const checkpoint = readCheckpoint(kept.note);
  if (checkpoint === null || !checkpointHolds(kept.serverPublicKey, checkpoint)) throw notOurs(path);
  return checkpoint;
}

const notOurs = (path: string) =>
  new Error(`${path} does not hold a checkpoint that was kept here. Name another file, or remove it to begin anew.`);

function keptIn(path: string): z.infer<typeof keptForm> {
  try {
    return keptForm.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw notOurs(path);
  }
}

export interface Comparison {
  path: string;
  remembered: Checkpoint | null;
  /** Of a pack; null: the server's newest is compared. */
  checkpoint: Checkpoint | null;
  pack: PackHeader | null;
  server: string | undefined;
  serverKeyFingerprint: string | undefined;
  bytes: Uint8Array | null;
}

/**
 * Does the log go on from the checkpoint that was kept? If so, the larger of the two is kept from now on.
 * @returns null when it does, else what `usher verify` answers.
 * @throws Error when it cannot be told without the server.
 */
export async function compareWithRemembered(
  comparison: Comparison,
): Promise<{ outcome: VerifyOutcome; reason: string; at: null } | null> {
  const { path, remembered, server } = comparison;
  const serverPublicKey =
    comparison.pack?.serverPublicKey ?? (remembered === null ? null : keptIn(path).serverPublicKey);
  if (serverPublicKey === null)
    throw new Error(`Nothing is kept in ${path} yet: give an evidence pack first, with --server-key.`);
  const newest = comparison.checkpoint ?? (await newestCheckpoint(server));
  const fault = (outcome: VerifyOutcome, reason: string) => ({ outcome, reason, at: null });
  const expected = comparison.serverKeyFingerprint ?? keyFingerprint(serverPublicKey);
  if (keyFingerprint(serverPublicKey) !== expected || !checkpointHolds(serverPublicKey, newest))
    return fault('badSignature', "The checkpoint is not signed by the server's key.");
  if (remembered !== null) {
    if (remembered.origin !== newest.origin)
      return fault('badSignature', `The checkpoint kept is of another log, ${remembered.origin}.`);
    const [older, newer] = remembered.size <= newest.size ? [remembered, newest] : [newest, remembered];
    const inPack = comparison.bytes === null ? null : packConsistencyProof(comparison.bytes, older.size);
    const proof =
      older.size === newer.size
        ? []
        : newer === newest && inPack !== null
          ? inPack
          : await askForProof(server, older.size, newer.size);
    if (!consistencyHolds(older, newer, proof))
      return fault('rewritten', `The log of ${newer.size} entries does not go on from the one of ${older.size}.`);
    if (newer === remembered) return null;
  }
  const kept = `${JSON.stringify({ serverPublicKey, note: noteOf(newest) })}\n`;
  writeFileSync(`${path}.part`, kept, { mode: 0o600, flush: true });
  renameSync(`${path}.part`, path);
  return null;
}

/** The signed note as it was read. */
const noteOf = ({ text, signatures }: Checkpoint): string =>
  `${text}\n${signatures.map(({ name, keyId, bytes }) => `— ${name} ${Buffer.concat([keyId, bytes]).toString('base64')}\n`).join('')}`;

function addressOf(server: string | undefined): string {
  if (server !== undefined) return server.replace(/\/$/, '');
  throw new Error(
    "The file does not hold the proof from the checkpoint that was kept. Give the server's address with --server.",
  );
}

async function newestCheckpoint(server: string | undefined): Promise<Checkpoint> {
  const answer = await fetch(`${addressOf(server)}${integrityPaths.checkpoint}`);
  const checkpoint = answer.ok ? readCheckpoint(await answer.text()) : null;
  if (checkpoint === null) throw new Error(`The server at ${server ?? ''} gave no checkpoint (${answer.status}).`);
  return checkpoint;
}

async function askForProof(server: string | undefined, old: number, size: number): Promise<Buffer[]> {
  const answer = await fetch(`${addressOf(server)}${integrityPaths.consistency}?old=${old}&size=${size}`);
  // A server that has fewer entries than it once signed for gives no proof; then none holds.
  if (answer.status === 404) return [];
  if (!answer.ok) throw new Error(`The server at ${server ?? ''} gave no proof (${answer.status}).`);
  return consistencyAnswer.parse(await answer.json()).proof.map((hash) => Buffer.from(hash, 'hex'));
}
