import { backoffSeconds } from '../../rules/backoff.ts';
import { newestEventNumber } from '../events/read-events.ts';
import type { Sent } from '../alerts/sending.ts';
import { everySchool, type AlertContext } from '../alerts/surroundings.ts';
import type { EventFeedTable } from '../store/tables.ts';
import { feedEvent, type FeedRecord } from './feed-event.ts';
import { settingsOf } from './feeds.ts';
import { sendToFeed, type FeedSent } from './send-to-feed.ts';

/** Events of one batch, and how many characters of bodies they may hold together; a longer one goes alone. */
const batchEvents = 200;
const batchCharacters = 1024 * 1024;
/** Batches of one feed in one run, so that a stop need not wait long. */
const batchesPerRun = 50;

/**
 * Passes on what was committed since each feed's place, in order, one batch in memory at a time. A place moves only when
 * the receiver took the batch, so a receiver that was away for a day gets that day. Feeds do not wait for each other.
 */
export async function runFeeds(context: AlertContext): Promise<void> {
  const { store, owner, now } = context;
  const rows = await store
    .selectFrom('event_feeds')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('enabled', '=', 1)
    .where('next_at', '<=', now().toISOString())
    .execute();
  await Promise.all(rows.map((row) => runFeed(context, row)));
}

async function runFeed(context: AlertContext, first: EventFeedTable): Promise<void> {
  let row = first;
  for (let batch = 0; batch < batchesPerRun; batch += 1) {
    const next = await oneBatch(context, row);
    if (next === null) return;
    row = next;
  }
}

/**
 * A batch that the receiver refuses for what is in it is halved until it takes one, so that everything before the event
 * it does not like arrives; at that event the feed stands until the receiver takes it or somebody has it skipped.
 * @returns the feed after a batch, where there may be more; null where the run ends.
 */
async function oneBatch(context: AlertContext, row: EventFeedTable): Promise<EventFeedTable | null> {
  const newest = Number(await newestEventNumber(context.store, context.owner.trustId));
  if (newest <= Number(row.position)) return null;
  const settings = settingsOf(row);
  const records = await recordsAfter(context, row, settings.types, newest);
  const stands = row.refused_number !== null && Number(records[0]?.number) === Number(row.refused_number);
  let fitting = records.slice(0, stands ? 1 : howManyFit(records));
  const eventsOf = () => fitting.flatMap((record) => feedEvent(record, settings.includeNames) ?? []);
  let events = eventsOf();
  let sent: FeedSent | null = events.length === 0 ? null : await sendToFeed(context, row, events);
  while (sent !== null && !sent.ok && sent.unacceptable && events.length > 1) {
    fitting = fitting.slice(0, Math.ceil(fitting.length / 2));
    events = eventsOf();
    sent = events.length === 0 ? null : await sendToFeed(context, row, events);
  }
  const last = fitting.at(-1);
  // The filter may leave out everything to the end: then the place is the end.
  const to =
    records.length < batchEvents && fitting.length === records.length ? newest : Number(last?.number ?? newest);
  if (sent === null) return await moveOn(context, row, to, { sent: 0, refused: 0, failure: null });
  if (!sent.ok) {
    await noteFailure(context, row, sent, sent.unacceptable ? (events[0]?.number ?? null) : null);
    return null;
  }
  const { refused } = sent;
  const failure = refused === 0 ? null : `It refused ${refused} of ${events.length} events: ${sent.answer}`;
  return await moveOn(context, row, to, { sent: events.length - refused, refused, failure });
}

/** How many of a page fit into a batch; at least one. */
function howManyFit(records: readonly FeedRecord[]): number {
  let characters = 0;
  const over = records.findIndex(({ body }) => {
    characters += body?.length ?? 0;
    return characters > batchCharacters;
  });
  return over === -1 ? records.length : Math.max(1, over);
}

async function recordsAfter(
  { store, owner }: AlertContext,
  row: EventFeedTable,
  types: readonly string[],
  upTo: number,
): Promise<FeedRecord[]> {
  let select = store
    .selectFrom('records')
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'records.trust_id').onRef('devices.device_id', '=', 'records.device_id'),
    )
    .select([
      'records.number',
      'records.school_id',
      'records.device_id',
      'records.epoch',
      'records.seq',
      'records.hash',
      'records.at',
      'records.received_at',
      'records.type',
      'records.summary',
      'records.body',
      'devices.hostname',
    ])
    .where('records.trust_id', '=', owner.trustId)
    .where('records.number', '>', Number(row.position))
    .where('records.number', '<=', upTo)
    .orderBy('records.number')
    .limit(batchEvents);
  if (row.school_id !== everySchool) select = select.where('records.school_id', '=', row.school_id);
  if (types.length > 0) select = select.where('records.type', 'in', [...types]);
  return await select.execute();
}

/** Moves a feed's place; null when another process did meanwhile, or the feed is no longer there. */
async function moveOn(
  { store, owner, now }: AlertContext,
  row: EventFeedTable,
  to: number,
  { sent, refused, failure }: { sent: number; refused: number; failure: string | null },
): Promise<EventFeedTable | null> {
  const at = now().toISOString();
  const moved = await store
    .updateTable('event_feeds')
    .set({
      position: to,
      sent: Number(row.sent) + sent,
      refused: Number(row.refused) + refused,
      refused_number: null,
      failures: 0,
      ...(sent > 0 ? { last_success_at: at } : {}),
      ...(failure === null ? {} : { last_failure_at: at, last_failure: failure }),
    })
    .where('trust_id', '=', owner.trustId)
    .where('feed_id', '=', row.feed_id)
    .where('position', '=', row.position)
    .where('enabled', '=', 1)
    .returningAll()
    .executeTakeFirst();
  return moved ?? null;
}

async function noteFailure(
  { store, owner, now, random }: AlertContext,
  row: EventFeedTable,
  { error, retryAfterSeconds }: Extract<Sent, { ok: false }>,
  refusedNumber: number | null,
): Promise<void> {
  const at = now();
  const waitMs = backoffSeconds(row.failures + 1, random(), retryAfterSeconds) * 1_000;
  await store
    .updateTable('event_feeds')
    .set({
      failures: row.failures + 1,
      next_at: new Date(at.getTime() + waitMs).toISOString(),
      last_failure_at: at.toISOString(),
      last_failure: error,
      ...(refusedNumber === null ? {} : { refused_number: refusedNumber }),
    })
    .where('trust_id', '=', owner.trustId)
    .where('feed_id', '=', row.feed_id)
    // Somebody may have had it skip an event meanwhile.
    .where('position', '=', row.position)
    .execute();
}
