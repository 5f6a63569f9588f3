import { get } from 'node:http';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { eventStreamOpened, scrape } from './scraping.ts';
import { notReady, operationPaths, readyAnswer } from '../../src/contract/operation.ts';
import { postJson, testPolicy } from '../support/test-device.ts';
import { enrolledDevice, problemOf, runningServer, signIn, storeOf } from './running.ts';

describe('health and readiness', () => {
  test('a running server is alive and ready, and says what it looked at', async () => {
    const server = await runningServer();
    const alive = await fetch(`${server.origin}${operationPaths.alive}`);
    expect([alive.status, await alive.json()]).toEqual([200, { status: 'alive' }]);
    const ready = await fetch(`${server.origin}${operationPaths.ready}`);
    expect(ready.status).toBe(200);
    expect(readyAnswer.parse(await ready.json()).checks.map(({ name, ok }) => `${name} ${String(ok)}`)).toEqual([
      'phase true',
      'database true',
      'migrations true',
      'disk true',
    ]);
  });

  test('a disk with less room than the reserve is named, while the server stays alive', async () => {
    const server = await runningServer({ leastFreeBytes: Number.MAX_SAFE_INTEGER });
    const answer = await fetch(`${server.origin}${operationPaths.ready}`);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('5');
    const problem = await problemOf(answer.clone());
    expect(problem).toMatchObject({ code: 'server.notReady', detail: expect.stringMatching(/^Only \d+ MB are free/) });
    const { checks } = notReady.parse(await answer.json());
    expect(checks.filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['disk']);
    expect((await fetch(`${server.origin}${operationPaths.alive}`)).status).toBe(200);
  });

  test('a database that was replaced by an older one is named with what it lacks', async () => {
    const server = await runningServer();
    const database = await storeOf(server.folder);
    await sql`delete from kysely_migration where name like '0002%'`.execute(database);
    const problem = await problemOf(await fetch(`${server.origin}${operationPaths.ready}`));
    expect(problem.detail).toContain('lacks 0002-');
    await database.destroy();
  });
});

describe('metrics', () => {
  test('count what happened: answers by route pattern, batches, records, refusals, machines, streams', async () => {
    const server = await runningServer();
    const { published } = await server.publish(testPolicy());
    const device = await enrolledDevice(server);
    device.begin();
    device.accept('robin', published, new Date(Date.now() - 7_200_000).toISOString());
    await device.sync(server.origin);
    const forged = { ...device.syncRequest([]), signature: device.syncRequest(device.records).signature };
    expect((await postJson(`${server.origin}/v1/sync`, forged)).status).toBe(401);
    const cookie = await signIn(server);
    await fetch(`${server.origin}/v1/console/people?search=robin`, { headers: { cookie } });
    const stream = await eventStreamOpened(server.origin, cookie);

    const figures = await scrape(server.origin);
    expect(figures.get('usher_sync_batches_taken_total')).toBe(1);
    expect(figures.get('usher_sync_records_taken_total')).toBe(2);
    expect(figures.get('usher_requests_refused_total{route="/v1/sync",code="sync.badSignature"}')).toBe(1);
    expect(figures.get('usher_http_requests_total{method="GET",route="/v1/console/people",status="200"}')).toBe(1);
    expect(figures.get('usher_http_requests_total{method="POST",route="/v1/sync",status="401"}')).toBe(1);
    expect(figures.get('usher_sync_ingest_duration_seconds_count')).toBe(1);
    expect(figures.get('usher_machines_enrolled')).toBe(1);
    expect(figures.get('usher_machines_seen_last_hour')).toBe(1);
    expect(figures.get('usher_live_streams_open')).toBe(1);
    expect(figures.get('usher_database_query_duration_seconds_count')).toBeGreaterThan(10);
    expect(figures.get('usher_process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    stream.close();
    await expect.poll(async () => (await scrape(server.origin)).get('usher_live_streams_open')).toBe(0);
  });

  test('no request makes a new series, and nothing about a person or machine is a label', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server, 'canary-machine');
    device.begin();
    await device.sync(server.origin);
    const cookie = await signIn(server);
    const wander = async (word: string) => {
      for (const path of [`/v1/console/people/${word}`, `/v1/console/people?search=${word}`, `/${word}`, `/v1/${word}`])
        await fetch(`${server.origin}${path}`, { headers: { cookie } });
      await new Promise<void>((resolve) => {
        get(`${server.origin}/${word}`, { method: 'PROPFIND' }, (answer) => answer.resume().on('end', resolve));
      });
    };
    await wander('canary-first');
    const before = new Set((await scrape(server.origin)).keys());
    for (let round = 0; round < 10; round += 1) await wander(`canary-${round}`);
    const after = [...(await scrape(server.origin)).keys()];
    expect(
      after.filter(
        (series) =>
          !before.has(series) && !series.includes(operationPaths.metrics) && !series.startsWith('usher_nodejs_'),
      ),
    ).toEqual([]);
    expect(after.filter((series) => series.includes('canary') || series.includes(device.deviceId))).toEqual([]);
  });

  test.each([
    ['with no metrics token set, from this computer', {}, {}, 200],
    ['with no metrics token set, through a proxy that says so', {}, { 'x-forwarded-for': '203.0.113.9' }, 401],
    ['behind a proxy, where everything comes from this computer', { origin: 'https://usher.example.invalid' }, {}, 401],
    ['with a metrics token set, without it', { metricsToken: 'a-token-of-the-metrics' }, {}, 401],
    [
      'with a metrics token set, carrying another',
      { metricsToken: 'a-token-of-the-metrics' },
      { authorization: 'Bearer a-token-of-the-metric' },
      401,
    ],
    [
      'with a metrics token set, carrying it',
      { metricsToken: 'a-token-of-the-metrics' },
      { authorization: 'Bearer a-token-of-the-metrics' },
      200,
    ],
  ])('who may read them: %s', async (_name, options, headers, status) => {
    const server = await runningServer({ port: 0, ...options });
    const answer = await fetch(`${server.listening}${operationPaths.metrics}`, { headers });
    expect(answer.status).toBe(status);
    const withOperator = await fetch(`${server.listening}${operationPaths.metrics}`, {
      headers: { authorization: `Bearer ${server.operatorToken}`, 'x-forwarded-for': '203.0.113.9' },
    });
    expect(withOperator.status).toBe(200);
    expect(withOperator.headers.get('content-type')).toContain('text/plain');
  });
});
