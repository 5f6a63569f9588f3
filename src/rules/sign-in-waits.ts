/** What failures are counted under. */
export type AttemptKind = 'account' | 'address';

/**
 * The first failures cost nothing: people mistype. A school's computers often share one address, so that has more.
 * From then on the wait doubles, from one second to a quarter of an hour.
 */
const freeFailures: Record<AttemptKind, number> = { account: 4, address: 20 };
const longestWaitSeconds = 15 * 60;
/** Failures this long ago no longer count. */
export const forgottenAfterSeconds = 24 * 60 * 60;

/** Seconds to wait after so many failures in a row. */
export function waitSeconds(kind: AttemptKind, failures: number): number {
  const counted = failures - freeFailures[kind];
  return counted < 1 ? 0 : Math.min(longestWaitSeconds, 2 ** Math.min(counted - 1, 20));
}

/** Failures that still count, of those kept. */
export const failuresNow = (kept: { failures: number; lastAtMs: number } | null, nowMs: number): number =>
  kept === null || nowMs - kept.lastAtMs > forgottenAfterSeconds * 1_000 ? 0 : kept.failures;

/** Seconds until another attempt is looked at; 0 when it is now. */
export function secondsLeft(
  kind: AttemptKind,
  kept: { failures: number; lastAtMs: number } | null,
  nowMs: number,
): number {
  if (kept === null) return 0;
  const wait = waitSeconds(kind, failuresNow(kept, nowMs));
  // Another attempt of the same moment, or another server's clock, may be ahead: that is no reason to wait for longer.
  const sinceMs = Math.max(0, nowMs - kept.lastAtMs);
  return Math.max(0, Math.ceil(wait - sinceMs / 1_000));
}
