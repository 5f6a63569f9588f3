import {
  useInfiniteQuery,
  useQueryClient,
  type InfiniteData,
  type UseInfiniteQueryResult,
} from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { EventRow } from '../../../src/contract/console.ts';
import { useLiveEvents } from '../api/Live.tsx';
import { eventsQuery, type EventFilters } from '../api/queries.ts';
import { announcement, belongs, mergeRows, splitAtCeiling } from './feed.ts';

type Pages = InfiniteData<{ items: EventRow[]; next: string | null }, unknown>;

/** How long a row stays marked as new. */
const freshMilliseconds = 20_000;
/** Screen readers hear of new events at most this often. */
const announceMilliseconds = 8_000;
/** Lists whose filters only the server understands are asked for again at most this often. */
const askAgainMilliseconds = 500;

export interface EventFeed {
  query: UseInfiniteQueryResult<Pages>;
  rows: EventRow[];
  /** Events that arrived and wait because the list is paused or scrolled. */
  held: number;
  freshKeys: ReadonlySet<string>;
  /** For a polite live region. */
  said: string;
  /** Shows new rows as they arrive. */
  follow(): void;
  /** New rows wait from now on. */
  hold(): void;
}

/** The list of events with these filters, growing at the top as events arrive. */
export function useEventFeed(filters: EventFilters): EventFeed {
  const client = useQueryClient();
  const options = eventsQuery(filters);
  const query = useInfiniteQuery(options);
  const [ceiling, setCeiling] = useState<string | null>(null);
  const { freshKeys, said, arrived } = useArrivals();
  const asking = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(asking.current);
    },
    [],
  );

  const askAgain = (): void => {
    clearTimeout(asking.current);
    asking.current = setTimeout(
      () => void client.invalidateQueries({ queryKey: options.queryKey }),
      askAgainMilliseconds,
    );
  };

  useLiveEvents((row) => {
    const verdict = belongs(row, filters);
    if (verdict === 'unsure') askAgain();
    if (verdict !== 'yes') return;
    // An answer that is under way may have been read before this event was there, and would take its row away again.
    if (client.getQueryState(options.queryKey)?.fetchStatus === 'fetching') askAgain();
    let added = false;
    client.setQueryData<Pages>(options.queryKey, (known) => {
      const [first, ...rest] = known?.pages ?? [];
      if (known === undefined || first === undefined) return known;
      if (known.pages.some((page) => page.items.some((one) => one.id === row.id))) return known;
      added = true;
      return { ...known, pages: [{ ...first, items: [row, ...first.items] }, ...rest] };
    });
    if (added) arrived(row);
  }, askAgain);

  const all = useMemo(() => mergeRows(query.data?.pages ?? []), [query.data]);
  const { shown, held } = useMemo(() => splitAtCeiling(all, ceiling), [all, ceiling]);
  const newest = all[0]?.id ?? null;
  const follow = useCallback(() => {
    setCeiling(null);
  }, []);
  const hold = useCallback(() => {
    setCeiling((before) => before ?? newest);
  }, [newest]);
  return { query, rows: shown, held, freshKeys, said, follow, hold };
}

function useArrivals(): { freshKeys: ReadonlySet<string>; said: string; arrived: (row: EventRow) => void } {
  const [freshKeys, setFreshKeys] = useState<ReadonlySet<string>>(new Set());
  const [said, setSaid] = useState('');
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>());
  const unsaid = useRef<{ count: number; newest: EventRow } | null>(null);
  useEffect(() => {
    const pending = timers.current;
    return () => {
      for (const timer of pending) clearTimeout(timer);
    };
  }, []);
  const later = (milliseconds: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.current.delete(timer);
      act();
    }, milliseconds);
    timers.current.add(timer);
  };
  const speak = (): void => {
    const waiting = unsaid.current;
    if (waiting === null) return;
    unsaid.current = null;
    setSaid(announcement(waiting.count, waiting.newest));
  };
  const arrived = (row: EventRow): void => {
    setFreshKeys((before) => new Set([...before, row.id]));
    later(freshMilliseconds, () => {
      setFreshKeys((before) => new Set([...before].filter((id) => id !== row.id)));
    });
    const waiting = unsaid.current;
    unsaid.current = { count: (waiting?.count ?? 0) + 1, newest: row };
    if (waiting === null) later(said === '' ? 0 : announceMilliseconds, speak);
  };
  return { freshKeys, said, arrived };
}
