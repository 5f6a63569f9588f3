import type { Logger } from 'pino';

/** Between the first and the last quotation mark of a message stands what somebody sent. */
const quoted = /["'`].*["'`]/s;

/**
 * An error as it may stand in a log: what kind it is and where it happened. Databases and parsers quote the value they
 * could not take ("Key (email)=(…) already exists", `"Alex…" is not valid JSON`), so quotations are cut out of the
 * message and every other property but the code is left out.
 */
export function errorWithoutContent(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    message: error.message.replace(quoted, '"…"').slice(0, 300),
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: frames.slice(0, 12).join('\n'),
    ...(error.cause === undefined ? {} : { cause: errorWithoutContent(error.cause) }),
  };
}

/** The log with errors written without what somebody sent, whoever made it. */
export const withoutContent = (log: Logger): Logger =>
  log.child({}, { serializers: { err: errorWithoutContent, error: errorWithoutContent } });
