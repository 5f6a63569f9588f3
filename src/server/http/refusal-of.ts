import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { storeFaultOf } from '../store/faults.ts';
import { RequestRefused } from './problems.ts';

/** Fastify's own error codes (https://fastify.dev/docs/latest/Reference/Errors/) in our words. */
const ofFastify: Record<string, { status: number; code: string; detail: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'request.mediaType',
    detail: 'The body must be JSON: send it with "Content-Type: application/json".',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, code: 'request.invalid', detail: 'The body is empty; it must be JSON.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'request.invalid',
    detail: 'The body is not as long as its Content-Length says. Send it again.',
  },
  FST_ERR_BAD_URL: { status: 400, code: 'request.invalid', detail: 'The address of the request is not valid.' },
  FST_ERR_MAX_PARAM_LENGTH: {
    status: 414,
    code: 'request.invalid',
    detail: 'A part of the address is longer than anything here is called.',
  },
  FST_ERR_NOT_FOUND: { status: 404, code: 'request.notFound', detail: 'There is nothing at this address.' },
};

/** `/records/0/hash` (RFC 6901) as `records.0.hash`. */
const fieldOf = (pointer: string): string =>
  pointer
    .split('/')
    .filter((part) => part !== '')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.')
    .slice(0, 400);

/**
 * What a thrown error means to the one who asked. Anything not foreseen becomes a 500 without its details,
 * which go to the log only.
 * @param area first part of the problem's code, such as `sync`.
 */
export function refusalOf(error: unknown, area: string): RequestRefused {
  if (error instanceof RequestRefused) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const first = error.validation[0];
    const field = fieldOf(first?.instancePath ?? '');
    const reason = first?.message ?? 'is not valid';
    return new RequestRefused(400, {
      code: `${area}.invalid`,
      detail: (field === '' ? `The input is not valid: ${reason}.` : `${field}: ${reason}.`).slice(0, 2_000),
      ...(field === '' ? {} : { field }),
    });
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = ofFastify[code];
  if (known !== undefined) return new RequestRefused(known.status, { code: known.code, detail: known.detail });
  const fault = storeFaultOf(error);
  if (fault === 'full') {
    return new RequestRefused(
      503,
      {
        code: 'server.full',
        detail:
          "The server's disk is full, so nothing was taken. Free some space; machines keep their records until then.",
      },
      { retryAfterSeconds: 60 },
    );
  }
  if (fault === 'busy') {
    return new RequestRefused(
      503,
      { code: 'server.busy', detail: 'The server is busy. Nothing was taken; try again in a few seconds.' },
      { retryAfterSeconds: 5 },
    );
  }
  return new RequestRefused(500, {
    code: 'server.fault',
    detail:
      "Something went wrong in the server and nothing was taken. Its log says what; look for this request's number.",
  });
}
