import { Agent, request as httpRequest } from 'node:http';
import type { FuzzRequest } from './requests.ts';

export interface FuzzAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  milliseconds: number;
}

/** Longer than this is a hang. */
export const hangMs = 20_000;
/** How long an open stream is read for. */
const streamMs = 40;

const agent = new Agent({ keepAlive: true, maxSockets: 4 });

/**
 * Sends one request over a kept connection.
 * @throws Error when the connection breaks or nothing is answered in time.
 */
export async function send(
  origin: string,
  asked: FuzzRequest,
  credentials: Record<string, string | string[]>,
): Promise<FuzzAnswer> {
  const { hostname, port } = new URL(origin);
  const from = performance.now();
  return await new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        agent,
        host: hostname,
        port,
        method: asked.route.method,
        path: asked.target,
        headers: { ...asked.headers, ...credentials, ...lengthOf(asked) },
        setHost: asked.headers['host'] === undefined,
      },
      (answer) => {
        let text = '';
        const done = () => {
          clearTimeout(late);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text,
            milliseconds: performance.now() - from,
          });
        };
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.once('end', done);
        if (answer.headers['content-type']?.startsWith('text/event-stream') === true) {
          answer.on('error', () => undefined);
          setTimeout(() => {
            done();
            request.destroy();
          }, streamMs);
        } else answer.once('error', reject);
      },
    );
    const late = setTimeout(() => {
      reject(new Error(`No answer within ${hangMs / 1_000} s`));
      request.destroy();
    }, hangMs);
    request.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    request.end(asked.body ?? undefined);
  });
}

function lengthOf({ body, headers }: FuzzRequest): Record<string, string> {
  return body === null || headers['transfer-encoding'] !== undefined ? {} : { 'content-length': String(body.length) };
}

export const closeConnections = (): void => agent.destroy();
