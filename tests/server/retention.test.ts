import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { acceptanceDetail, overview, people as peopleList } from '../../src/contract/console.ts';
import { created, holds, purges, ranPurge, retention, retentionPreview } from '../../src/contract/console-privacy.ts';
import { usbDevice } from '../../src/contract/usb.ts';
import { bodyHashOf, exportFile, exportLineText, headOf, verifyExport } from '../../src/proof/index.ts';
import type { RunningServer } from '../../src/server/index.ts';
import { theServer } from '../../src/server/audit/record-action.ts';
import { acceptanceId } from '../../src/server/acceptances/acceptance-id.ts';
import { personId } from '../../src/server/people/person-id.ts';
import { recordsPerBatch } from '../../src/server/retention/remove-batch.ts';
import { purgeWhatIsDue } from '../../src/server/retention/purge.ts';
import { localTrust } from '../../src/server/store/database.ts';
import { postJson, testPolicy, type TestDevice } from '../support/test-device.ts';
import { ask, engine, enrolledDevice, openPerson, problemOf, runningServer, signIn, storeOf } from './running.ts';

const idOf = (account: string): string => personId(localTrust.trustId, localTrust.schoolId, account);
const stick = usbDevice.parse({
  vendorId: '0781',
  productId: '5567',
  vendor: 'SanDisk',
  product: 'Cruzer Blade',
  serial: 'SERIAL-OF-ROBIN',
  kinds: ['storage'],
  port: '1-1',
  capacityBytes: 16_000_000_000,
  fault: null,
});

/** A school in January, with what two people did; the clock can be moved on. */
async function school() {
  const clock = { now: new Date('2026-01-12T09:00:00.000Z') };
  const server = await runningServer({ now: () => clock.now });
  const { published } = await server.publish(testPolicy());
  const device = await enrolledDevice(server, 'room-12');
  device.begin();
  const at = '2026-01-12T08:26:13.000Z';
  for (const account of ['robin', 'kim']) {
    device.accept(account, published, at);
    device.record({ type: 'session.signedIn', data: { seenBy: 'system', remote: false }, account, at });
  }
  const asked = {
    requestId: 'request-number-0001',
    plug: 'plug-1',
    device: stick,
    reason: 'VERY-PRIVATE-REASON for parents evening',
  };
  device.record({ type: 'usb.asked', data: asked, account: 'robin', at });
  await device.sync(server.origin, device.records, published.hash);
  const cookie = await signIn(server);
  return { server, clock, device, published, cookie };
}

const send = (server: RunningServer, cookie: string, path: string, body: unknown) =>
  postJson(`${server.origin}${path}`, body, { cookie, origin: server.origin });
const runNow = async (server: RunningServer, cookie: string) =>
  ranPurge.parse(await (await send(server, cookie, '/v1/console/privacy/purges', {})).json());

/** The machine's record as the server holds it, as an export that its own key signs. */
async function exported(folder: string, server: RunningServer, device: TestDevice): Promise<string> {
  const store = await storeOf(folder);
  const rows = await store.selectFrom('records').selectAll().orderBy('seq').execute();
  const receipts = await store.selectFrom('receipts').selectAll().orderBy('seq').execute();
  await store.destroy();
  const records = device.records.map((own, place) => {
    const row = rows[place];
    if (row?.hash !== own.hash) throw new Error('The server holds another record');
    return { ...own, salt: row.salt, body: row.body === null ? null : own.body };
  });
  const last = device.records.at(-1);
  if (last === undefined) throw new Error('Nothing was recorded');
  const header = {
    deviceId: device.deviceId,
    devicePublicKey: device.key.publicKey,
    serverPublicKey: server.serverPublicKey,
    exportedAt: '2026-11-25T09:00:00.000Z',
  };
  const lines = exportFile({
    header,
    records,
    receipts: receipts.map(({ epoch, seq, hash, at, signature }) => ({
      deviceId: device.deviceId,
      epoch,
      seq,
      hash,
      at,
      signature,
    })),
    heads: [headOf(last)],
    key: device.key,
  });
  return [...lines].map(exportLineText).join('');
}

describe('what is due', () => {
  test('is removed with its salt and everything taken out of it, on the disk too; chains, receipts and acceptances still verify', async () => {
    const { server, clock, device, cookie } = await school();
    clock.now = new Date('2026-11-25T09:00:00.000Z');
    expect(await runNow(server, cookie)).toMatchObject({ records: 2, finished: true });
    clock.now = new Date('2027-01-13T09:00:00.000Z');
    expect((await runNow(server, cookie)).records).toBeGreaterThanOrEqual(2);

    const store = await storeOf(server.folder);
    const rows = await store.selectFrom('records').selectAll().orderBy('seq').execute();
    const bodies = rows.filter((row) => row.body !== null);
    expect(bodies.map(({ type }) => type)).toEqual(['policy.accepted', 'policy.accepted']);
    const gone = rows.filter((row) => row.body === null);
    for (const row of gone) {
      expect([row.salt, row.account_id, row.account_name, row.person_id, row.summary, row.search_text]).toEqual(
        Array(6).fill(null),
      );
      expect(row.type).not.toBeNull();
      expect(row.at).toMatch(/T00:00:00\.000Z$/);
    }
    expect(await store.selectFrom('usb_requests').selectAll().execute()).toEqual([]);
    expect(await store.selectFrom('open_sessions').selectAll().execute()).toEqual([]);
    expect(await store.selectFrom('people').selectAll().execute()).toHaveLength(2);
    await store.destroy();

    if (engine === 'sqlite') {
      const disk = ['usher.db', 'usher.db-wal']
        .map((name) => readFileSync(join(server.folder, 'server', name)).toString('latin1'))
        .join('');
      expect(disk).not.toContain('VERY-PRIVATE-REASON');
      expect(disk).not.toContain('very-private-reason');
      expect(disk).not.toContain('SERIAL-OF-ROBIN');
    }

    expect(verifyExport(await exported(server.folder, server, device))).toMatchObject({
      outcome: 'sound',
      bodiesRemoved: gone.length,
    });
    const id = acceptanceId({ deviceId: device.deviceId, epoch: 1, seq: 2 });
    await openPerson(server, cookie);
    const evidence = await ask(server, cookie, `/v1/console/acceptances/${id}`);
    expect(acceptanceDetail.parse(await evidence.json()).verification.sound).toBe(true);
  });

  test('cannot be guessed afterwards: the hash that stays needs the salt that went', async () => {
    const { server, clock, device, cookie } = await school();
    const own = device.records[2];
    if (own === undefined || own.body === null || own.salt === null) throw new Error('There is no such record');
    expect(bodyHashOf(own.body, Buffer.from(own.salt, 'base64url'))).toBe(own.bodyHash);
    clock.now = new Date('2026-11-25T09:00:00.000Z');
    await runNow(server, cookie);
    const store = await storeOf(server.folder);
    const row = await store.selectFrom('records').selectAll().where('seq', '=', 3).executeTakeFirstOrThrow();
    await store.destroy();
    expect(row).toMatchObject({ body: null, salt: null, body_hash: own.bodyHash });
    // Who knows the very text, and everything the server still holds, cannot confirm it.
    for (const guess of [Buffer.alloc(0), Buffer.alloc(16), Buffer.from(row.hash, 'hex').subarray(0, 16)]) {
      expect(bodyHashOf(own.body, guess)).not.toBe(row.body_hash);
    }
    if (engine === 'sqlite') {
      expect(readFileSync(join(server.folder, 'server', 'usher.db')).toString('latin1')).not.toContain(own.salt);
    }
  });

  test('follows the school before the trust before Usher, is previewed before, and every decision and removal is in the audit trail', async () => {
    const { server, clock, cookie } = await school();
    clock.now = new Date('2026-04-12T09:00:00.000Z');
    const change = (schoolId: string | null, months: number) => ({
      schoolId,
      category: 'sessions',
      keep: { from: 'received', months },
    });
    const previewed = await send(server, cookie, '/v1/console/privacy/retention/preview', change('school', 2));
    expect(retentionPreview.parse(await previewed.json())).toMatchObject({ records: 2, held: 0 });
    expect(await runNow(server, cookie)).toMatchObject({ records: 0, otherRows: 0 });
    await send(server, cookie, '/v1/console/privacy/retention', change(null, 1));
    await send(server, cookie, '/v1/console/privacy/retention', change('school', 12));
    expect(await runNow(server, cookie)).toMatchObject({ records: 0 });
    await send(server, cookie, '/v1/console/privacy/retention', { ...change('school', 1), keep: null });
    const shown = retention.parse(await (await ask(server, cookie, '/v1/console/privacy/retention')).json());
    expect(shown.schools[0]?.categories.find(({ category }) => category === 'sessions')).toMatchObject({
      keep: { months: 1 },
      decidedBy: 'trust',
    });
    expect(await runNow(server, cookie)).toMatchObject({ records: 2 });
    const { items } = purges.parse(await (await ask(server, cookie, '/v1/console/privacy/purges')).json());
    expect(items).toHaveLength(1);
    expect(items[0]).toMatchObject({ kind: 'retention', state: 'done', counts: { sessions: 2 }, records: 2 });
    const store = await storeOf(server.folder);
    const entry = await store
      .selectFrom('audit_entries')
      .selectAll()
      .where('action', '=', 'retention.purged')
      .executeTakeFirstOrThrow();
    const changes = await store
      .selectFrom('audit_entries')
      .select('number')
      .where('action', '=', 'retention.changed')
      .execute();
    await store.destroy();
    expect(items[0]?.audit).toEqual({ number: entry.number, hash: entry.hash });
    expect(JSON.parse(entry.body)).toMatchObject({ detail: { counts: { sessions: 2 }, digest: items[0]?.digest } });
    expect(changes).toHaveLength(3);
    const refused = await send(server, cookie, '/v1/console/privacy/retention', change('school', 85));
    expect(await problemOf(refused)).toMatchObject({ status: 400, field: 'keep.months' });
  });

  test('goes in batches, and a removal that was cut off in the middle is finished by the next, once', async () => {
    const { server, clock, device, cookie } = await school();
    for (let more = 0; more < recordsPerBatch + 20; more += 1) {
      device.record({ type: 'session.locked', data: { by: 'person' }, account: 'robin' });
    }
    await device.sync(server.origin);
    clock.now = new Date('2026-08-25T09:00:00.000Z');
    const store = await storeOf(server.folder);
    const context = { store, owner: localTrust, now: () => clock.now };
    const first = await purgeWhatIsDue(context, 'all', theServer, 0);
    expect(first).toMatchObject({ records: recordsPerBatch, finished: false });
    const left = await store.selectFrom('purges').selectAll().executeTakeFirstOrThrow();
    expect(left).toMatchObject({ state: 'running', counts: JSON.stringify({ sessions: recordsPerBatch }) });
    expect(await runNow(server, cookie)).toMatchObject({ records: 22, finished: true });
    const done = await store.selectFrom('purges').selectAll().execute();
    expect(done).toHaveLength(1);
    expect(done[0]).toMatchObject({ state: 'done', counts: JSON.stringify({ sessions: recordsPerBatch + 22 }) });
    expect(await runNow(server, cookie)).toMatchObject({ records: 0 });
    await store.destroy();
    expect(verifyExport(await exported(server.folder, server, device)).outcome).toBe('sound');
  });
});

describe('a legal hold', () => {
  test('keeps a person from retention and erasure, asks to be looked at again, and lets go when it ends', async () => {
    const { server, clock, cookie } = await school();
    const placed = await send(server, cookie, '/v1/console/privacy/holds', {
      kind: 'person',
      personId: idOf('robin'),
      reason: 'A grievance is open',
      owner: 'The business manager',
      reviewOn: '2026-03-01',
      from: null,
      to: null,
    });
    const { id } = created.parse(await placed.json());
    clock.now = new Date('2026-11-25T09:00:00.000Z');
    expect(await runNow(server, cookie)).toMatchObject({ records: 1 });
    const erase = () =>
      send(server, cookie, `/v1/console/privacy/people/${idOf('robin')}/erase`, {
        reason: 'They asked for it',
        keepAcceptances: false,
      });
    expect(await problemOf(await erase())).toMatchObject({ status: 409, code: 'privacy.onHold' });
    const state = overview.parse(await (await ask(server, cookie, '/v1/console/overview')).json());
    expect(state.attention).toContainEqual(
      expect.objectContaining({ kind: 'holdReview', href: '/settings/privacy/holds' }),
    );
    await send(server, cookie, `/v1/console/privacy/holds/${id}/end`, { reason: 'It was settled' });
    const ended = await send(server, cookie, `/v1/console/privacy/holds/${id}/end`, { reason: 'It was settled' });
    expect(await problemOf(ended)).toMatchObject({ code: 'privacy.holdEnded' });
    const listed = holds.parse(await (await ask(server, cookie, '/v1/console/privacy/holds')).json());
    expect(listed.items[0]).toMatchObject({ what: 'robin', endReason: 'It was settled' });
    expect(await runNow(server, cookie)).toMatchObject({ records: 1 });
    expect((await erase()).status).toBe(200);
  });

  test('on a machine keeps its records from the erasure of a person, and says how many', async () => {
    const { server, device, cookie } = await school();
    await send(server, cookie, '/v1/console/privacy/holds', {
      kind: 'machine',
      deviceId: device.deviceId,
      reason: 'The police asked',
      owner: 'The head',
      reviewOn: '2026-12-01',
      from: null,
      to: null,
    });
    await send(server, cookie, `/v1/console/privacy/people/${idOf('robin')}/erase`, {
      reason: 'They asked for it',
      keepAcceptances: false,
    });
    const { items } = purges.parse(await (await ask(server, cookie, '/v1/console/privacy/purges')).json());
    expect(items[0]).toMatchObject({ kind: 'person', records: 0, stillHeld: 3, state: 'done' });
  });
});

describe('erasing one person', () => {
  test('leaves what they signed when asked to, then nothing, and nothing of anybody else is touched', async () => {
    const { server, cookie, device } = await school();
    const erase = (keepAcceptances: boolean) =>
      send(server, cookie, `/v1/console/privacy/people/${idOf('robin')}/erase`, {
        reason: 'They left and asked for it',
        keepAcceptances,
      });
    const names = async () =>
      peopleList
        .parse(await (await ask(server, cookie, '/v1/console/people')).json())
        .items.map(({ name, status }) => `${name} ${status}`);
    await erase(true);
    expect(await names()).toEqual(['kim accepted', 'robin accepted']);
    await erase(false);
    expect(await names()).toEqual(['kim accepted']);
    const store = await storeOf(server.folder);
    const text = JSON.stringify([
      await store.selectFrom('records').selectAll().execute(),
      await store.selectFrom('people').selectAll().execute(),
      await store.selectFrom('purges').selectAll().execute(),
      await store.selectFrom('usb_requests').selectAll().execute(),
      await store.selectFrom('open_sessions').selectAll().execute(),
    ]);
    await store.destroy();
    expect(text).not.toContain('robin');
    expect(text).toContain('kim');
    expect((await erase(false)).status).toBe(404);
    expect(verifyExport(await exported(server.folder, server, device)).outcome).toBe('sound');
    // A machine that sends its records again brings nothing back.
    await device.sync(server.origin);
    expect(await names()).toEqual(['kim accepted']);
  });
});
