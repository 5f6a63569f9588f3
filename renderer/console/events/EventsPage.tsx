import { Activity, ArrowUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { OpenFirst } from '../access/OpenFirst.tsx';
import { useRecordToOpen } from '../access/OpenPerson.tsx';
import { address } from '../api/address.ts';
import type { EventFilters } from '../api/queries.ts';
import { usePageTitle } from '../frame/page-title.ts';
import { useAddressEntries } from '../parts/address-entry.ts';
import { DataTable } from '../parts/DataTable.tsx';
import { LoadMore } from '../parts/LoadMore.tsx';
import { EmptyState, ErrorState, LoadingLines } from '../parts/States.tsx';
import { Workspace } from '../parts/Workspace.tsx';
import { eventColumns } from './event-columns.tsx';
import { EventFilterBar } from './EventFilterBar.tsx';
import { EventPanel } from './EventPanel.tsx';
import { eventTypeFrom } from './event-words.ts';
import { LiveMark } from './LiveMark.tsx';
import { useEventFeed } from './use-event-feed.ts';
import styles from './events.module.css';

/** Scrolled further than this, new rows wait instead of pushing down what is being read. */
const topPixels = 24;

function filtersFrom(entries: URLSearchParams): EventFilters {
  return {
    type: eventTypeFrom(entries.get('type')),
    person: entries.get('person'),
    machine: entries.get('machine'),
    search: entries.get('search'),
  };
}

/** Everything machines recorded, newest first, growing as it happens. */
export function EventsPage() {
  usePageTitle('Events');
  const [, navigate] = useLocation();
  const [entries, change] = useAddressEntries();
  const filters = filtersFrom(entries);
  const filtered = Object.values(filters).some((value) => value !== null);
  const openId = entries.get('event');
  const feed = useEventFeed(filters);
  const { query, rows, held } = feed;
  const toOpen = useRecordToOpen(query);
  const [paused, setPaused] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);

  const atTop = (): boolean => (scroller.current?.scrollTop ?? 0) <= topPixels;
  const follow = (): void => {
    setPaused(false);
    feed.follow();
    scroller.current?.scrollTo({ top: 0 });
  };
  const togglePause = (): void => {
    if (paused) {
      follow();
      return;
    }
    setPaused(true);
    feed.hold();
  };
  const hrefOf = (id: string) => address('/events', {}, { ...filters, event: id });

  return (
    <Workspace
      title="Events"
      lead="What machines recorded, newest first."
      actions={<LiveMark paused={paused} onToggle={togglePause} />}
      toolbar={<EventFilterBar filters={filters} onChange={change} />}
      panel={
        openId === null
          ? null
          : {
              rowKey: openId,
              content: (
                <EventPanel
                  key={openId}
                  id={openId}
                  known={rows.find((row) => row.id === openId)}
                  onClose={() => {
                    navigate(address('/events', {}, { ...filters }));
                  }}
                />
              ),
            }
      }
    >
      <p className="visually-hidden" role="status" data-said>
        {feed.said}
      </p>
      {held === 0 ? null : (
        <button type="button" className={styles['pill']} onClick={follow}>
          <ArrowUp size={16} aria-hidden />
          {held === 1 ? '1 new event' : `${String(held)} new events`}
        </button>
      )}
      {toOpen !== null ? (
        <OpenFirst personId={toOpen} onOpen={() => void query.refetch()} />
      ) : query.isPending ? (
        <LoadingLines label="events" />
      ) : query.data === undefined ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <NoEvents filtered={filtered} />
      ) : (
        <DataTable
          label="Events"
          columns={eventColumns}
          rows={rows}
          keyOf={(event) => event.id}
          hrefOf={(event) => hrefOf(event.id)}
          openKey={openId}
          freshKeys={feed.freshKeys}
          scrollRef={scroller}
          onScroll={() => {
            if (paused) return;
            if (atTop()) feed.follow();
            else feed.hold();
          }}
          foot={
            <LoadMore
              allOf="That is the first event recorded."
              hasMore={query.hasNextPage}
              loading={query.isFetchingNextPage}
              failed={query.isFetchNextPageError}
              onMore={() => void query.fetchNextPage()}
            />
          }
        />
      )}
    </Workspace>
  );
}

function NoEvents({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon={Activity} title="No event matches">
        <p>Take a filter away, or search for fewer words. Events that match will appear here as they happen.</p>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={Activity} title="Nothing is recorded yet">
      <p>Events appear here as they happen once a machine is enrolled.</p>
    </EmptyState>
  );
}
