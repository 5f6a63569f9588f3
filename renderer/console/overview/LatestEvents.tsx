import { Link } from 'wouter';
import { address } from '../api/address.ts';
import { eventWords } from '../events/event-words.ts';
import { useEventFeed } from '../events/use-event-feed.ts';
import { Moment } from '../parts/Moment.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import styles from './overview.module.css';

const everything = { type: null, person: null, machine: null, search: null };
const shown = 7;

/** The newest events, as they arrive. */
export function LatestEvents({ eventsToday }: { eventsToday: number }) {
  const feed = useEventFeed(everything);
  const rows = feed.rows.slice(0, shown);
  return (
    <section className={styles['card']} aria-labelledby="latest">
      <div className={styles['cardHead']}>
        <h2 id="latest">Latest events</h2>
        <Link href="/events">
          {eventsToday === 1 ? '1 event today' : `${eventsToday.toLocaleString('en-GB')} events today`}
        </Link>
      </div>
      {feed.query.isPending ? (
        <LoadingLines lines={4} label="events" />
      ) : feed.query.data === undefined ? (
        <ErrorState error={feed.query.error} onRetry={() => void feed.query.refetch()} />
      ) : (
        <ul className={styles['latest']}>
          {rows.map((row) => {
            const { icon: Icon, tone, word } = eventWords[row.type];
            return (
              <li key={row.id} data-tone={tone} data-fresh={feed.freshKeys.has(row.id) ? 'yes' : undefined}>
                <span className={styles['latestWhen']}>
                  <Moment at={row.at} />
                </span>
                <Icon size={16} role="img" aria-label={word} />
                <Link href={address('/events', {}, { event: row.id })}>{row.summary}</Link>
                <span className={styles['latestWhere']}>{row.machine}</span>
              </li>
            );
          })}
        </ul>
      )}
    </section>
  );
}
