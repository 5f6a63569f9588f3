import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { z } from 'zod';
import { problem } from '../../contract/problem.ts';
import { syncLimits } from '../../contract/sync.ts';
import { retryAfterSeconds } from '../../rules/backoff.ts';
import { post } from './post.ts';

const compress = promisify(gzip);

/** Why an exchange came to nothing. */
export interface ExchangeFailure {
  ok: false;
  /** `refused`: the server said why (`code`). `busy`: it asks to come later. */
  kind: 'unreachable' | 'busy' | 'failing' | 'garbled' | 'refused' | 'tooLarge';
  /** One sentence for the tray. */
  sentence: string;
  code: string | null;
  /** The whole problem the server sent, for its extra members. */
  problem: unknown;
  retryAfterSeconds: number | null;
}
export type ExchangeResult<T> = { ok: true; value: T; sentAtMs: number; receivedAtMs: number } | ExchangeFailure;

export interface ExchangeOptions {
  now: () => number;
  /** Ends the exchange when the service stops. */
  signal: AbortSignal;
  timeoutMs: number;
}

/** A whole exchange, from the first byte to the last, takes no longer. */
export const exchangeTimeoutMs = 10_000;

/** Sends one JSON body, compressed, and checks what comes back against `answer`. Never rejects. */
export async function exchange<T>(
  url: string,
  body: unknown,
  answer: z.ZodType<T>,
  options: ExchangeOptions,
): Promise<ExchangeResult<T>> {
  const packed = await compress(JSON.stringify(body));
  if (packed.length > syncLimits.compressedBytes) {
    return failure('tooLarge', 'A batch was over the limit of one exchange; it is sent in smaller parts.');
  }
  const origin = new URL(url).origin;
  const sentAtMs = options.now();
  try {
    const { status, retryAfter, text } = await post(url, packed, {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip', accept: 'application/json' },
      signal: AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]),
      mostBytes: syncLimits.bytes,
    });
    if (text === null) return failure('garbled', `${origin} sent an answer without end. IT has to look at it.`);
    if (status < 200 || status > 299)
      return refusal(origin, status, text, retryAfterSeconds(retryAfter, options.now()));
    const parsed = answer.safeParse(jsonOf(text));
    if (!parsed.success) {
      return failure('garbled', `${origin} does not answer like an Usher server. Check the address and any proxy.`);
    }
    return { ok: true, value: parsed.data, sentAtMs, receivedAtMs: options.now() };
  } catch (error) {
    const late = error instanceof Error && error.name === 'TimeoutError';
    return failure(
      'unreachable',
      late
        ? `The school's server ${origin} took too long to answer.`
        : `The school's server ${origin} cannot be reached.`,
    );
  }
}

function failure(kind: ExchangeFailure['kind'], sentence: string): ExchangeFailure {
  return { ok: false, kind, sentence, code: null, problem: null, retryAfterSeconds: null };
}

function refusal(origin: string, status: number, text: string, wait: number | null): ExchangeFailure {
  const sent = jsonOf(text);
  const said = problem.safeParse(sent);
  const code = said.success ? said.data.code : null;
  const common = { code, problem: sent, retryAfterSeconds: wait };
  if (status === 429 || status === 503) {
    const sentence = `The school's server ${origin} is busy and asks this machine to come later.`;
    return { ...failure('busy', sentence), ...common };
  }
  if (status === 413)
    return { ...failure('tooLarge', `The school's server ${origin} found a batch too large.`), ...common };
  if (status >= 500 || !said.success) {
    return { ...failure('failing', `The school's server ${origin} has a fault (HTTP ${status}).`), ...common };
  }
  return { ...failure('refused', said.data.detail.slice(0, 400)), ...common };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
