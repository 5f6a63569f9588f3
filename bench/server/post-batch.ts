import { Agent, request } from 'node:http';
import { z } from 'zod';
import { retryAfterSeconds } from '../../src/rules/backoff.ts';
import { exchangeTimeoutMs } from '../../src/service/sync/exchange.ts';
import type { PreparedBatch } from './prepared-batches.ts';

const answer = z.looseObject({ receipt: z.looseObject({ seq: z.int(), hash: z.string() }).nullable() });

export type Posted =
  /** The receipt names the batch's end: it is stored. */
  | { kind: 'stored' }
  /** The server asks to come later (`answered`), or the exchange came to no answer. */
  | { kind: 'later'; answered: boolean; afterSeconds: number | null }
  | { kind: 'refused'; why: string };

/** One kept connection from an address of its own on the loopback network, as a school's router would have. */
export function connectionFrom(place: number, sockets = 1): Agent {
  return new Agent({ keepAlive: true, maxSockets: sockets, localAddress: loopbackAddress(place) });
}

/** 127.1.0.1, 127.1.0.2, … (RFC 6890: all of 127.0.0.0/8 is loopback). */
export const loopbackAddress = (place: number): string => `127.1.${Math.floor(place / 250)}.${(place % 250) + 1}`;

/** Fifty senders of a thousand records each may wait longer than a machine would; what counts is what was taken. */
const patienceMs = 120_000;

/** Posts a packed batch over a kept connection; `stored` only when the receipt names exactly its end. */
export const postBatch = (origin: URL, agent: Agent, batch: PreparedBatch, body: Buffer): Promise<Posted> =>
  post(origin, { agent, timeout: patienceMs }, batch, body);

/** The same over a connection of its own, as the agent does, from one of the loopback network's addresses. */
export const postOnce = (origin: URL, localAddress: string, batch: PreparedBatch, body: Buffer): Promise<Posted> =>
  post(origin, { agent: false, localAddress, timeout: exchangeTimeoutMs }, batch, body);

function post(
  origin: URL,
  by: { agent: Agent | false; localAddress?: string; timeout: number },
  batch: PreparedBatch,
  body: Buffer,
): Promise<Posted> {
  return new Promise((resolve) => {
    const broken = () => resolve({ kind: 'later', answered: false, afterSeconds: null });
    const sent = request(
      {
        ...by,
        host: origin.hostname,
        port: origin.port,
        path: '/v1/sync',
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'content-length': body.length,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', broken);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          resolve(readAnswer(response.statusCode ?? 0, response.headers['retry-after'] ?? null, text, batch));
        });
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', broken);
    sent.end(body);
  });
}

function readAnswer(status: number, retryAfter: string | null, text: string, batch: PreparedBatch): Posted {
  if (status === 429 || status === 503) {
    return { kind: 'later', answered: true, afterSeconds: retryAfterSeconds(retryAfter, Date.now()) };
  }
  if (status !== 200) return { kind: 'refused', why: `HTTP ${status}: ${text.slice(0, 300)}` };
  const { receipt } = answer.parse(JSON.parse(text));
  const names =
    receipt !== null && (receipt.seq > batch.seq || (receipt.seq === batch.seq && receipt.hash === batch.hash));
  return names ? { kind: 'stored' } : { kind: 'refused', why: 'The receipt does not name the batch.' };
}
