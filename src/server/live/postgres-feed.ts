import { sql } from 'kysely';
import type { Logger } from 'pino';
import type { EventRow } from '../../contract/console.ts';
import { readEventsAfter } from '../events/read-events.ts';
import type { Store } from '../store/database.ts';
import type { KeptConnectionUse } from '../store/kept-connection.ts';
import { eventFeed, type EventFeed } from './feed.ts';

const channel = 'usher_events';
/** News of a burst of batches is told once. */
const tellAfterMs = 10;
/** Rows read at once. */
const page = 500;

/**
 * The feed of several server processes on one PostgreSQL. A process that committed events tells all of them only the
 * trust and its highest number (NOTIFY, https://www.postgresql.org/docs/current/sql-notify.html); each then reads the
 * rows from the store, in the order of their numbers. Numbers become visible in growing order, because the counter is
 * locked until the commit, so what was read up to a number is everything up to it. About once a second, and after a
 * broken connection, a process also looks at the counter itself: a word that got lost costs a second and no event.
 */
export function postgresFeed(store: Store, trustId: string, log: Logger): EventFeed & KeptConnectionUse {
  const local = eventFeed();
  let listeners = 0;
  /** Up to here everything was passed on, or there was nobody to pass it to. */
  let passedOn = 0;
  let known = 0;
  let reading = false;
  let toTell = 0;
  let telling: NodeJS.Timeout | null = null;

  const readOn = async (): Promise<void> => {
    if (reading) return;
    reading = true;
    try {
      while (passedOn < known) {
        const upTo = known;
        if (listeners === 0) {
          passedOn = upTo;
          continue;
        }
        const rows = await readEventsAfter({ store, trustId, scope: 'all' }, passedOn, page);
        const last = Number(rows.at(-1)?.id ?? 0);
        local.publish(rows);
        passedOn = Math.max(passedOn, last, rows.length < page ? upTo : 0);
      }
    } catch (error) {
      log.warn({ err: error }, 'new events could not be read for the open consoles; trying again');
    } finally {
      reading = false;
    }
  };
  const heard = (number: number): void => {
    known = Math.max(known, number);
    void readOn();
  };
  const tell = (): void => {
    telling = null;
    const payload = JSON.stringify({ trustId, number: toTell });
    sql`select pg_notify(${channel}, ${payload})`
      .execute(store)
      .catch((error: unknown) => log.warn({ err: error }, 'the other servers could not be told of new events'));
  };
  const look: NonNullable<KeptConnectionUse['beat']> = async (client) => {
    const { rows } = await client.query<{ value: string }>(
      "select value from counters where trust_id = $1 and name = 'event'",
      [trustId],
    );
    heard(Number(rows[0]?.value ?? 0));
  };

  return {
    // Other processes may, and are told by number only.
    isHeard: () => true,
    publish(rows) {
      const last = rows.at(-1);
      if (last === undefined) return;
      toTell = Math.max(toTell, Number(last.id));
      telling ??= setTimeout(tell, tellAfterMs).unref();
    },
    subscribe(listener: (rows: readonly EventRow[]) => void) {
      listeners += 1;
      const unsubscribe = local.subscribe(listener);
      return () => {
        listeners -= 1;
        unsubscribe();
      };
    },
    async opened(client) {
      await client.query(`listen ${channel}`);
      await look(client);
    },
    beat: look,
    notified(from, payload) {
      if (from !== channel) return;
      const news = newsOf(payload);
      if (news?.trustId === trustId) heard(news.number);
    },
  };
}

/** Reads what another process told; anything else on the channel is nothing to us. */
function newsOf(payload: string): { trustId: string; number: number } | null {
  try {
    const news: unknown = JSON.parse(payload);
    if (typeof news !== 'object' || news === null || !('trustId' in news) || !('number' in news)) return null;
    const { trustId, number } = news;
    return typeof trustId === 'string' && Number.isSafeInteger(number) ? { trustId, number: Number(number) } : null;
  } catch {
    return null;
  }
}
