import { z } from 'zod';
import { reading } from '../contract/acceptance.ts';
import { sha256Hex } from '../contract/primitives.ts';
import type { KeptReading } from '../rules/aup-gate.ts';
import { keptFile } from './kept-file.ts';

const keptReadings = z.record(z.string(), z.strictObject({ policyHash: sha256Hex, reading }));

/** Progress of one person goes to disk at most this often. */
const writeEveryMs = 1_000;

export interface KeptReadings {
  of(accountId: string): KeptReading | null;
  /** Null forgets. Reaches the disk within a second, or at `flush`. */
  keep(accountId: string, kept: KeptReading | null): void;
  flush(): void;
}

/** Where each account's reading broke off, so that a restart of shell or machine goes on from there. */
export function openKeptReadings(path: string, now: () => number, onProblem: (sentence: string) => void): KeptReadings {
  const file = keptFile(path, keptReadings, now, onProblem);
  const readings = new Map(Object.entries(file.read() ?? {}));
  let due: NodeJS.Timeout | null = null;
  const flush = (): void => {
    if (due === null) return;
    clearTimeout(due);
    due = null;
    try {
      file.write(Object.fromEntries(readings));
    } catch (error) {
      onProblem(`Reading progress could not be kept: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return {
    of: (accountId) => readings.get(accountId) ?? null,
    keep(accountId, kept) {
      if (kept === null && !readings.has(accountId)) return;
      if (kept === null) readings.delete(accountId);
      else readings.set(accountId, kept);
      due ??= setTimeout(flush, writeEveryMs);
    },
    flush,
  };
}
