import type { EventRow } from '../../contract/console.ts';

/** `schoolId` is the school of the machine that the rows came from: one batch, one machine, one school. */
export type FeedListener = (schoolId: string, rows: readonly EventRow[]) => void;

/** Passes newly committed events to every open console. */
export interface EventFeed {
  publish(schoolId: string, rows: readonly EventRow[]): void;
  /** Calls back with each committed batch; returns how to stop. */
  subscribe(listener: FeedListener): () => void;
}

export function eventFeed(): EventFeed {
  const listeners = new Set<FeedListener>();
  return {
    publish(schoolId, rows) {
      if (rows.length > 0) for (const listener of listeners) listener(schoolId, rows);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
