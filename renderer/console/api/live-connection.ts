import { eventRow, type EventRow } from '../../../src/contract/console.ts';

export type LivePhase = 'connecting' | 'live' | 'reconnecting';

export interface LiveListener {
  onEvent?: (row: EventRow) => void;
  /** The stream is open, at first or after a break: whatever happened before has to be asked for. */
  onResumed?: () => void;
  onPhase?: (phase: LivePhase) => void;
}

/** Seconds between attempts after the browser gave up by itself. */
const retrySeconds = [1, 2, 5, 10, 30] as const;

/**
 * One event stream for the whole console. EventSource reconnects by itself after a cut connection but gives up
 * on an HTTP error; then this tries again more and more slowly.
 */
export class LiveConnection {
  readonly #address: string;
  readonly #listeners = new Set<LiveListener>();
  #source: EventSource | null = null;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  phase: LivePhase = 'connecting';

  constructor(address: string) {
    this.#address = address;
  }

  /** Calls back until the returned function is called. */
  subscribe(listener: LiveListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  open(): void {
    this.close();
    const source = new EventSource(this.#address);
    this.#source = source;
    source.onopen = () => {
      this.#attempts = 0;
      this.#enter('live');
      for (const listener of this.#listeners) listener.onResumed?.();
    };
    source.onmessage = (message) => {
      this.#receive(message.data);
    };
    source.onerror = () => {
      this.#enter('reconnecting');
      if (source.readyState !== EventSource.CLOSED) return;
      const seconds = retrySeconds[Math.min(this.#attempts, retrySeconds.length - 1)] ?? 30;
      this.#attempts += 1;
      this.#retry = setTimeout(() => {
        this.open();
      }, seconds * 1_000);
    };
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = null;
  }

  #enter(phase: LivePhase): void {
    if (this.phase === phase) return;
    this.phase = phase;
    for (const listener of this.#listeners) listener.onPhase?.(phase);
  }

  /** A row that is not what the contract says is left to the list, which shows the mismatch when it is asked for. */
  #receive(data: unknown): void {
    if (typeof data !== 'string') return;
    const row = rowFrom(data);
    for (const listener of this.#listeners) {
      if (row === null) listener.onResumed?.();
      else listener.onEvent?.(row);
    }
  }
}

function rowFrom(data: string): EventRow | null {
  try {
    return eventRow.parse(JSON.parse(data));
  } catch {
    return null;
  }
}
