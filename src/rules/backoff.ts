/** First and longest wait between tries, in seconds. */
export const backoffRange = { firstSeconds: 1, longestSeconds: 300 } as const;
/** A server may ask for a longer wait, but not for more than an hour. */
export const retryAfterLongestSeconds = 3_600;

/**
 * Seconds to wait before try number `failures` + 1, "full jitter": even between half of and the whole exponential step
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 * Ranges: 1 failure 0.5–1 s, 2: 1–2 s, 3: 2–4 s … from the 10th 150–300 s. What `Retry-After` asks for is the least,
 * spread by up to 10 % so that machines do not come back together. `random` is in [0, 1).
 */
export function backoffSeconds(failures: number, random: number, retryAfterSeconds: number | null): number {
  const step = Math.min(backoffRange.longestSeconds, backoffRange.firstSeconds * 2 ** Math.max(0, failures - 1));
  const own = step / 2 + (step / 2) * random;
  if (retryAfterSeconds === null) return own;
  const asked = Math.min(Math.max(0, retryAfterSeconds), retryAfterLongestSeconds);
  return Math.max(own, asked * (1 + 0.1 * random));
}

/** Seconds to the next poll: even between 80 and 120 % of what the server asked for. `random` is in [0, 1). */
export function pollSeconds(nextPollSeconds: number, random: number): number {
  return nextPollSeconds * (0.8 + 0.4 * random);
}

/**
 * Seconds that a `Retry-After` header asks for (RFC 9110 §10.2.3: a number of seconds or an HTTP date); null when there
 * is none or it cannot be read.
 */
export function retryAfterSeconds(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const at = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - nowMs) / 1_000));
}
