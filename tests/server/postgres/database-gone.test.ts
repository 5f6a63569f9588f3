import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../../../src/server/store/database.ts';
import { embeddedPostgres, type RunningPostgres } from '../../support/postgres/embedded.ts';
import { postJson } from '../../support/test-device.ts';
import { ask, enrolledDevice, problemOf, runningServer, signIn } from '../running.ts';

/** A PostgreSQL of this file's own, with fsync as in a school, which can be killed without hurting other tests. */
let postgres: RunningPostgres;
beforeAll(async () => {
  postgres = await embeddedPostgres({ durable: true });
  await postgres.run('create database gone');
});
afterAll(() => postgres.stop());

async function startAgain(): Promise<void> {
  // Until the last of the killed server's processes is gone, PostgreSQL will not start on its folder.
  for (let tried = 1; ; tried += 1) {
    try {
      return await postgres.start();
    } catch (error) {
      if (tried >= 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

test('PostgreSQL is killed and comes back: machines are told to wait, and everything acknowledged is there once', async () => {
  const databaseUrl = postgres.urlOf('gone');
  const server = await runningServer({ databaseUrl });
  const cookie = await signIn(server);
  const device = await enrolledDevice(server);
  device.begin();
  await device.sync(server.origin);
  let acknowledged = 1;
  const killAt = Date.now() + 300;
  let killed = false;
  let refusal: Response | null = null;
  while (refusal === null) {
    device.record({ type: 'session.signedIn', account: 'robin', data: { seenBy: 'system', remote: false } });
    if (!killed && Date.now() >= killAt) {
      postgres.kill();
      killed = true;
    }
    const unsent = device.records.slice(acknowledged);
    const answer = await postJson(`${server.origin}/v1/sync`, device.syncRequest(unsent));
    if (answer.ok) acknowledged = (await answer.json()).receipt.seq;
    else refusal = answer;
  }
  expect(refusal.status).toBe(503);
  expect(Number(refusal.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await problemOf(refusal)).code).toBe('server.busy');
  expect((await ask(server, cookie, '/v1/console/overview')).status).toBe(503);
  await startAgain();
  const deadline = Date.now() + 15_000;
  for (;;) {
    const answer = await postJson(`${server.origin}/v1/sync`, device.syncRequest(device.records.slice(acknowledged)));
    if (answer.ok) {
      acknowledged = (await answer.json()).receipt.seq;
      break;
    }
    expect(answer.status).toBe(503);
    if (Date.now() > deadline) throw new Error('The server did not find PostgreSQL again');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect((await ask(server, cookie, '/v1/console/overview')).status).toBe(200);
  const store = await openStore(databaseUrl);
  const { rows } = await sql`select count(*) as held, max(seq) as last from records`.execute(store);
  await store.destroy();
  expect(rows).toEqual([{ held: acknowledged, last: acknowledged }]);
  expect(acknowledged).toBe(device.records.length);
}, 60_000);
