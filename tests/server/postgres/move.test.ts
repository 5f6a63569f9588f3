import { join } from 'node:path';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { serverFolder, startServer } from '../../../src/server/index.ts';
import { openStore } from '../../../src/server/store/database.ts';
import { moveToPostgres } from '../../../src/server/transfer/move.ts';
import { backup } from '../../../src/server/transfer/backup.ts';
import { restore } from '../../../src/server/transfer/restore.ts';
import { filledTables, tablesOf } from '../../../src/server/transfer/tables.ts';
import { freshDatabase } from '../../support/postgres/fresh-database.ts';
import { testPolicy } from '../../support/test-device.ts';
import { ask, enrolledDevice, openPerson, runningServer, signIn, temporaryFolder } from '../running.ts';

const surroundings = { tell: () => {}, now: () => new Date(), log: pino({ level: 'silent' }) };

/** A server on SQLite with a few months of records, still running. */
async function onSqlite() {
  let now = new Date('2026-06-29T09:00:00.000Z');
  const server = await runningServer({ databaseUrl: undefined, now: () => now });
  const { published } = await server.publish(testPolicy());
  const device = await enrolledDevice(server);
  device.begin();
  device.accept('robin', published);
  for (const month of ['2026-06', '2026-07', '2026-08']) {
    now = new Date(`${month}-30T09:00:00.000Z`);
    for (let each = 0; each < 200; each += 1) {
      device.record({ type: 'session.signedIn', account: `person-${each}`, data: { seenBy: 'system', remote: false } });
    }
    await device.sync(server.origin, device.records.slice(month === '2026-06' ? 0 : -200));
  }
  return { server, device, cookie: await signIn(server) };
}

async function emptyDatabase(): Promise<string> {
  const { url, drop } = await freshDatabase({ empty: true });
  onTestFinished(drop);
  return url;
}

test('everything moves from SQLite to PostgreSQL with the same counts, content and heads, and work goes on there', async () => {
  const { server, device } = await onSqlite();
  await server.close();
  const url = await emptyDatabase();
  const moved = await moveToPostgres(serverFolder(server.folder), url, surroundings);
  expect(moved.tables.find(({ name }) => name === 'records')?.after.rows).toBe(602);
  expect(
    moved.tables.filter(({ before, after }) => before.rows !== after.rows || before.digest !== after.digest),
  ).toEqual([]);
  expect(moved.chains).toBe(1);

  const there = await runningServer({ stateFolder: server.folder, databaseUrl: url });
  const cookie = await signIn(there);
  const list = await (await ask(there, cookie, '/v1/console/events?type=policy.accepted')).json();
  const id = encodeURIComponent(list.items[0].acceptanceId);
  await openPerson(there, cookie);
  expect((await (await ask(there, cookie, `/v1/console/acceptances/${id}`)).json()).verification.sound).toBe(true);
  device.record({ type: 'session.signedIn', account: 'robin', data: { seenBy: 'system', remote: false } });
  expect((await device.sync(there.origin, device.records.slice(-1))).receipt?.seq).toBe(603);
});

test('after a move no server goes on with the SQLite file by mistake', async () => {
  const { server } = await onSqlite();
  await server.close();
  await moveToPostgres(serverFolder(server.folder), await emptyDatabase(), surroundings);
  await expect(
    startServer({ stateFolder: server.folder, consoleFolder: join(server.folder, 'console-build') }),
  ).rejects.toThrow(/was moved to postgres:\/\/127.0.0.1:\d+\/test_\w+ on .* USHER_DATABASE_URL/);
});

test('a move waits for no one: it refuses while the server runs, and a target that holds something', async () => {
  const { server } = await onSqlite();
  const url = await emptyDatabase();
  await expect(moveToPostgres(serverFolder(server.folder), url, surroundings)).rejects.toThrow('already running');
  await server.close();

  const taken = await runningServer();
  await taken.close();
  const { url: filled, drop } = await freshDatabase();
  onTestFinished(drop);
  const other = await runningServer({ databaseUrl: filled });
  await expect(moveToPostgres(serverFolder(server.folder), filled, surroundings)).rejects.toThrow('Stop every one');
  await other.close();
  await expect(moveToPostgres(serverFolder(server.folder), filled, surroundings)).rejects.toThrow(
    /is not empty \(.*user/,
  );

  const store = await openStore(filled);
  onTestFinished(() => store.destroy());
  expect(await store.selectFrom('records').select('seq').execute()).toEqual([]);
  // The refused moves left the SQLite file usable.
  const again = await runningServer({ stateFolder: server.folder, databaseUrl: undefined });
  expect((await again.currentPolicy())?.version).toBe(1);
});

test('a move that meets a fault half-way keeps nothing, and works when tried again', async () => {
  const { server } = await onSqlite();
  await server.close();
  const url = await emptyDatabase();
  const telling = {
    ...surroundings,
    tell: (line: string) => {
      if (line.startsWith('records')) throw new Error('the cable was pulled');
    },
  };
  await expect(moveToPostgres(serverFolder(server.folder), url, telling)).rejects.toThrow('cable');
  const store = await openStore(url);
  expect(await filledTables(store, await tablesOf(store))).toEqual([]);
  await store.destroy();
  expect((await moveToPostgres(serverFolder(server.folder), url, surroundings)).chains).toBe(1);
});

test('a backup of SQLite can be restored into PostgreSQL and the other way round', async () => {
  const { server } = await onSqlite();
  const folder = serverFolder(server.folder);
  const first = join(await temporaryFolder(), 'first.backup');
  await backup(folder, join(folder, 'usher.db'), first, surroundings);
  const url = await emptyDatabase();
  const middle = serverFolder(await temporaryFolder());
  const there = await restore(middle, url, first, surroundings);
  const second = join(await temporaryFolder(), 'second.backup');
  await backup(middle, url, second, surroundings);
  const last = serverFolder(await temporaryFolder());
  const back = await restore(last, join(last, 'usher.db'), second, surroundings);
  expect(back.tables.map(({ name, after }) => [name, after])).toEqual(
    there.tables.map(({ name, after }) => [name, after]),
  );
});
