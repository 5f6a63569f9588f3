import { onTestFinished } from 'vitest';
import { eventRow, type EventRow } from '../../src/contract/console.ts';
import type { RunningServer } from '../../src/server/index.ts';

export interface LiveEvents {
  /** Every event that came so far, in the order it came. */
  rows: EventRow[];
  /** Waits until so many have come. @throws Error after ten seconds. */
  until(count: number): Promise<EventRow[]>;
}

/** Opens a server's live stream as the console does, from the first event on. */
export async function liveEvents(server: RunningServer, cookie: string): Promise<LiveEvents> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const answer = await fetch(`${server.origin}/v1/console/events/stream?after=0`, {
    headers: { cookie },
    signal: stop.signal,
  });
  if (!answer.ok || answer.body === null) throw new Error(`The stream answered ${answer.status}`);
  const rows: EventRow[] = [];
  void read(answer.body, rows).catch(() => {
    // Ended with the test.
  });
  return {
    rows,
    async until(count) {
      const deadline = Date.now() + 10_000;
      while (rows.length < count) {
        if (Date.now() > deadline) throw new Error(`Only ${rows.length} of ${count} events came`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return rows;
    },
  };
}

async function read(body: ReadableStream<Uint8Array>, rows: EventRow[]): Promise<void> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    text += decoder.decode(bytes, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      if (data !== undefined) rows.push(eventRow.parse(JSON.parse(data)));
      text = text.slice(end + 2);
    }
  }
}
