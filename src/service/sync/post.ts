import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export interface PostOptions {
  headers: Record<string, string>;
  signal: AbortSignal;
  /** Most bytes of the answer that are read. */
  mostBytes: number;
}

export interface Posted {
  status: number;
  retryAfter: string | null;
  /** Null when the answer was over `mostBytes`. */
  text: string | null;
}

/**
 * One POST on a connection of its own, redirects not followed. Node's `fetch` would do the same, but brings about
 * 17 MiB into the service, which runs on every machine all day.
 * @throws Error of `node:http` when the server cannot be reached; the signal's reason when it ends the exchange.
 */
export function post(url: string, body: Uint8Array, { headers, signal, mostBytes }: PostOptions): Promise<Posted> {
  const send = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(signal.reason instanceof Error ? signal.reason : error);
    const request = send(
      url,
      { method: 'POST', agent: false, signal, headers: { ...headers, 'content-length': String(body.length) } },
      (response) => {
        const { statusCode: status = 0 } = response;
        const retryAfter = response.headers['retry-after'] ?? null;
        const parts: Buffer[] = [];
        let bytes = 0;
        response.on('data', (part: Buffer) => {
          bytes += part.length;
          if (bytes <= mostBytes) return void parts.push(part);
          resolve({ status, retryAfter, text: null });
          response.destroy();
        });
        response.once('end', () => resolve({ status, retryAfter, text: Buffer.concat(parts).toString('utf8') }));
        response.once('error', fail);
        response.once('aborted', () => fail(new Error('The connection ended before the answer did')));
      },
    );
    request.once('error', fail);
    request.end(body);
  });
}
