import type { Moment } from './aup-gate-state.ts';

/** The wall clock may wander this far from the monotonic one before it counts as moved. */
export const clockToleranceSeconds = 120;

/** Where the two clocks last agreed; null before the first look. */
export type ClockWatch = Moment | null;

/**
 * Compares how far both clocks went since they last agreed. `movedBySeconds` is the jump of the wall clock (negative:
 * set back), rounded, or null while it is within the tolerance. Slow drift adds up until it is told once.
 */
export function watchClock(before: ClockWatch, now: Moment): { state: ClockWatch; movedBySeconds: number | null } {
  if (before === null || now.uptimeMs < before.uptimeMs) return { state: now, movedBySeconds: null };
  const byMs = now.atMs - before.atMs - (now.uptimeMs - before.uptimeMs);
  if (Math.abs(byMs) <= clockToleranceSeconds * 1_000) return { state: before, movedBySeconds: null };
  return { state: now, movedBySeconds: Math.round(byMs / 1_000) };
}
