import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** How the receiver answers one request; 'hang': not at all. */
export type WebAnswer = number | 'hang' | { status: number; headers?: Record<string, string>; body?: string };

export interface WebReceiver {
  url: string;
  /** Everything that was answered with 2xx, in order. */
  taken: Received[];
  /** Everything that arrived. */
  all: Received[];
  /** The next requests are answered so, then with 200 again. */
  answerNext(...answers: WebAnswer[]): void;
  /** From now on every request is answered so. */
  answerAlways(answer: WebAnswer | ((received: Received) => WebAnswer)): void;
  close(): Promise<void>;
}

/** A real HTTP server on loopback. `port`: to come back at the same place. */
export async function webReceiver(port = 0): Promise<WebReceiver> {
  const taken: Received[] = [];
  const all: Received[] = [];
  const next: WebAnswer[] = [];
  let always: WebAnswer | ((received: Received) => WebAnswer) = 200;
  const reply = (response: ServerResponse, answer: WebAnswer): void => {
    if (answer === 'hang') return;
    const { status, headers = {}, body = '' } = typeof answer === 'number' ? { status: answer } : answer;
    response.writeHead(status, headers).end(body);
  };
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const received = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString('utf8'),
      };
      const answer = next.shift() ?? (typeof always === 'function' ? always(received) : always);
      const status = typeof answer === 'object' ? answer.status : answer;
      all.push(received);
      if (status !== 'hang' && status >= 200 && status < 300) taken.push(received);
      reply(response, answer);
    });
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  onTestFinished(close);
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`,
    taken,
    all,
    answerNext: (...answers) => next.push(...answers),
    answerAlways: (answer) => {
      always = answer;
    },
    close,
  };
}

/** Is it signed as the Standard Webhooks specification says? Written from the specification, not from our sender. */
export function rightlySigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const signed = `${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`;
  const fresh = Math.abs(Date.now() / 1_000 - Number(headers['webhook-timestamp'])) < 300;
  return fresh && headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
}
