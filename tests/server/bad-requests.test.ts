import { createWriteStream, openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { join } from 'node:path';
import { createGzip } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { events } from '../../src/contract/console.ts';
import { openApiPaths } from './open-api.ts';
import { postJson, testPolicy } from '../support/test-device.ts';
import {
  ask,
  enrolledDevice,
  openPerson,
  problemOf,
  runningServer,
  signIn,
  storeOf,
  temporaryFolder,
} from './running.ts';

describe('one gigabyte of zeros, packed small', () => {
  test('is refused long before it is unpacked, and the server goes on', { timeout: 60_000 }, async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    const file = join(await temporaryFolder(), 'zeros.gz');
    const megabyte = Buffer.alloc(1024 * 1024);
    await pipeline(
      Readable.from(
        (function* zeros() {
          for (let part = 0; part < 1024; part += 1) yield megabyte;
        })(),
      ),
      createGzip({ level: 9 }),
      createWriteStream(file),
    );
    const before = process.memoryUsage().rss;
    const answer = await fetch(`${server.origin}/v1/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: await openAsBlob(file),
    });
    expect(answer.status).toBe(413);
    expect((await problemOf(answer)).detail).toMatch(/too large|at most|MB|MiB/i);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    await device.sync(server.origin, []);
  });
});

describe('what is not a batch', () => {
  test.each([
    ['no JSON', 'application/json', '{"deviceId":', 400],
    ['another content type', 'text/plain', 'hello', 415],
  ])('%s', async (_name, type, body, status) => {
    const server = await runningServer();
    const answer = await fetch(`${server.origin}/v1/sync`, { method: 'POST', headers: { 'content-type': type }, body });
    expect(answer.status).toBe(status);
    const problem = await problemOf(answer);
    expect(problem.status).toBe(status);
    expect(problem.detail).toMatch(/\S+ \S+/);
  });

  test('packed with gzip but cut off', async () => {
    const server = await runningServer();
    const answer = await fetch(`${server.origin}/v1/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: Buffer.from('1f8b0800000000000003ab56', 'hex'),
    });
    expect(answer.status).toBe(400);
  });
});

describe('the console without a session', () => {
  test('every route that asks for one refuses, whatever is asked', async () => {
    const server = await runningServer();
    const guarded = server.routes.filter(({ access }) => access === 'session');
    expect(guarded.length).toBeGreaterThanOrEqual(10);
    for (const { method, url } of guarded) {
      const answer = await fetch(`${server.origin}${url.replaceAll(/:\w+/g, 'x')}`, { method });
      expect(`${method} ${url}: ${answer.status}`).toBe(`${method} ${url}: 401`);
    }
  });

  test('says what to do, in the shape of RFC 9457', async () => {
    const server = await runningServer();
    const answer = await fetch(`${server.origin}/v1/console/people`);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect((await problemOf(answer)).detail).toBe(
      'You are not signed in. Open the sign-in link that was printed when the server started, or ask for a new one.',
    );
  });
});

describe('signing in by link', () => {
  test('works once', async () => {
    const server = await runningServer();
    const link = await server.signInLink();
    const first = await fetch(link, { redirect: 'manual' });
    expect(first.headers.getSetCookie().length).toBeGreaterThan(0);
    const second = await fetch(link, { redirect: 'manual' });
    expect(
      second.headers.getSetCookie().filter((cookie) => /session/i.test(cookie) && !/Max-Age=0/i.test(cookie)),
    ).toEqual([]);
    expect(second.headers.get('location')).toContain('problem=linkUsed');
  });
});

describe('publishing', () => {
  test('without the operator token is refused and publishes nothing', async () => {
    const server = await runningServer();
    const answer = await postJson(`${server.origin}/v1/policies`, testPolicy());
    expect(answer.status).toBe(401);
    expect(await server.currentPolicy()).toBeNull();
  });

  test('a policy that does not fit is refused by the name of its field', async () => {
    const server = await runningServer();
    const broken = { ...testPolicy(), reading: { toEnd: 'yes', minimumSeconds: 0 } };
    const answer = await postJson(`${server.origin}/v1/policies`, broken, {
      authorization: `Bearer ${server.operatorToken}`,
    });
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({ field: expect.stringContaining('reading.toEnd') });
    expect(await server.currentPolicy()).toBeNull();
  });
});

test('OpenAPI at /docs describes every route of the API', async () => {
  const server = await runningServer();
  const described = await openApiPaths(server.origin);
  const own = server.routes.filter(({ url }) => url.startsWith('/v1/'));
  expect(own.length).toBeGreaterThan(10);
  for (const { method, url } of own.filter((route) => route.method !== 'HEAD'))
    expect(described).toContain(`${method} ${url.replaceAll(/:(\w+)/g, '{$1}')}`);
});

test('an acceptance whose stored body was changed is shown as not sound', async () => {
  const server = await runningServer();
  const { published } = await server.publish(testPolicy());
  const device = await enrolledDevice(server);
  device.begin();
  device.accept('robin', published);
  await device.sync(server.origin);
  const cookie = await signIn(server);
  const list = events.parse(await (await ask(server, cookie, '/v1/console/events?type=policy.accepted')).json());
  const id = list.items[0]?.acceptanceId ?? '';
  await openPerson(server, cookie);
  const sound = await (await ask(server, cookie, `/v1/console/acceptances/${encodeURIComponent(id)}`)).json();
  expect(sound.verification.sound).toBe(true);

  const store = await storeOf(server.folder);
  await sql`update records set body = replace(body, 'Alex Example', 'Sam Example')`.execute(store);
  await store.destroy();
  const changed = await (await ask(server, cookie, `/v1/console/acceptances/${encodeURIComponent(id)}`)).json();
  expect(changed.verification.sound).toBe(false);
  expect(changed.verification.checks.filter((check: { ok: boolean }) => !check.ok).length).toBeGreaterThan(0);
});
