import { expect, test } from 'vitest';
import { ask, runningServer, signIn } from '../server/running.ts';
import { events } from '../../src/contract/console.ts';
import { testPolicy } from '../support/test-device.ts';
import {
  addressInFrontOf,
  runningService,
  shellOf,
  stateFolder,
  submissionFor,
  tokenLeadingTo,
  type Interference,
} from './running-service.ts';

const answering =
  (status: number, body: string, headers: Record<string, string> = {}): Interference =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(body);
    return 'taken';
  };

const faults: [string, Interference][] = [
  ['answers 429 with Retry-After', answering(429, '{}', { 'retry-after': '1' })],
  ['answers 503', answering(503, '{}')],
  ['answers 500', answering(500, 'Internal Server Error')],
  ['answers garbage', answering(200, '<html>captive portal</html>')],
  ['answers JSON that is no answer', answering(200, '{"receipt":"yes"}')],
  [
    'drops the connection',
    (_request, response) => {
      response.destroy();
      return 'taken';
    },
  ],
  ['never answers', () => 'taken'],
];

test.each(faults)(
  'a server that %s: the tray can say so, nothing is lost and nothing is held twice',
  { timeout: 20_000 },
  async (_name, fault) => {
    const server = await runningServer();
    const { published } = await server.publish(testPolicy());
    const front = await addressInFrontOf(server.origin);
    const service = await runningService(stateFolder(), tokenLeadingTo(await server.enrolmentToken(), front.origin));
    const shell = await shellOf(service);
    await expect.poll(() => shell.view().gate.phase).toBe('asking');
    await expect.poll(() => service.sync().pending).toBe(0);

    front.interfere(fault);
    const outcome = await shell.connection.call('accept', submissionFor(published));
    expect(outcome.ok).toBe(true);
    await expect.poll(() => service.sync(), { timeout: 5_000 }).toMatchObject({ phase: 'waiting' });
    const waiting = service.sync();
    expect(waiting.pending).toBeGreaterThan(0);
    expect(waiting.lastSyncedAt).not.toBeNull();
    expect(waiting.trouble).toMatch(/\S/);

    front.interfere(() => 'pass');
    await expect
      .poll(() => service.sync(), { timeout: 10_000 })
      .toMatchObject({ phase: 'synced', pending: 0, trouble: null });
    const cookie = await signIn(server);
    const held = events.parse(await (await ask(server, cookie, '/v1/console/events?limit=100')).json());
    const numbers = held.items.map(({ epoch, seq }) => `${epoch}/${seq}`);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(numbers.length).toBe(service.journal.head().seq);
  },
);

test(
  'a confirmation that is lost on the way: the batch comes again and is held once',
  { timeout: 20_000 },
  async () => {
    const server = await runningServer();
    const { published } = await server.publish(testPolicy());
    const front = await addressInFrontOf(server.origin);
    const service = await runningService(stateFolder(), tokenLeadingTo(await server.enrolmentToken(), front.origin));
    const shell = await shellOf(service);
    await expect.poll(() => shell.view().gate.phase).toBe('asking');
    await expect.poll(() => service.sync().pending).toBe(0);
    let lost = 0;
    front.interfere((request, response) => {
      // The request goes on to the server; its answer never arrives.
      if (request.url === '/v1/sync' && lost < 2) {
        lost += 1;
        response.end = () => response.destroy();
      }
      return 'pass';
    });
    expect((await shell.connection.call('accept', submissionFor(published))).ok).toBe(true);
    await expect.poll(() => service.sync(), { timeout: 10_000 }).toMatchObject({ phase: 'synced', pending: 0 });
    expect(lost).toBe(2);
    const cookie = await signIn(server);
    const held = events.parse(await (await ask(server, cookie, '/v1/console/events?limit=100')).json());
    expect(held.items.filter(({ type }) => type === 'policy.accepted')).toHaveLength(1);
    expect(held.items).toHaveLength(service.journal.head().seq);
  },
);

test('a server that comes back with another key is not trusted', { timeout: 20_000 }, async () => {
  const server = await runningServer();
  await server.publish(testPolicy());
  const stranger = await runningServer();
  const service = await runningService(stateFolder(), tokenLeadingTo(await server.enrolmentToken(), stranger.origin));
  await expect.poll(() => service.sync().trouble, { timeout: 5_000 }).toMatch(/\S/);
  expect(service.enrolled()).toBe(false);
  expect((await shellOf(service)).view().gate.phase).toBe('noPolicy');
});
