import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from '../../../src/server/index.ts';
import { postJson } from '../../support/test-device.ts';
import { liveEvents } from '../live-events.ts';
import { databaseOf, enrolledDevice, runningServer, signIn, storeOf, temporaryFolder } from '../running.ts';

/** Two server processes' worth: each has its own connections, and they share nothing but the database and the keys. */
async function twoServers() {
  const first = await runningServer();
  const second = await runningServer({ stateFolder: first.folder });
  const store = await storeOf(first.folder);
  onTestFinished(() => store.destroy());
  return { first, second, store };
}

async function until(what: string, holds: () => boolean, seconds = 10): Promise<void> {
  const deadline = Date.now() + seconds * 1_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Not within ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('what one server commits is seen live on the other, without anything skipped, by many writers at once', async () => {
  const { first, second } = await twoServers();
  const cookie = await signIn(first);
  const readers = [await liveEvents(first, cookie), await liveEvents(second, cookie)];
  const devices = await Promise.all(Array.from({ length: 8 }, (_, index) => enrolledDevice(first, `room-${index}`)));
  const batches = 6;
  await Promise.all(
    devices.map(async (device, index) => {
      for (let batch = 0; batch < batches; batch += 1) {
        if (batch === 0) device.begin();
        else
          device.record({
            type: 'session.signedIn',
            account: `person-${batch}`,
            data: { seenBy: 'system', remote: false },
          });
        const to = (index + batch) % 2 === 0 ? first : second;
        await device.sync(to.origin, device.records.slice(-1));
      }
    }),
  );
  const total = devices.length * batches;
  for (const reader of readers) {
    const rows = await reader.until(total);
    expect(rows.map(({ id }) => Number(id))).toEqual(Array.from({ length: total }, (_, index) => index + 1));
  }
});

test('a batch that reaches both servers at the same moment is held once, and both answer with the same receipt', async () => {
  const { first, second, store } = await twoServers();
  const device = await enrolledDevice(first);
  device.begin();
  for (let each = 0; each < 20; each += 1) {
    device.record({ type: 'session.signedIn', account: 'robin', data: { seenBy: 'system', remote: false } });
  }
  const request = device.syncRequest(device.records);
  const answers = await Promise.all(
    Array.from({ length: 12 }, (_, index) => postJson(`${(index % 2 === 0 ? first : second).origin}/v1/sync`, request)),
  );
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const receipts = new Set(await Promise.all(answers.map(async (each) => JSON.stringify((await each.json()).receipt))));
  expect(receipts.size).toBe(1);
  const { rows } = await sql`select count(*) as held, count(distinct seq) as places from records`.execute(store);
  expect(rows).toEqual([{ held: 21, places: 21 }]);
});

test('a session that began on one server is good on the other, and a policy published on one is in force on both', async () => {
  const { first, second } = await twoServers();
  const cookie = await signIn(first);
  const answer = await fetch(`${second.origin}/v1/console/overview`, { headers: { cookie } });
  expect(answer.status).toBe(200);
});

test('one server leads; when it stops, or its connection breaks, another leads within seconds and never two at once', async () => {
  const { first, second, store } = await twoServers();
  const leaders = () => [first, second].filter((server) => server.isLeader());
  await until('one leads', () => leaders().length === 1);
  const broken = sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'usher session' and datname = current_database()
      and pid in (select pid from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock')`;
  await broken.execute(store);
  await until('the leader notices', () => leaders().length <= 1);
  await until('one leads again', () => leaders().length === 1);
  const [leader] = leaders();
  const other = leader === first ? second : first;
  await leader?.close();
  await until('the other takes over', () => other.isLeader(), 5);
});

test('a console goes on after the connection for news broke, with what was committed meanwhile', async () => {
  const { first, second, store } = await twoServers();
  const cookie = await signIn(second);
  const reader = await liveEvents(second, cookie);
  const device = await enrolledDevice(first);
  device.begin();
  await device.sync(first.origin);
  await reader.until(1);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'usher session' and datname = current_database()`.execute(store);
  device.record({ type: 'session.signedIn', account: 'robin', data: { seenBy: 'system', remote: false } });
  await device.sync(first.origin, device.records.slice(-1));
  expect((await reader.until(2)).map(({ id }) => id)).toEqual(['1', '2']);
});

test('a server with another signing key does not go on with the database', async () => {
  const server = await runningServer();
  const other = await temporaryFolder();
  const databaseUrl = await databaseOf(server.folder);
  await expect(startServer({ stateFolder: other, consoleFolder: other, databaseUrl })).rejects.toThrow(
    /There is no|signing key .* is missing/,
  );
  const elsewhere = await runningServer();
  await expect(startServer({ stateFolder: elsewhere.folder, consoleFolder: other, databaseUrl })).rejects.toThrow(
    /belongs to a server with another signing key .* Copy server-key.pem/,
  );
});
