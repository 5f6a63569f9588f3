import type { Socket } from 'node:net';
import { STATUS_CODES } from 'node:http';
import { problemBody, problemMediaType } from './problems.ts';

/** What Node's parser gave up on (https://nodejs.org/docs/latest-v24.x/api/http.html#event-clienterror), in our words. */
const refusals: Record<string, { status: number; code: string; detail: string }> = {
  HPE_HEADER_OVERFLOW: { status: 431, code: 'request.headers', detail: 'The headers of the request are too large.' },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    code: 'request.timeout',
    detail: 'The request did not arrive in time. Send it again.',
  },
};
const malformed = { status: 400, code: 'request.invalid', detail: 'This is not a valid HTTP request.' };

/** Answers what is no HTTP, and closes: nothing after it on the connection can be told apart any more. */
export function answerClientError(error: Error, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const { status, ...problem } = refusals['code' in error ? String(error.code) : ''] ?? malformed;
  const body = JSON.stringify(problemBody(status, problem));
  socket.write(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Error'}`,
      `Content-Type: ${problemMediaType}`,
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Cache-Control: no-store',
      'X-Content-Type-Options: nosniff',
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  );
  socket.destroySoon();
}
