import type { MachineSummary, PolicySummary } from '../../../src/contract/console.ts';
import { durationWords } from '../parts/moment.ts';

/** A clock further off than this makes times on the machine's records hard to compare. */
const noticeableOffsetMs = 60_000;

/** "on time", "12 s behind", "1 h 2 min ahead" of the server. */
export function clockWords(offsetMs: number | null): { words: string; off: boolean } {
  if (offsetMs === null) return { words: 'not measured', off: false };
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (seconds < 2) return { words: 'on time', off: false };
  return {
    words: `${durationWords(seconds)} ${offsetMs > 0 ? 'behind' : 'ahead'}`,
    off: Math.abs(offsetMs) > noticeableOffsetMs,
  };
}

/** Which published version a machine holds. */
export function policyOn(
  machine: MachineSummary,
  policies: readonly PolicySummary[],
): { words: string; current: boolean | null; hash: string | null } {
  if (machine.policyHash === null) return { words: 'none yet', current: null, hash: null };
  const found = policies.find((policy) => policy.hash === machine.policyHash);
  if (found === undefined) return { words: 'unknown', current: false, hash: null };
  return {
    words: found.current ? `version ${String(found.version)}` : `version ${String(found.version)}, older`,
    current: found.current,
    hash: found.hash,
  };
}

export function forkWords(forks: number): string {
  return forks === 1 ? '1 fork' : `${String(forks)} forks`;
}
