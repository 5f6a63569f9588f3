import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { alertPaths } from '../../src/contract/console-alerts.ts';
import { guardedPost, sentOf } from '../../src/server/alerts/guarded-post.ts';
import { webReceiver } from '../support/receivers/web-receiver.ts';
import { alertingServer, lockFailed, ruleOf } from './alerting-server.ts';
import { enrolledDevice } from './running.ts';

interface HostileReceiver {
  url: string;
  /** Bytes this receiver got rid of, over all connections. */
  sent: () => number;
  /** Connections that are still open. */
  open: () => number;
}

/** A receiver on loopback that does with each connection what it is told, once the request begins. */
async function receiver(answer: (socket: Socket) => void): Promise<HostileReceiver> {
  const sockets = new Set<Socket>();
  let closedBytes = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      closedBytes += socket.bytesWritten;
    });
    socket.once('data', () => {
      answer(socket);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => server.close(done));
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`,
    sent: () => [...sockets].reduce((sum, { bytesWritten }) => sum + bytesWritten, closedBytes),
    open: () => sockets.size,
  };
}

/** Writes for ever, as fast as the other side takes it. */
function flood(socket: Socket, piece: string): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
    if (!socket.destroyed) socket.once('drain', more);
  };
  more();
}

/** Writes a little, for ever. */
function drip(socket: Socket, piece: string): void {
  const every = setInterval(() => {
    if (socket.destroyed) clearInterval(every);
    else socket.write(piece);
  }, 20);
}

const withinMs = 500;
const head = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n';

async function post(url: string, body = '{}') {
  const from = performance.now();
  const sent = sentOf(
    await guardedPost({ url, body, headers: {}, networks: 'private', now: () => new Date(), withinMs }),
  );
  return { sent, tookMs: performance.now() - from };
}

test.each([
  ['takes the request and says nothing', () => undefined],
  ['sends its status and then nothing', (socket: Socket) => socket.write(`${head}Content-Length: 10\r\n\r\n`)],
  [
    'sends a head that never ends, a little at a time',
    (socket: Socket) => {
      socket.write(head);
      drip(socket, 'X: y\r\n');
    },
  ],
  [
    'sends a body that never ends, a byte at a time',
    (socket: Socket) => {
      socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
      drip(socket, '1\r\nx\r\n');
    },
  ],
  ['sends provisional answers for ever', (socket: Socket) => drip(socket, 'HTTP/1.1 102 Processing\r\n\r\n')],
] as const)('a receiver that %s is left when its time is up, and said to have been too slow', async (_what, answer) => {
  const there = await receiver(answer);
  const { sent, tookMs } = await post(there.url);
  expect(sent).toMatchObject({ ok: false, permanent: false, error: 'The receiver did not answer in time.' });
  expect(tookMs).toBeGreaterThan(withinMs - 50);
  expect(tookMs).toBeLessThan(withinMs + 1_000);
  await vi.waitFor(() => expect(there.open()).toBe(0));
});

test('a receiver that does not read what it is sent is left when its time is up', async () => {
  const there = await receiver((socket) => socket.pause());
  const { sent, tookMs } = await post(there.url, 'x'.repeat(16 * 1024 * 1024));
  expect(sent).toMatchObject({ ok: false, error: 'The receiver did not answer in time.' });
  expect(tookMs).toBeLessThan(withinMs + 1_000);
});

test('of an answer that never ends the beginning is read, and the rest is not fetched', async () => {
  const there = await receiver((socket) => {
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    flood(socket, `4000\r\n${'x'.repeat(0x4000)}\r\n`);
  });
  const { sent, tookMs } = await post(there.url);
  expect(sent.ok).toBe(true);
  expect(sent.ok && sent.answer.length).toBeLessThan(400);
  expect(tookMs).toBeLessThan(withinMs);
  await vi.waitFor(() => expect(there.open()).toBe(0));
  // What was under way in the two sockets' own buffers, and no more.
  expect(there.sent()).toBeLessThan(16 * 1024 * 1024);
});

test('a head that is too large is a failure at once', async () => {
  const there = await receiver((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    flood(socket, `X-More: ${'x'.repeat(1_000)}\r\n`);
  });
  const { sent, tookMs } = await post(there.url);
  expect(sent).toMatchObject({ ok: false, error: 'The answer of the receiver has too many or too long headers.' });
  expect(tookMs).toBeLessThan(withinMs);
  await vi.waitFor(() => expect(there.open()).toBe(0));
});

test('a webhook that hangs holds up no other, and the alert is kept for it', async () => {
  const it = await alertingServer();
  const hangs = await receiver(() => undefined);
  const answers = await webReceiver();
  const channels: string[] = [];
  for (const [name, url] of [
    ['Hangs', hangs.url],
    ['Answers', answers.url],
  ] as const) {
    const channel = { kind: 'webhook', name, schoolId: null, format: 'standard', url, enabled: true };
    channels.push((await it.made(alertPaths.channels, channel)).id);
  }
  await it.made(alertPaths.rules, ruleOf({ channels }));
  const device = await enrolledDevice(it.server, 'room-12');
  device.begin();
  await device.sync(it.server.origin);
  await new Promise((done) => setTimeout(done, 200));
  device.record(lockFailed);
  await device.sync(it.server.origin);
  await vi.waitFor(() => expect(answers.taken).toHaveLength(1), { timeout: 8_000, interval: 40 });
  expect(hangs.open()).toBe(1);
  const own = (await it.alerts()).find(({ rule }) => rule === ruleOf({}).name);
  expect(own?.deliveries.map(({ channel, state }) => `${channel} ${state}`).sort()).toEqual([
    'Answers sent',
    'Hangs waiting',
  ]);
});
