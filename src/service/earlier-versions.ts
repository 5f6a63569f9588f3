import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../contract/primitives.ts';
import { signedPolicy, type SignedPolicy } from '../contract/policy.ts';
import type { SyncAnswer } from '../contract/sync.ts';
import { signedPolicyFault } from '../proof/index.ts';
import type { EarlierTexts } from '../rules/aup-gate.ts';
import { wantedVersions, type AcceptedText } from '../rules/earlier-versions.ts';
import { keptFile, type KeptFile } from './kept-file.ts';

/**
 * Versions of policies by their hash, kept after a newer one came for as long as somebody who accepted one has not
 * accepted the newer: they are shown what changed.
 */
export interface EarlierVersions {
  /** What is known of those that somebody wants, for the gates. */
  readonly texts: EarlierTexts;
  of(hash: string): SignedPolicy | null;
  /** One to ask the server for; null where none is missing. */
  missing(): string | null;
  /** Takes the server's answer to `missing`: null when it is used, else one sentence that says why not. */
  take(answer: NonNullable<SyncAnswer['wanted']>, serverPublicKey: string): string | null;
  /** Keeps what is in force, for the day it is not, and forgets what nobody wants any more. */
  settle(inForce: readonly SignedPolicy[]): void;
}

export interface EarlierVersionsOptions {
  /** Holds one file for each version, named by its hash. */
  folder: string;
  serverPublicKey: string | null;
  now: () => number;
  onProblem: (sentence: string) => void;
  /** Everybody's acceptances, newest first. */
  acceptances: () => readonly AcceptedText[];
}

export function openEarlierVersions(options: EarlierVersionsOptions): EarlierVersions {
  const { folder, now, onProblem, acceptances } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = new Map<string, SignedPolicy>();
  /** The server does not have them either. */
  const gone = new Set<string>();
  let wanted = new Set<string>();
  let inForceNow: ReadonlySet<string> = new Set();

  const fileOf = (hash: string): KeptFile<SignedPolicy> =>
    keptFile(join(folder, `${hash}.json`), signedPolicy, now, onProblem);

  const keep = (signed: SignedPolicy): void => {
    if (known.has(signed.hash)) return;
    known.set(signed.hash, signed);
    try {
      fileOf(signed.hash).write(signed);
    } catch (error) {
      // It is in memory, and the server has it: a full disk must not keep a newer policy from being used.
      onProblem(`A version of the policy could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  };

  const read = (serverPublicKey: string): void => {
    for (const name of readdirSync(folder)) {
      const hash = sha256Hex.safeParse(name.replace(/\.json$/u, ''));
      if (!hash.success || !name.endsWith('.json')) continue;
      const signed = fileOf(hash.data).read();
      if (signed === null) continue;
      const fault = signed.hash === hash.data ? signedPolicyFault(serverPublicKey, signed) : 'it is another version';
      if (fault === null) known.set(signed.hash, signed);
      else onProblem(`The version kept as ${name} is not used: ${fault}.`);
    }
  };
  if (options.serverPublicKey !== null) read(options.serverPublicKey);

  return {
    get texts() {
      const texts: Record<string, 'here' | 'gone'> = {};
      for (const hash of wanted) {
        if (known.has(hash)) texts[hash] = 'here';
        else if (gone.has(hash)) texts[hash] = 'gone';
      }
      return texts;
    },
    of: (hash) => known.get(hash) ?? null,
    missing: () => [...wanted].find((hash) => !known.has(hash) && !gone.has(hash)) ?? null,
    take({ hash, policy }, serverPublicKey) {
      if (policy === null) {
        gone.add(hash);
        return null;
      }
      const fault = policy.hash === hash ? signedPolicyFault(serverPublicKey, policy) : 'it is another version';
      if (fault === null) keep(policy);
      // Asked for again, it would come the same way again; the next start of the service tries once more.
      else gone.add(hash);
      return fault;
    },
    settle(inForce) {
      inForceNow = new Set(inForce.map(({ hash }) => hash));
      for (const one of inForce) keep(one);
      wanted = wantedVersions(acceptances(), inForce);
      for (const hash of [...known.keys()]) {
        if (wanted.has(hash) || inForceNow.has(hash)) continue;
        known.delete(hash);
        fileOf(hash).forget();
      }
    },
  };
}
