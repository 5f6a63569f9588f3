import type { MachineSummary, PolicySummary, TroubleKind } from '../../../src/contract/console.ts';
import { checkName } from '../../../src/words/check-words.ts';
import { findingWords } from '../../../src/words/finding-words.ts';
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

/** What is wrong on a machine, in a few words. */
export const troubleWords: Record<TroubleKind, string> = {
  lockFailed: 'Does not lock',
  usbNotBlocked: 'USB device not blocked',
  usbNotWatched: 'USB not watched',
  usbNotHeld: 'USB not held',
  alwaysZero: 'Idle time is always 0',
  neverFalls: 'Idle time misses input',
  jumps: 'Idle time jumps',
  disagrees: 'Two idle clocks disagree',
  noSource: 'No idle clock',
  systemLocksEarlier: 'System locks earlier',
  systemNeverLocks: 'System never locks',
};

/** The policy is not enforced there. */
export const isGrave = (kind: TroubleKind): boolean => kind === 'lockFailed' || kind.startsWith('usb');

/** Everything that is wrong with a machine, worst first, each in a few words. */
export function wrongWith(machine: MachineSummary): { key: string; words: string; grave: boolean }[] {
  const found: { key: string; words: string; grave: boolean }[] = [];
  for (const kind of machine.findings) {
    found.push({ key: kind, words: findingWords[kind].word, grave: findingWords[kind].grave });
  }
  if (machine.forks > 0 && !machine.findings.includes('forked')) {
    found.push({ key: 'forks', words: forkWords(machine.forks), grave: true });
  }
  for (const kind of new Set(machine.troubles.map((trouble) => trouble.kind))) {
    found.push({ key: kind, words: troubleWords[kind], grave: isGrave(kind) });
  }
  const [only] = machine.badChecks;
  if (only !== undefined) {
    const words = machine.badChecks.length === 1 ? checkName(only) : `${String(machine.badChecks.length)} checks`;
    found.push({ key: 'checks', words, grave: false });
  }
  return found.sort((one, other) => Number(other.grave) - Number(one.grave));
}

export function forkWords(forks: number): string {
  return forks === 1 ? '1 fork' : `${String(forks)} forks`;
}
