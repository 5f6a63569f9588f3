import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
  type ReactNode,
} from 'react';
import { consolePaths, type EventRow } from '../../../src/contract/console.ts';
import { LiveConnection, type LivePhase } from './live-connection.ts';

const LiveContext = createContext<LiveConnection | null>(null);

/** Answers that change with almost every event; asked for again at most this often. */
const followUpMilliseconds = 1_000;

/** Keeps one event stream open for the pages inside while `on`, and the counted answers fresh as events arrive. */
export function Live({ on, children }: { on: boolean; children: ReactNode }) {
  const client = useQueryClient();
  const [connection] = useState(() => new LiveConnection(consolePaths.eventStream));
  useEffect(() => {
    if (!on) return undefined;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const followUp = (): void => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        for (const queryKey of [['overview'], ['people'], ['machines'], ['policies'], ['devices']]) {
          void client.invalidateQueries({ queryKey });
        }
      }, followUpMilliseconds);
    };
    const heard = (): void => {
      // A list that is not on the page does not grow by itself; it is asked for again when it is next opened.
      void client.invalidateQueries({ queryKey: ['events'], type: 'inactive', refetchType: 'none' });
      followUp();
    };
    const unsubscribe = connection.subscribe({ onEvent: heard, onResumed: heard });
    connection.open();
    return () => {
      clearTimeout(waiting);
      unsubscribe();
      connection.close();
    };
  }, [client, connection, on]);
  return <LiveContext value={connection}>{children}</LiveContext>;
}

function useConnection(): LiveConnection {
  const connection = useContext(LiveContext);
  if (connection === null) throw new Error('Live events are used outside Live.');
  return connection;
}

/** Is the event stream up? */
export function useLivePhase(): LivePhase {
  const connection = useConnection();
  return useSyncExternalStore(
    (changed) => connection.subscribe({ onPhase: changed }),
    () => connection.phase,
  );
}

/** Calls back for every event that arrives, and whenever the stream opens. */
export function useLiveEvents(onEvent: (row: EventRow) => void, onResumed: () => void): void {
  const connection = useConnection();
  const event = useEffectEvent(onEvent);
  const resumed = useEffectEvent(onResumed);
  useEffect(
    () =>
      connection.subscribe({
        onEvent: (row) => {
          event(row);
        },
        onResumed: () => {
          resumed();
        },
      }),
    [connection],
  );
}
