import { describe, expect, test } from 'vitest';
import { syncStanding } from '../../src/contract/sync.ts';
import { sealRecord, standingHolds } from '../../src/proof/index.ts';
import { inNetworks } from '../../src/server/enrolment/networks.ts';
import { postJson, readToken, TestDevice } from '../support/test-device.ts';
import { signedIn } from './asking.ts';
import { enrolledDevice, problemOf, runningServer } from './running.ts';

const started = { type: 'service.started', data: { version: '0.1.0', bootId: 'b', previousStop: 'none' } } as const;

const enrol = (origin: string, device: TestDevice, token: string) =>
  postJson(`${origin}/v1/enrol`, device.enrolRequest(readToken(token).secret));

describe('an enrolment token', () => {
  test('is for as many machines as it says: of many that come at once no more get in, and the same one may come again', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const { token, row } = await it.token({ name: 'IT suite', machines: 3, needsApproval: false });
    const devices = Array.from({ length: 8 }, (_, number) => new TestDevice(`room-${number}`));
    const answers = await Promise.all(devices.map((device) => enrol(server.origin, device, token)));
    const inside = devices.filter((_, index) => answers[index]?.status === 200);
    expect(inside).toHaveLength(3);
    const refused = answers.find((answer) => answer.status === 401);
    expect(refused && (await problemOf(refused))).toMatchObject({
      code: 'enrol.tokenUsed',
      field: 'secret',
      detail: 'This enrolment token was for 3 machines, and so many have come. Ask for a new one at the server.',
    });
    for (const device of inside) expect((await enrol(server.origin, device, token)).status).toBe(200);
    expect((await it.machines()).items).toHaveLength(3);
    expect(await it.get('/v1/enrolment-tokens')).toMatchObject({ items: [{ id: row.id, used: 3, state: 'usedUp' }] });
    expect(JSON.stringify(await it.get('/v1/enrolment-tokens'))).not.toContain(readToken(token).secret);
  });

  test('that expired, was revoked or comes from elsewhere lets nobody in, and says what to do', async () => {
    let now = new Date('2026-09-07T08:00:00.000Z');
    const server = await runningServer({ now: () => now });
    const it = await signedIn(server);
    const elsewhere = await it.token({ name: 'Elsewhere', networks: ['10.20.0.0/16', '2001:db8::/32'] });
    expect(await problemOf(await enrol(server.origin, new TestDevice(), elsewhere.token))).toMatchObject({
      status: 403,
      code: 'enrol.wrongNetwork',
      field: 'secret',
      detail:
        "This enrolment token may be used only from 10.20.0.0/16, 2001:db8::/32; the machine came from 127.0.0.1. Connect it to the school's network, or make a token for this one.",
    });
    const here = await it.token({ name: 'Here', networks: ['127.0.0.0/8'] });
    expect((await enrol(server.origin, new TestDevice(), here.token)).status).toBe(200);
    await it.post(`/v1/enrolment-tokens/${here.row.id}/revoke`, {});
    expect(await problemOf(await enrol(server.origin, new TestDevice(), here.token))).toMatchObject({
      status: 401,
      code: 'enrol.tokenRevoked',
    });
    expect((await it.send(`/v1/enrolment-tokens/${here.row.id}/revoke`, {})).status).toBe(409);
    const short = await it.token({ name: 'Short', hours: 1 });
    now = new Date('2026-09-07T09:00:00.001Z');
    expect(await problemOf(await enrol(server.origin, new TestDevice(), short.token))).toMatchObject({
      code: 'enrol.badToken',
    });
    expect((await it.machines()).items).toHaveLength(1);
  });

  test('that cannot be made like this is refused by the name of its field, and made nowhere', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    for (const [wanted, field] of [
      [{ name: '' }, 'name'],
      [{ name: 'x'.repeat(10_000) }, 'name'],
      [{ name: 'Room\u0007 12' }, 'name'],
      [{ name: 'Room \u202e21' }, 'name'],
      [{ name: 'Room', networks: ['10.20.0.0/33'] }, 'networks.0'],
      [{ name: 'Room', networks: ['10.20.0.0/16', 'the library'] }, 'networks.1'],
      [{ name: 'Room', hours: 0 }, 'hours'],
      [{ name: 'Room', machines: 1.5 }, 'machines'],
      [{ name: 'Room', schoolId: 'nowhere' }, 'schoolId'],
    ] as const) {
      const answer = await it.send('/v1/enrolment-tokens', wanted);
      expect(answer.status).toBe(400);
      const problem = await problemOf(answer);
      expect(problem.field).toBe(field);
      expect(problem.detail).toContain(`${field}: `);
    }
    expect(await it.get('/v1/enrolment-tokens')).toEqual({ items: [] });
  });

  test('can be made by the operator of the server too', async () => {
    const server = await runningServer();
    const answer = await postJson(
      `${server.origin}/v1/enrolment-tokens`,
      { name: 'By script' },
      { authorization: `Bearer ${server.operatorToken}` },
    );
    expect(await answer.json()).toMatchObject({
      row: { name: 'By script', createdBy: 'Operator', needsApproval: true },
    });
  });
});

test('networks: IPv4 and IPv6, single addresses, and IPv4 as IPv6 sockets write it', () => {
  expect(inNetworks('10.20.3.4', ['10.20.0.0/16'])).toBe(true);
  expect(inNetworks('10.21.3.4', ['10.20.0.0/16'])).toBe(false);
  expect(inNetworks('::ffff:10.20.3.4', ['10.20.0.0/16'])).toBe(true);
  expect(inNetworks('2001:db8:1::9', ['10.0.0.0/8', '2001:db8::/32'])).toBe(true);
  expect(inNetworks('192.0.2.7', ['192.0.2.7'])).toBe(true);
  expect(inNetworks('no address', ['0.0.0.0/0'])).toBe(false);
  expect(inNetworks('anything', [])).toBe(true);
});

describe('where a machine stands', () => {
  test('waiting: it is told so with a signature for this very request, and nothing of it is taken until it is approved', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const { token } = await it.token({ name: 'Office' });
    const device = new TestDevice('office-1');
    await device.enrol(server.origin, token);
    device.begin();
    const request = device.syncRequest(device.records);
    const answer = await postJson(`${server.origin}/v1/sync`, request);
    expect(answer.status).toBe(403);
    expect(answer.headers.get('retry-after')).toBe('60');
    const problem = await problemOf(answer);
    expect(problem.code).toBe('sync.waiting');
    const { standing } = syncStanding.parse(problem);
    expect(standing).toMatchObject({ deviceId: device.deviceId, standing: 'waiting', answers: request.signature });
    expect(standingHolds(server.serverPublicKey, standing)).toBe(true);
    expect((await it.events()).items).toHaveLength(0);
    expect((await it.overview()).attention).toContainEqual({
      kind: 'machinesWaiting',
      sentence: 'A machine waits to be approved.',
      href: '/machines?standing=waiting',
    });
    await it.post(`/v1/console/machines/${device.deviceId}/approve`, {});
    expect((await device.sync(server.origin)).receipt?.seq).toBe(1);
    expect((await it.send(`/v1/console/machines/${device.deviceId}/approve`, {})).status).toBe(409);
  });

  test('revoked: it is told, sends nothing more and cannot enrol again until it is let in again', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const device = await enrolledDevice(server, 'laptop-7');
    device.begin();
    await device.sync(server.origin);
    expect(
      await problemOf(await it.send(`/v1/console/machines/${device.deviceId}/revoke`, { reason: '' })),
    ).toMatchObject({ code: 'machine.invalid', field: 'reason' });
    await it.post(`/v1/console/machines/${device.deviceId}/revoke`, { reason: 'Lost on a trip' });
    device.record(started);
    const answer = await postJson(`${server.origin}/v1/sync`, device.syncRequest(device.records));
    expect(await problemOf(answer)).toMatchObject({
      status: 403,
      code: 'sync.revoked',
      detail:
        "This machine is no longer part of the school's record, so nothing was taken. The reason given: Lost on a trip",
    });
    const again = await enrol(server.origin, device, await server.enrolmentToken());
    expect(await problemOf(again)).toMatchObject({ status: 403, code: 'enrol.revoked', field: 'deviceId' });
    expect((await it.events()).items).toHaveLength(1);
    await it.post(`/v1/console/machines/${device.deviceId}/readmit`, { reason: 'Found' });
    expect((await it.machine(device.deviceId)).standing).toBe('waiting');
    await it.post(`/v1/console/machine-approvals`, { ids: [device.deviceId] });
    expect((await device.sync(server.origin)).receipt?.seq).toBe(2);
  });

  test('moved: its records stay with the school they were recorded under, and what comes is the new one’s', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    await it.addSchool('north', 'North School');
    const device = await enrolledDevice(server, 'cart-3');
    device.begin();
    device.record({ type: 'session.signedIn', data: { seenBy: 'system', remote: false }, account: 'alex' });
    await device.sync(server.origin);
    const to = { schoolId: 'north', reason: 'The cart moved' };
    await it.post(`/v1/console/machines/${device.deviceId}/move`, to);
    expect((await it.send(`/v1/console/machines/${device.deviceId}/move`, to)).status).toBe(409);
    device.record({ type: 'session.signedIn', data: { seenBy: 'system', remote: false }, account: 'sam' });
    await device.sync(server.origin);
    expect(await it.machine(device.deviceId)).toMatchObject({ schoolId: 'north', school: 'North School', head: 3 });
    expect((await it.machines('?school=north')).items).toHaveLength(1);
    expect((await it.machines('?school=school')).items).toHaveLength(0);
    expect((await it.events()).items).toHaveLength(3);
    expect((await it.overview()).people).toBe(2);
  });

  test('renamed: it is found and listed by its new name, and by its hostname', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const device = await enrolledDevice(server, 'DESKTOP-8F2K');
    await enrolledDevice(server, 'room-01');
    await it.post(`/v1/console/machines/${device.deviceId}/rename`, { name: 'Library desk' });
    expect((await it.machines()).items.map(({ name }) => name)).toEqual(['Library desk', 'room-01']);
    expect((await it.machines('?search=8f2k')).items[0]).toMatchObject({
      name: 'Library desk',
      hostname: 'DESKTOP-8F2K',
    });
    for (const name of ['x'.repeat(10_000), 'bad\u0000name', '']) {
      const answer = await it.send(`/v1/console/machines/${device.deviceId}/rename`, { name });
      expect(await problemOf(answer)).toMatchObject({ status: 400, field: 'name' });
    }
    await it.post(`/v1/console/machines/${device.deviceId}/rename`, { name: null });
    expect((await it.machine(device.deviceId)).name).toBe('DESKTOP-8F2K');
  });

  test('set up again: shown as replacing the other, and only a person merges the two', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const former = new TestDevice('room-12');
    former.facts.serial = '5CG1234XYZ';
    await former.enrol(server.origin, await server.enrolmentToken());
    await it.post(`/v1/console/machines/${former.deviceId}/rename`, { name: 'Room 12' });
    const fresh = new TestDevice('room-12');
    fresh.facts.serial = '5CG1234XYZ';
    await fresh.enrol(server.origin, await server.enrolmentToken());
    expect((await it.machine(fresh.deviceId)).replaces).toEqual({ deviceId: former.deviceId, name: 'Room 12' });
    expect((await it.machine(former.deviceId)).standing).toBe('approved');
    expect(await it.findings()).toMatchObject([{ kind: 'reinstalled', machineId: fresh.deviceId, state: 'open' }]);
    await it.post(`/v1/console/machines/${fresh.deviceId}/replacement`, { sameComputer: true });
    expect(await it.machine(former.deviceId)).toMatchObject({
      standing: 'revoked',
      standingReason: 'Set up again as room-12.',
    });
    expect(await it.machine(fresh.deviceId)).toMatchObject({ name: 'Room 12', replaces: null, findings: [] });
    expect((await it.send(`/v1/console/machines/${fresh.deviceId}/replacement`, { sameComputer: true })).status).toBe(
      409,
    );
  });

  test('facts with control characters are refused by name', async () => {
    const server = await runningServer();
    const device = new TestDevice('room\u001b[2J');
    const answer = await enrol(server.origin, device, await server.enrolmentToken());
    expect(await problemOf(answer)).toMatchObject({ status: 400, code: 'enrol.invalid', field: 'machine.hostname' });
  });
});

describe('found about machines', () => {
  /** One holder of a key, as the agent sends its place. */
  class Holder {
    exchange: string | null = null;
    readonly device: TestDevice;
    constructor(device: TestDevice) {
      this.device = device;
    }
    async sync(origin: string, sentAt = new Date()): Promise<void> {
      const { epoch, records } = this.device;
      const position = { exchange: this.exchange, epoch, seq: records.length };
      const answer = await this.device.syncAt(origin, position, sentAt);
      this.exchange = answer.exchange ?? this.exchange;
    }
  }

  test('two machines with one key, at the second exchange, before either wrote anything of its own', async () => {
    let clock = Date.now();
    const server = await runningServer();
    const it = await signedIn(server);
    const one = new Holder(await enrolledDevice(server, 'room-12'));
    one.device.begin();
    const step = () => new Date((clock += 1_000));
    await one.sync(server.origin, step());
    const copy = new Holder(new TestDevice('room-12', one.device.key));
    copy.device.records = [...one.device.records];
    copy.exchange = one.exchange;
    await one.sync(server.origin, step());
    await copy.sync(server.origin, step());
    expect(await it.findings()).toEqual([]);
    await one.sync(server.origin, step());
    expect(await it.findings()).toMatchObject([{ kind: 'cloned', machineId: one.device.deviceId, times: 1 }]);
    await copy.sync(server.origin, step());
    const [finding] = await it.findings();
    expect(finding).toMatchObject({ times: 2, state: 'open', owner: null });
    expect(finding?.whatToDo).toContain('revoke this machine');
    expect((await it.overview()).attention).toContainEqual({
      kind: 'clonedMachine',
      sentence: 'room-12 uses a key that another machine uses too.',
      href: `/machines/${one.device.deviceId}`,
    });
  });

  test('a machine that was set back says an exchange long past, or ends before what is held of it', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const machine = new Holder(await enrolledDevice(server));
    machine.device.begin();
    machine.device.record(started);
    await machine.sync(server.origin);
    const image = machine.exchange;
    for (let count = 0; count < 3; count += 1) await machine.sync(server.origin);
    machine.exchange = image;
    machine.device.records = machine.device.records.slice(0, 1);
    await machine.sync(server.origin);
    expect(await it.findings()).toMatchObject([
      {
        kind: 'rolledBack',
        times: 2,
        detail: expect.stringContaining('ends at record 1·1, but 1·2 was received') as string,
      },
    ]);
  });

  test('a machine that finds out by itself, with the first record of its new epoch', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const device = await enrolledDevice(server);
    const first = device.begin(2);
    if (first.body?.type !== 'journal.epochStarted') throw new Error('an epoch begins with why');
    const body = { ...first.body, data: { ...first.body.data, reason: 'rolledBack' as const } };
    device.records = [sealRecord(body, first.prev, Buffer.alloc(16))];
    await device.sync(server.origin);
    expect(await it.findings()).toMatchObject([{ kind: 'rolledBack' }]);
  });

  test('a request its key did not sign; somebody takes it on and resolves it with a note, and it is found anew', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const device = await enrolledDevice(server, 'office-1');
    const forge = () =>
      postJson(`${server.origin}/v1/sync`, {
        ...device.syncRequest([]),
        signature: new TestDevice().syncRequest([]).signature,
      });
    expect((await forge()).status).toBe(401);
    const [finding] = await it.findings();
    expect(finding).toMatchObject({ kind: 'untrusted', machine: 'office-1', ownerIsYou: false });
    const path = `/v1/console/machine-findings/${finding?.id ?? ''}`;
    await it.post(path, { state: 'acknowledged', owner: 'me', note: 'Going to look' });
    expect((await it.findings())[0]).toMatchObject({ state: 'acknowledged', ownerIsYou: true, note: 'Going to look' });
    expect(await problemOf(await it.send(path, { state: 'resolved' }))).toMatchObject({ status: 400, field: 'note' });
    await it.post(path, { state: 'resolved', note: 'Set up again by the supplier' });
    expect(await it.findings()).toEqual([]);
    expect((await it.send(path, { state: 'open' })).status).toBe(409);
    await forge();
    expect(await it.findings()).toMatchObject([{ kind: 'untrusted', state: 'open', times: 1 }]);
  });

  test('silent machines, in school days, until they are heard of again', async () => {
    let now = new Date('2026-09-07T08:00:00.000Z');
    const server = await runningServer({ now: () => now });
    const it = await signedIn(server);
    const quiet = await enrolledDevice(server, 'quiet');
    const heard = await enrolledDevice(server, 'heard');
    await quiet.sync(server.origin, []);
    for (const [day, kinds] of [
      ['2026-09-09T18:00:00.000Z', []],
      ['2026-09-10T18:00:00.000Z', ['silent']],
      ['2026-10-08T18:00:00.000Z', ['gone']],
    ] as const) {
      now = new Date(day);
      await heard.sync(server.origin, []);
      await server.runJob('silent machines');
      const found = await it.findings();
      expect(found.map(({ kind }) => kind)).toEqual(kinds);
      expect(found.every(({ machine }) => machine === 'quiet')).toBe(true);
    }
    expect((await it.counts()).findings).toMatchObject({ silent: 0, gone: 1 });
    await quiet.sync(server.origin, []);
    now = new Date('2026-10-08T18:10:00.000Z');
    await quiet.sync(server.origin, []);
    await server.runJob('silent machines');
    expect(await it.findings()).toEqual([]);
    expect(await it.findings('?state=resolved')).toHaveLength(2);
  });

  test('hours can be set for the trust, and a time zone that is none is refused', async () => {
    const server = await runningServer();
    const it = await signedIn(server);
    const hours = await it.get('/v1/console/school-hours');
    const bad = await it.send('/v1/console/school-hours', { ...Object(hours), timeZone: 'Europe/Nowhere' });
    expect(await problemOf(bad)).toMatchObject({ status: 400, field: 'timeZone' });
    await it.post('/v1/console/school-hours', { ...Object(hours), silentAfterSchoolDays: 5 });
    expect(await it.get('/v1/console/school-hours')).toMatchObject({
      silentAfterSchoolDays: 5,
      timeZone: 'Europe/London',
    });
  });
});

test('machines are listed a page at a time, each exactly once, with filters and counts', async () => {
  const server = await runningServer();
  const it = await signedIn(server);
  const { token } = await it.token({ name: 'All', needsApproval: false });
  const names = ['b', 'a', 'c', 'a', 'e', 'd', 'A'].map((letter, index) => `${letter}-${index % 2}`);
  for (const name of names) await new TestDevice(name).enrol(server.origin, token);
  const seen: string[] = [];
  for (let after = ''; ;) {
    const page = await it.machines(`?limit=2${after}`);
    seen.push(...page.items.map(({ deviceId }) => deviceId));
    if (page.next === null) break;
    after = `&after=${page.next}`;
  }
  expect(new Set(seen).size).toBe(names.length);
  expect(seen).toHaveLength(names.length);
  expect(await it.counts()).toMatchObject({ total: 7, standings: { approved: 7, waiting: 0 }, withFindings: 0 });
  expect((await it.machines('?standing=waiting')).items).toEqual([]);
  expect((await it.send('/v1/console/machine-approvals', { ids: ['x'] })).status).toBe(400);
});
