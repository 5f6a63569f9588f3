import { request as plainRequest, type IncomingMessage } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { retryAfterSeconds } from '../../rules/backoff.ts';
import { isLoopback } from '../listening.ts';
import { guardedLookup, literalRefusal, type Networks } from './address-guard.ts';
import { failed, faultWords, type Sent } from './sending.ts';

/** How long a receiver may take for one message, and how much of its answer is read. */
const answerWithinMs = 10_000;
const answerBytes = 16 * 1024;

export interface Posting {
  url: string;
  headers: Record<string, string>;
  body: string;
  networks: Networks;
  now: () => Date;
  /** Milliseconds for all of it; default 10 s. */
  withinMs?: number;
}

export type Posted = { reached: true; status: number; text: string; retryAfterSeconds: number | null } | Refused;
type Refused = { reached: false; failure: Extract<Sent, { ok: false }> };

/** Why an address cannot be a receiver, in plain words; null when it can. */
export function receiverRefusal(url: string, networks: Networks): string | null {
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '')
    return 'must not hold a name or password; give what is secret in the field for it';
  if (protocol === 'http:' && !isLoopback(hostname)) return 'must begin with https:// (http only on this computer)';
  const refusal = literalRefusal(hostname, networks);
  return refusal === null ? null : `cannot be used: ${refusal}`;
}

/**
 * Posts to an address that somebody typed in. Nothing is followed: a redirect is an answer like any other, so a receiver
 * cannot send us elsewhere (OWASP SSRF prevention cheat sheet).
 */
export async function guardedPost({ url, headers, body, networks, now, withinMs }: Posting): Promise<Posted> {
  const refusal = receiverRefusal(url, networks);
  if (refusal !== null) return { reached: false, failure: failed(`The address ${refusal}.`, { permanent: true }) };
  const begin = url.startsWith('https:') ? tlsRequest : plainRequest;
  try {
    return await new Promise<Posted>((resolve, reject) => {
      const request = begin(
        url,
        {
          method: 'POST',
          agent: false,
          lookup: guardedLookup(networks),
          signal: AbortSignal.timeout(withinMs ?? answerWithinMs),
          headers: { ...headers, 'content-length': String(Buffer.byteLength(body)), 'user-agent': 'Usher' },
        },
        (answer) => {
          readBounded(answer).then((text) => {
            const header = answer.headers['retry-after'] ?? null;
            resolve({
              reached: true,
              status: answer.statusCode ?? 0,
              text,
              retryAfterSeconds: retryAfterSeconds(header, now().getTime()),
            });
          }, reject);
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  } catch (error) {
    return { reached: false, failure: failed(faultWords(error)) };
  }
}

/** The beginning of an answer; what is over the bound is not read. */
async function readBounded(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer) {
    const piece = Buffer.from(part);
    parts.push(piece.subarray(0, answerBytes - bytes));
    bytes += piece.length;
    if (bytes >= answerBytes) break;
  }
  answer.destroy();
  return Buffer.concat(parts).toString('utf8');
}

/** What a receiver's answer means. 410 ends the channel, as the Standard Webhooks specification asks. */
export function sentOf(posted: Posted): Sent {
  if (!posted.reached) return posted.failure;
  const { status, text, retryAfterSeconds: wait } = posted;
  const words = `${status}${text.trim() === '' ? '' : ` ${text.trim().slice(0, 300)}`}`;
  if (status >= 200 && status < 300) return { ok: true, answer: words };
  if (status === 410) return failed(`It answered 410: it wants nothing more.`, { permanent: true, gone: true });
  if (status >= 300 && status < 400) return failed(`It answered with a redirect (${status}), which is not followed.`);
  return failed(`It answered ${words}`, { retryAfterSeconds: status === 429 || status === 503 ? wait : null });
}
