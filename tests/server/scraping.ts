import { get } from 'node:http';
import { expect } from 'vitest';
import { consolePaths } from '../../src/contract/console.ts';
import { operationPaths } from '../../src/contract/operation.ts';

/** The figures of `/metrics` by their series, as they stand in the text. */
export async function scrape(origin: string, headers: Record<string, string> = {}): Promise<Map<string, number>> {
  const answer = await fetch(`${origin}${operationPaths.metrics}`, { headers });
  expect(answer.status).toBe(200);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

/** A console's live stream, open. */
export async function eventStreamOpened(
  origin: string,
  cookie: string,
): Promise<{ ended: Promise<void>; close(): void }> {
  return await new Promise((resolve, reject) => {
    const request = get(`${origin}${consolePaths.eventStream}`, { headers: { cookie } }, (answer) => {
      const ended = new Promise<void>((done) => answer.once('close', done));
      answer.resume();
      resolve({ ended, close: () => request.destroy() });
    });
    request.once('error', reject);
    request.once('response', () => request.on('error', () => undefined));
  });
}
