import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { startServerProcess } from '../faults/server-process.ts';
import { seeded } from '../faults/seeded.ts';
import { World } from '../faults/world.ts';
import { databaseOf, problemOf, runningServer, signIn, temporaryFolder } from './running.ts';
import { eventStreamOpened } from './scraping.ts';

/** A request whose body is still missing: the server cannot end before it came. */
function openRequest(
  origin: string,
): Promise<{ finish(): Promise<{ status: number; connection: string | undefined }> }> {
  const body = JSON.stringify({ deviceId: 'no such machine' });
  return new Promise((resolve, reject) => {
    const asked = request(`${origin}/v1/sync`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        expect: '100-continue',
      },
    });
    const answered = new Promise<{ status: number; connection: string | undefined }>((done, failed) => {
      asked.once('response', (answer) => {
        answer.resume();
        done({ status: answer.statusCode ?? 0, connection: answer.headers.connection });
      });
      asked.once('error', failed);
    });
    asked.once('error', reject);
    // The server says "go on" once it has taken the request on.
    asked.once('continue', () =>
      resolve({
        finish() {
          asked.end(body);
          return answered;
        },
      }),
    );
    asked.flushHeaders();
  });
}

test('a server that stops answers what it has begun, refuses what is new, ends streams, and then is gone', async () => {
  const server = await runningServer();
  const cookie = await signIn(server);
  const stream = await eventStreamOpened(server.origin, cookie);
  const begun = await openRequest(server.origin);
  const closed = server.close();
  await stream.ended;

  const refused = await fetch(`${server.origin}/v1/console/me`, { headers: { cookie } });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(refused.headers.get('connection')).toBe('close');
  expect(await problemOf(refused)).toMatchObject({ code: 'server.stopping' });
  const ready = await fetch(`${server.origin}/readyz`);
  expect([ready.status, (await problemOf(ready)).detail]).toEqual([503, expect.stringContaining('stopping')]);
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200);

  // It was begun before the stop, so it is looked at: not an answer to a stop, but to what it asks.
  expect((await begun.finish()).status).toBe(400);
  await closed;
  await expect(fetch(`${server.origin}/healthz`)).rejects.toThrow();
});

test('a request that never ends holds a stop up no longer than its bound', async () => {
  const server = await runningServer({ stopSeconds: 0.3 });
  const { hostname, port } = new URL(server.origin);
  const socket = connect(Number(port), hostname);
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => undefined);
  socket.resume();
  socket.write(
    'POST /v1/sync HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n',
  );
  await new Promise((resolve) => socket.once('data', resolve));
  await server.close();
  await gone;
});

test(
  'SIGTERM under load: exit code 0, and every confirmed record is there after the restart, exactly once',
  { timeout: 60_000 },
  async () => {
    const databaseUrl = await databaseOf(await temporaryFolder());
    const world = await World.open({
      engine: databaseUrl === undefined ? 'sqlite' : 'postgres',
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      random: seeded(12),
      machines: 4,
    });
    try {
      const server = await world.start();
      await world.working(
        () => server.origin,
        async () => {
          await expect
            .poll(() => world.machines.reduce((sum, machine) => sum + machine.acknowledged, 0), { timeout: 15_000 })
            .toBeGreaterThan(20);
          server.signal('SIGTERM');
          expect(await server.ended).toBe(0);
        },
      );
      const before = world.machines.reduce((sum, machine) => sum + machine.acknowledged, 0);
      expect((await world.check()).records).toBeGreaterThanOrEqual(before);
      const again = await world.start();
      await world.settle(() => again.origin);
      const all = world.machines.reduce((sum, machine) => sum + machine.device.records.length, 0);
      expect((await world.check()).records).toBe(all);
    } finally {
      await world.close();
    }
  },
);

test('connections that are kept open without a request do not hold a stop up', async () => {
  const folder = await temporaryFolder();
  const databaseUrl = await databaseOf(folder);
  const server = await startServerProcess({
    USHER_STATE: folder,
    ...(databaseUrl === undefined ? {} : { USHER_DATABASE_URL: databaseUrl }),
  });
  const agent = new Agent({ keepAlive: true });
  await new Promise<void>((resolve) => {
    request(`${server.origin}/healthz`, { agent }, (answer) => answer.resume().once('end', resolve)).end();
  });
  server.signal('SIGTERM');
  expect(await server.ended).toBe(0);
  agent.destroy();
});
