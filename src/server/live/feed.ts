import type { EventRow } from '../../contract/console.ts';

/** Passes newly committed events to every open console. */
export interface EventFeed {
  /** Does anybody listen to what is published here? What nobody hears need not be made. */
  isHeard(): boolean;
  publish(rows: readonly EventRow[]): void;
  /** Calls back with each committed batch; returns how to stop. */
  subscribe(listener: (rows: readonly EventRow[]) => void): () => void;
}

export function eventFeed(): EventFeed {
  const listeners = new Set<(rows: readonly EventRow[]) => void>();
  return {
    isHeard: () => listeners.size > 0,
    publish(rows) {
      if (rows.length > 0) for (const listener of listeners) listener(rows);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
