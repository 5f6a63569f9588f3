import type { ClauseReference, LockView, PresentationView } from '../../contract/lock.ts';
import { mayExtend, type IdleLockState } from './idle-lock.ts';
import type { LockTerms } from './lock-terms.ts';
import { lockDueMs } from './times.ts';

export interface LockViewParts {
  state: IdleLockState;
  terms: LockTerms | null;
  now: { atMs: number; uptimeMs: number };
  /** A clause as it is shown. */
  clauseOf: (id: string) => ClauseReference | null;
  programs: readonly string[];
}

/** What a session's shell shows of its idle lock. */
export function lockViewOf({ state, terms, now, clauseOf, programs }: LockViewParts): LockView {
  const instant = (uptimeMs: number): string =>
    new Date(Math.round(now.atMs + (uptimeMs - now.uptimeMs))).toISOString();
  const { phase } = state;
  switch (phase.kind) {
    case 'locked':
      return { phase: 'locked' };
    case 'locking': {
      const inSession = phase.inSession ? phase.attempts : null;
      if (phase.covered === null) return { phase: 'locking', action: phase.action, inSession };
      const clause = phase.authority === null ? null : clauseOf(phase.authority.clause);
      const { sinceMs, why } = phase.covered;
      return { phase: 'covered', action: phase.action, inSession, since: instant(sinceMs), clause, why };
    }
    case 'watching':
    case 'warning': {
      const clause = terms === null ? null : clauseOf(terms.clause);
      if (terms === null || clause === null) return { phase: 'off' };
      const { action } = terms;
      const locksAt = instant(lockDueMs(state, terms));
      const mayExtendSeconds =
        terms.extendMs !== null && mayExtend(state, terms) ? Math.round(terms.extendMs / 1_000) : null;
      if (phase.kind === 'watching') {
        const afterSeconds = Math.round(terms.lockAfterMs / 1_000);
        return { phase: 'watching', action, afterSeconds, locksAt, clause, mayExtendSeconds };
      }
      return {
        phase: 'warning',
        action,
        startedAt: instant(phase.sinceMs),
        endsAt: locksAt,
        clause,
        programs: action === 'signOut' ? programs.slice(0, 50) : [],
        mayExtendSeconds,
      };
    }
  }
}

/** What a session's shell shows of presentation mode. */
export function presentationViewOf({ state, terms, now, clauseOf }: LockViewParts): PresentationView {
  const instant = (uptimeMs: number): string =>
    new Date(Math.round(now.atMs + (uptimeMs - now.uptimeMs))).toISOString();
  const rule = terms?.presentation ?? null;
  const clause = rule === null ? null : clauseOf(rule.clause);
  const { presentation } = state;
  return {
    allowed:
      rule === null || clause === null
        ? null
        : { maximumMinutes: Math.max(1, Math.round(rule.maximumMs / 60_000)), clause },
    running:
      presentation === null
        ? null
        : {
            reason: presentation.reason,
            startedAt: instant(presentation.startedMs),
            endsAt: instant(presentation.endsMs),
          },
  };
}
