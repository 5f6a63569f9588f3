import type { ServerResponse } from 'node:http';
import type { EventRow } from '../../contract/console.ts';

/** A client that has this much waiting for it is too slow and is closed; it comes back with `Last-Event-ID`. */
export const bufferLimitBytes = 1024 * 1024;
export const heartbeatSeconds = 15;

/** One event in the text/event-stream format (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export const eventText = (row: EventRow): string => `id: ${row.id}\ndata: ${JSON.stringify(row)}\n\n`;

/**
 * One open stream: sends rows in growing order, none twice, and ends when the client goes, falls behind, or
 * `stillAllowed` says no at a heartbeat.
 */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #heartbeat: NodeJS.Timeout;
  #last: number;
  #waiting: EventRow[] | null = [];

  constructor(response: ServerResponse, last: number, stillAllowed: () => Promise<boolean>) {
    this.#response = response;
    this.#last = last;
    this.#heartbeat = setInterval(() => {
      this.#write(': still here\n\n');
      void stillAllowed().then(
        (allowed) => {
          if (!allowed) this.end();
        },
        () => this.end(),
      );
    }, heartbeatSeconds * 1_000);
    response.on('close', () => clearInterval(this.#heartbeat));
    response.on('error', () => this.end());
  }

  /** Rows that were committed before the stream opened. */
  replay(rows: readonly EventRow[]): void {
    for (const row of rows) this.#send(row);
  }

  /** The replay is over: what was committed meanwhile follows, then everything live. */
  goLive(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const row of waiting) this.#send(row);
  }

  push(rows: readonly EventRow[]): void {
    if (this.#waiting !== null) this.#waiting.push(...rows);
    else for (const row of rows) this.#send(row);
  }

  end(): void {
    clearInterval(this.#heartbeat);
    if (!this.#response.writableEnded) this.#response.end();
  }

  #send(row: EventRow): void {
    const number = Number(row.id);
    if (number <= this.#last) return;
    this.#last = number;
    this.#write(eventText(row));
  }

  #write(text: string): void {
    if (this.#response.writableEnded || this.#response.destroyed) return;
    this.#response.write(text);
    if (this.#response.writableLength > bufferLimitBytes) this.#response.destroy();
  }
}
