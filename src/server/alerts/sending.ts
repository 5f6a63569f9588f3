/** What became of one try to send. `answer` and `error` are the receiver's own words where it gave any. */
export type Sent =
  | { ok: true; answer: string }
  | {
      ok: false;
      error: string;
      /** Trying again would change nothing. */
      permanent: boolean;
      /** The receiver does not want anything more (HTTP 410). */
      gone: boolean;
      retryAfterSeconds: number | null;
    };

export const failed = (
  error: string,
  more: Partial<Omit<Extract<Sent, { ok: false }>, 'ok' | 'error'>> = {},
): Extract<Sent, { ok: false }> => ({
  ok: false,
  error: error
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, 500),
  permanent: false,
  gone: false,
  retryAfterSeconds: null,
  ...more,
});

/** A fault of the connection in plain words. */
export function faultWords(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error.name === 'TimeoutError' || error.name === 'AbortError' || code === 'ETIMEDOUT')
    return 'The receiver did not answer in time.';
  if (code === 'ECONNREFUSED') return 'Nothing listens there (connection refused).';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'The name of the receiver could not be resolved.';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'The receiver cut the connection.';
  if (code === 'HPE_HEADER_OVERFLOW') return 'The answer of the receiver has too many or too long headers.';
  if (code.startsWith('HPE_')) return 'What answers there does not speak HTTP.';
  return error.message;
}
