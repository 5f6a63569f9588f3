import { Agent, request } from 'node:http';
import { z } from 'zod';
import { retryAfterSeconds } from '../../src/rules/backoff.ts';
import type { PreparedBatch } from './prepared-batches.ts';

const answer = z.looseObject({ receipt: z.looseObject({ seq: z.int(), hash: z.string() }).nullable() });

export type Posted =
  /** The receipt names the batch's end: it is stored. */
  | { kind: 'stored' }
  /** The server asks to come later, or could not be reached. */
  | { kind: 'later'; afterSeconds: number | null }
  | { kind: 'refused'; why: string };

/** One kept connection from an address of its own on the loopback network, as a school's router would have. */
export function connectionFrom(place: number, sockets = 1): Agent {
  return new Agent({ keepAlive: true, maxSockets: sockets, localAddress: loopbackAddress(place) });
}

/** 127.1.0.1, 127.1.0.2, … (RFC 6890: all of 127.0.0.0/8 is loopback). */
export const loopbackAddress = (place: number): string => `127.1.${Math.floor(place / 250)}.${(place % 250) + 1}`;

/** Posts a packed batch and reads the whole answer; `stored` only when the receipt names exactly its end. */
export function postBatch(origin: URL, agent: Agent, batch: PreparedBatch, body: Buffer): Promise<Posted> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: origin.hostname,
        port: origin.port,
        path: '/v1/sync',
        method: 'POST',
        agent,
        timeout: 30_000,
        headers: {
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          'content-length': body.length,
        },
      },
      (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', () => resolve({ kind: 'later', afterSeconds: null }));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8');
          const status = response.statusCode ?? 0;
          if (status === 429 || status === 503) {
            const asked = retryAfterSeconds(response.headers['retry-after'] ?? null, Date.now());
            return resolve({ kind: 'later', afterSeconds: asked });
          }
          if (status !== 200) return resolve({ kind: 'refused', why: `HTTP ${status}: ${text.slice(0, 300)}` });
          const { receipt } = answer.parse(JSON.parse(text));
          const stored =
            receipt !== null && receipt.seq >= batch.seq && (receipt.seq > batch.seq || receipt.hash === batch.hash);
          resolve(stored ? { kind: 'stored' } : { kind: 'refused', why: 'The receipt does not name the batch.' });
        });
      },
    );
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve({ kind: 'later', afterSeconds: null }));
    sent.end(body);
  });
}
