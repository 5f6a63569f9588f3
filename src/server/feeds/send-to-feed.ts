import { z } from 'zod';
import { guardedPost, sentOf, type Posted } from '../alerts/guarded-post.ts';
import { signatureHeaders } from '../alerts/send-webhook.ts';
import { failed, type Sent } from '../alerts/sending.ts';
import type { AlertContext } from '../alerts/surroundings.ts';
import { usherVersion } from '../../contract/version.ts';
import type { EventFeedTable } from '../store/tables.ts';
import type { FeedEvent } from './feed-event.ts';
import { secretsOf, settingsOf } from './feeds.ts';
import { otlpRequest } from './otlp-logs.ts';
import { sendSyslog } from './send-syslog.ts';

/** A collector may refuse some of what it took (https://opentelemetry.io/docs/specs/otlp/#partial-success). */
const otlpAnswer = z.object({
  partialSuccess: z
    .object({ rejectedLogRecords: z.coerce.number().int().min(0).default(0), errorMessage: z.string().default('') })
    .nullish(),
});

/**
 * What a receiver took; `refused` are events it took note of and does not want. `unacceptable`: it refused the batch for
 * what is in it, so that sending the same again changes nothing.
 */
export type FeedSent =
  { ok: true; answer: string; refused: number } | (Extract<Sent, { ok: false }> & { unacceptable: boolean });

const feedSent = (sent: Sent, isUnacceptable = false): FeedSent =>
  sent.ok ? { ...sent, refused: 0 } : { ...sent, unacceptable: isUnacceptable };

/** Bad request, content too large, unprocessable content (RFC 9110 §15.5). */
const unacceptable = [400, 413, 422];

/** A batch may hold more than one message does. */
const batchWithinMs = 30_000;

/** One try to pass a batch on. Never throws for what a receiver does. */
export async function sendToFeed(
  context: AlertContext,
  row: EventFeedTable,
  events: readonly FeedEvent[],
): Promise<FeedSent> {
  try {
    return await send(context, row, events);
  } catch (error) {
    return feedSent(failed(error instanceof Error ? error.message : String(error)));
  }
}

async function send(context: AlertContext, row: EventFeedTable, events: readonly FeedEvent[]): Promise<FeedSent> {
  const { networks, now } = context;
  const settings = settingsOf(row);
  if (settings.kind === 'syslog') return feedSent(await sendSyslog(settings, events, networks));
  const kept = secretsOf(context, row);
  if (kept === null) return feedSent(failed('The address is missing. Enter it again.'));
  const { url, secret } = kept;
  const posting = { url, networks, now, withinMs: batchWithinMs };
  if (settings.kind === 'webhook') {
    const body = JSON.stringify({ type: 'usher.events', timestamp: now().toISOString(), data: { events } });
    const id = `usher-${row.feed_id}-${events[0]?.number ?? 0}-${events.at(-1)?.number ?? 0}`;
    const signed = secret === null ? {} : signatureHeaders(secret, id, body, now());
    return judged(await guardedPost({ ...posting, headers: { 'content-type': 'application/json', ...signed }, body }));
  }
  const posted = await guardedPost({
    ...posting,
    headers: { 'content-type': 'application/json', ...(secret === null ? {} : { authorization: secret }) },
    body: JSON.stringify(otlpRequest(events, { version: usherVersion })),
  });
  const sent = judged(posted);
  if (!sent.ok || !posted.reached) return sent;
  const partial = otlpAnswer.safeParse(jsonOf(posted.text)).data?.partialSuccess;
  const refused = partial?.rejectedLogRecords ?? 0;
  return refused === 0 ? sent : { ok: true, answer: partial?.errorMessage ?? '', refused };
}

const judged = (posted: Posted): FeedSent =>
  feedSent(sentOf(posted), posted.reached && unacceptable.includes(posted.status));

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
