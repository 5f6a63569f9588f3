/**
 * When somebody last touched the computer, as far as samples of an idle clock tell. Idle clocks may count in whole
 * seconds (Electron's does), so each sample only says that the last input lies in an interval.
 */
export interface LastInput {
  /** It cannot have been later than this (milliseconds since boot). Everything is counted from here: never early. */
  latestMs: number;
  /** It cannot have been before this. */
  earliestMs: number;
  /** When the newest sample was taken. */
  sampledMs: number;
}

/** An idle clock shows whole seconds at worst. */
const resolutionMs = 1_000;

/**
 * A sample may be this much older than the moment it is learnt. Input from that time belongs to the next sample; taking it
 * for a fault of the clock instead would lose it, and lock on somebody who is there.
 */
const learntLateMs = 1_000;

export function inputAt(momentMs: number): LastInput {
  return { latestMs: momentMs, earliestMs: momentMs, sampledMs: momentMs };
}

/**
 * Takes a sample: "nobody has touched it for `idleMs`", learnt at `nowMs`. If that rules out input since the sample before,
 * the two intervals are cut with each other, which brings a clock of whole seconds to the precision of the sampling.
 * A sample that claims less input than was already known of (a clock that jumps) is believed only as far as that.
 */
export function sampled(before: LastInput, idleMs: number, nowMs: number): LastInput {
  const latest = Math.min(nowMs, nowMs - idleMs);
  const earliest = latest - resolutionMs;
  if (latest > before.sampledMs - learntLateMs)
    return { latestMs: latest, earliestMs: Math.max(earliest, before.earliestMs), sampledMs: nowMs };
  return {
    latestMs: Math.max(before.earliestMs, Math.min(before.latestMs, latest)),
    earliestMs: Math.min(before.latestMs, Math.max(before.earliestMs, earliest)),
    sampledMs: nowMs,
  };
}
