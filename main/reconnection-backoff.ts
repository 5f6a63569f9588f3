const firstDelayMs = 250;
const longestDelayMs = 10_000;

/**
 * Milliseconds to wait before trying the service again: doubling from 250 ms to 10 s, each between half and all of it.
 * @param attempt 0 for the first retry.
 * @param random a number from 0 up to 1.
 */
export function reconnectionDelayMs(attempt: number, random: number): number {
  const whole = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 30));
  return Math.round(whole * (0.5 + random / 2));
}
