import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { overview } from '../../src/contract/console.ts';
import { serverFolder, type RunningServer } from '../../src/server/index.ts';
import { openStore } from '../../src/server/store/database.ts';
import { backup } from '../../src/server/transfer/backup.ts';
import { restore } from '../../src/server/transfer/restore.ts';
import { filledTables, tablesOf } from '../../src/server/transfer/tables.ts';
import { freshDatabase } from '../support/postgres/fresh-database.ts';
import { testPolicy, type TestDevice } from '../support/test-device.ts';
import {
  ask,
  databaseOf,
  engine,
  enrolledDevice,
  openPerson,
  runningServer,
  signIn,
  temporaryFolder,
} from './running.ts';

const surroundings = { tell: () => {}, now: () => new Date(), log: pino({ level: 'silent' }) };

/** Where a state folder's database is. */
const placeOf = async (folder: string) => (await databaseOf(folder)) ?? join(serverFolder(folder), 'usher.db');

/** A running server with a policy, a machine and what it recorded. */
async function busyServer(): Promise<{
  server: RunningServer & { folder: string };
  device: TestDevice;
  cookie: string;
}> {
  const server = await runningServer();
  const { published } = await server.publish(testPolicy());
  const device = await enrolledDevice(server);
  device.begin();
  device.accept('robin', published);
  for (let each = 0; each < 50; each += 1) {
    device.record({ type: 'session.signedIn', account: `person-${each}`, data: { seenBy: 'system', remote: false } });
  }
  await device.sync(server.origin);
  return { server, device, cookie: await signIn(server) };
}

/** A backup of a running server. */
async function backedUp(server: { folder: string }): Promise<string> {
  const file = join(await temporaryFolder(), 'usher.backup');
  await backup(serverFolder(server.folder), await placeOf(server.folder), file, surroundings);
  return file;
}

/** An empty place of this engine to restore into. */
async function emptyPlace(): Promise<{ state: string; place: string; databaseUrl: string | undefined }> {
  const state = await temporaryFolder();
  if (engine === 'sqlite') return { state, place: join(serverFolder(state), 'usher.db'), databaseUrl: undefined };
  const { url, drop } = await freshDatabase({ empty: true });
  onTestFinished(drop);
  return { state, place: url, databaseUrl: url };
}

test('a backup of a running server, restored elsewhere: chains verify, machines go on, sign-in works', async () => {
  const { server, device, cookie } = await busyServer();
  const file = await backedUp(server);
  if (process.platform !== 'win32') expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { state, place, databaseUrl } = await emptyPlace();
  const restored = await restore(serverFolder(state), place, file, surroundings);
  expect(restored.tables.find(({ name }) => name === 'records')?.after.rows).toBe(52);
  expect(restored.tables.every(({ before, after }) => before.digest === after.digest)).toBe(true);
  expect(restored.chains).toBe(1);

  const again = await runningServer({ stateFolder: state, databaseUrl });
  expect(again.serverPublicKey).toBe(server.serverPublicKey);
  expect((await again.currentPolicy())?.hash).toBe((await server.currentPolicy())?.hash);
  // The session from before the backup is still good, and a new link works as well.
  for (const session of [cookie, await signIn(again)]) {
    expect(overview.safeParse(await (await ask(again, session, '/v1/console/overview')).json()).success).toBe(true);
  }
  const list = await (await ask(again, cookie, '/v1/console/events?type=policy.accepted')).json();
  const id = encodeURIComponent(list.items[0].acceptanceId);
  await openPerson(again, cookie);
  expect((await (await ask(again, cookie, `/v1/console/acceptances/${id}`)).json()).verification.sound).toBe(true);
  device.record({ type: 'session.signedIn', account: 'robin', data: { seenBy: 'system', remote: false } });
  expect((await device.sync(again.origin, device.records.slice(-1))).receipt?.seq).toBe(53);
});

test('what is committed while a backup is made is in it whole or not at all', async () => {
  const { server, device } = await busyServer();
  let going = true;
  const writing = (async () => {
    while (going) {
      for (let each = 0; each < 20; each += 1) {
        device.record({ type: 'session.signedIn', account: 'robin', data: { seenBy: 'system', remote: false } });
      }
      await device.sync(server.origin, device.records.slice(-20));
    }
  })();
  const files: string[] = [];
  for (let each = 0; each < 3; each += 1) files.push(await backedUp(server));
  going = false;
  await writing;
  for (const file of files) {
    const { state, place } = await emptyPlace();
    const { tables, chains } = await restore(serverFolder(state), place, file, surroundings);
    // Restoring refuses a chain whose head is not its newest record.
    expect(chains).toBe(1);
    expect(((tables.find(({ name }) => name === 'records')?.after.rows ?? 0) - 52) % 20).toBe(0);
  }
});

test('a backup that is cut off, changed in one byte, of another format or no backup is refused and changes nothing', async () => {
  const { server } = await busyServer();
  const whole = await readFile(await backedUp(server));
  const text = gunzipSync(whole).toString('utf8');
  const flipped = Buffer.from(whole);
  flipped[Math.floor(whole.length / 2)] = (flipped[Math.floor(whole.length / 2)] ?? 0) ^ 1;
  const lines = text.trimEnd().split('\n');
  const bad: [string, Buffer, RegExp][] = [
    ['cut off in the middle', whole.subarray(0, whole.length / 2), /cut off/],
    ['cut off at a line', gzipSync(`${lines.slice(0, -1).join('\n')}\n`), /cut off/],
    ['a flipped bit', flipped, /changed|damaged|not as it was written|cut off/],
    ['a row changed and packed anew', gzipSync(text.replace('person-7', 'person-8')), /not as it was written/],
    [
      'a row taken out',
      gzipSync(lines.filter((line) => !line.includes('"person-7"')).join('\n') + '\n'),
      /not as it was written/,
    ],
    ['a key changed', gzipSync(text.replace(/"server-key.pem":"..../, '"server-key.pem":"QUJD')), /check sum/],
    ['another format', gzipSync(text.replace('usher/backup/1', 'usher/backup/9')), /format is usher\/backup\/9/],
    ['no backup', Buffer.from('hello'), /no backup/],
    ['something else packed', gzipSync('hello\n'), /damaged|no backup/],
    ['a newer version', gzipSync(text.replace('0001-first', '0001-other')), /check sum/],
  ];
  const file = join(await temporaryFolder(), 'bad.backup');
  // One place for all of them: each must leave it as empty as it was.
  const { state, place, databaseUrl } = await emptyPlace();
  for (const [what, bytes, says] of bad) {
    await writeFile(file, bytes);
    await expect(restore(serverFolder(state), place, file, surroundings), what).rejects.toThrow(says);
    expect(existsSync(serverFolder(state)) ? await readdir(serverFolder(state)) : []).toEqual([]);
    if (databaseUrl === undefined) continue;
    const store = await openStore(databaseUrl, { upTo: 'none' });
    expect(await tablesOf(store)).toEqual([]);
    await store.destroy();
  }
});

test('restoring over a database that holds something, or beside other keys, is refused', async () => {
  const { server } = await busyServer();
  const file = await backedUp(server);
  const other = await runningServer();
  await other.close();
  const place = await placeOf(other.folder);
  await expect(restore(serverFolder(other.folder), place, file, surroundings)).rejects.toThrow(
    /already|another server|not empty/,
  );
  const store = await openStore(place);
  onTestFinished(() => store.destroy());
  expect(await filledTables(store, await tablesOf(store))).toContain('user');
  expect(await store.selectFrom('records').select('seq').execute()).toEqual([]);
});

test('a backup does not write over a file', async () => {
  const { server } = await busyServer();
  const file = await backedUp(server);
  await expect(backup(serverFolder(server.folder), await placeOf(server.folder), file, surroundings)).rejects.toThrow(
    'already',
  );
});
