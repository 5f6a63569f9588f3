import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { alertPaths, digestPreview, digestList, ruleList, testAnswer } from '../../src/contract/console-alerts.ts';
import { integrityPaths } from '../../src/contract/console-integrity.ts';
import { overview } from '../../src/contract/console.ts';
import { addressRefusal } from '../../src/server/alerts/address-guard.ts';
import { sealedSecrets } from '../../src/server/alerts/sealed-secrets.ts';
import { noteFinding } from '../../src/server/machines/findings.ts';
import { localTrust } from '../../src/server/store/database.ts';
import { rightlySigned, webReceiver } from '../support/receivers/web-receiver.ts';
import { testPolicy } from '../support/test-device.ts';
import { alertingServer, lockFailed, ruleOf } from './alerting-server.ts';
import { enrolledDevice, problemOf, storeOf, temporaryFolder } from './running.ts';

const webhook = (url: string) => ({
  kind: 'webhook' as const,
  name: 'On call',
  schoolId: null,
  format: 'standard' as const,
  url,
  enabled: true,
});

const soon = { timeout: 12_000, interval: 40 };

async function machineWithChannel(change: Parameters<typeof ruleOf>[0] = {}, options = {}) {
  const it = await alertingServer(options);
  const receiver = await webReceiver();
  const { id, secret } = await it.made(alertPaths.channels, webhook(receiver.url));
  await it.made(alertPaths.rules, ruleOf({ channels: [id], ...change }));
  const device = await enrolledDevice(it.server, 'room-12');
  device.begin();
  await device.sync(it.server.origin);
  await new Promise((done) => setTimeout(done, 200));
  const own = async () => (await it.alerts()).filter(({ rule }) => rule === ruleOf({}).name);
  return { ...it, own, receiver, id, secret: secret ?? '', device };
}

const dataOf = (body: string) => JSON.parse(body).data;

describe('an alert by webhook', () => {
  test('is signed, names no person unless the rule says so, and is shown as sent', async () => {
    const { server, device, receiver, secret, own } = await machineWithChannel();
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), soon);
    const [first] = receiver.taken;
    expect(first !== undefined && rightlySigned(first, secret)).toBe(true);
    expect(dataOf(first?.body ?? '{}')).toMatchObject({
      machine: 'room-12',
      subject: 'event:lock.failed',
      person: null,
    });
    expect(first?.body).not.toContain('robin');
    await vi.waitFor(async () => {
      expect(await own()).toMatchObject([
        { sentence: 'The screen could not be locked (room-12).', deliveries: [{ channel: 'On call', state: 'sent' }] },
      ]);
    }, soon);
  });

  test('names the person where the rule says so', async () => {
    const { server, device, receiver } = await machineWithChannel({ includeNames: true });
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), soon);
    expect(dataOf(receiver.taken[0]?.body ?? '{}')).toMatchObject({ person: 'robin.example' });
  });

  test('meets 500, a redirect and a cut connection, and arrives: once, in order, under one id', async () => {
    const { server, device, receiver, channels } = await machineWithChannel();
    receiver.answerNext(500, { status: 302, headers: { location: 'http://169.254.169.254/latest' } });
    device.record(lockFailed);
    await device.sync(server.origin);
    device.record({ ...lockFailed, at: '2026-11-23T09:00:01.000Z' });
    await device.sync(server.origin);
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(2), soon);
    const ids = receiver.all.map(({ headers }) => headers['webhook-id']);
    expect(ids.slice(0, 3)).toEqual([ids[0], ids[0], ids[0]]);
    expect(new Set(receiver.taken.map(({ headers }) => headers['webhook-id'])).size).toBe(2);
    expect(await channels()).toMatchObject([{ lastFailure: expect.stringContaining('redirect (302)'), waiting: 0 }]);
  });

  test('410 switches the channel off, and what could not be delivered needs somebody', async () => {
    const { server, device, receiver, channels, own, read } = await machineWithChannel();
    receiver.answerAlways(410);
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(async () => expect(await channels()).toMatchObject([{ enabled: false, dead: 1 }]), soon);
    expect(await own()).toMatchObject([{ deliveries: [{ state: 'dead', error: expect.stringContaining('410') }] }]);
    const { attention } = await read('/v1/console/overview', overview);
    expect(attention).toContainEqual(expect.objectContaining({ kind: 'alertNotDelivered' }));
  });

  test('a receiver that stays down for too long is given up on, with its reason', async () => {
    const { server, device, receiver, own } = await machineWithChannel({}, { alertGiveUpHours: 0.6 / 3_600 });
    receiver.answerAlways({ status: 503, body: 'away' });
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(async () => {
      expect(await own()).toMatchObject([{ deliveries: [{ state: 'dead', error: 'It answered 503 away' }] }]);
    }, soon);
  });

  test('waits out a restart of the server', { timeout: 20_000 }, async () => {
    const { server, device, receiver } = await machineWithChannel();
    receiver.answerAlways(503);
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(() => expect(receiver.all.length).toBeGreaterThan(0), soon);
    await server.close();
    receiver.answerAlways(200);
    await alertingServer({ stateFolder: server.folder });
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), soon);
    await new Promise((done) => setTimeout(done, 300));
    expect(receiver.taken).toHaveLength(1);
  });
});

describe('what is alerted on', () => {
  test('quiet time holds back and then sums up', async () => {
    let now = new Date('2026-11-23T09:00:00Z');
    const { server, device, receiver } = await machineWithChannel({ quietMinutes: 60 }, { now: () => now });
    for (let time = 0; time < 4; time += 1) device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), soon);
    await new Promise((done) => setTimeout(done, 200));
    now = new Date('2026-11-23T10:00:01Z');
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(2), soon);
    expect(JSON.parse(receiver.taken[1]?.body ?? '{}')).toMatchObject({ type: 'usher.summary', data: { count: 3 } });
  });

  test('refused batches, failed sign-ins, and only machines and thresholds that fit', async () => {
    const { server, device, made, alerts } = await machineWithChannel({ machineNames: ['library'] });
    await made(alertPaths.rules, ruleOf({ name: 'Twice', threshold: { count: 2, minutes: 5 } }));
    await made(alertPaths.rules, ruleOf({ name: 'Refused', what: ['finding:rejectedBatch'] }));
    const request = device.syncRequest([device.record(lockFailed)]);
    await fetch(`${server.origin}/v1/sync`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...request, policyHash: 'f'.repeat(64) }),
    });
    await vi.waitFor(async () => expect((await alerts()).map(({ rule }) => rule)).toContain('Refused'), soon);
    await device.sync(server.origin);
    await new Promise((done) => setTimeout(done, 300));
    expect((await alerts()).map(({ rule }) => rule)).not.toContain('Twice');
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(async () => {
      const twice = (await alerts()).filter(({ rule }) => rule === 'Twice');
      expect(twice).toMatchObject([{ count: 2 }]);
    }, soon);
    expect((await alerts()).map(({ rule }) => rule)).not.toContain('Screens that do not lock');
  });

  test('a fork, once, by the rules that are there from the first start', async () => {
    const { server, device, alerts, read } = await machineWithChannel();
    expect((await read(alertPaths.rules, ruleList)).items.map(({ id }) => id)).toContain('default-integrity');
    device.record(lockFailed);
    await device.sync(server.origin);
    device.begin();
    device.record({ ...lockFailed, at: '2026-11-23T09:00:02.000Z' });
    await expect(device.sync(server.origin)).rejects.toThrow('409');
    await vi.waitFor(async () => {
      expect((await alerts()).map(({ sentence }) => sentence)).toContain(
        'A machine sent two different histories (room-12).',
      );
    }, soon);
  });
});

describe('what a check finds', () => {
  test('that does not verify is told of once, by the rules of the first start, and again when it comes back', async () => {
    const { server, device, send, receiver, id, made, alerts } = await machineWithChannel();
    await made(alertPaths.rules, ruleOf({ name: 'Integrity', what: ['finding:integrity'], channels: [id] }));
    const check = async () => expect((await send(integrityPaths.check, {})).ok).toBe(true);
    const tell = async (salt: string) => {
      const store = await storeOf(server.folder);
      const { salt: before } = await store
        .selectFrom('records')
        .select('salt')
        .where('seq', '=', 1)
        .executeTakeFirstOrThrow();
      await store.updateTable('records').set({ salt }).where('seq', '=', 1).execute();
      await store.destroy();
      return before ?? '';
    };
    const right = await tell('AAAAAAAAAAAAAAAAAAAAAA');
    await check();
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), soon);
    expect(dataOf(receiver.taken[0]?.body ?? '{}')).toMatchObject({
      subject: 'finding:integrity',
      sentence: 'What the server holds does not verify (room-12).',
      machineId: device.deviceId,
      link: `${server.origin}/integrity`,
    });
    await check();
    await new Promise((done) => setTimeout(done, 200));
    expect(receiver.taken).toHaveLength(1);
    expect((await alerts()).map(({ rule }) => rule)).toContain('A record that cannot be right');
    await tell(right);
    await check();
    await tell('BBBBBBBBBBBBBBBBBBBBBB');
    await check();
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(2), soon);
  });

  test('a copied machine is told of once, however often it is found again', async () => {
    const { server, device, receiver, id, made } = await machineWithChannel();
    await made(alertPaths.rules, ruleOf({ name: 'Copies', what: ['finding:clonedMachine'], channels: [id] }));
    const store = await storeOf(server.folder);
    for (const at of ['2026-11-23T09:00:00.000Z', '2026-11-23T09:05:00.000Z']) {
      const found = { deviceId: device.deviceId, kind: 'cloned' as const, detail: 'They take turns.', at };
      await store.transaction().execute((transaction) => noteFinding(transaction, localTrust, found));
      await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), soon);
      await new Promise((done) => setTimeout(done, 200));
    }
    await store.destroy();
    expect(receiver.taken).toHaveLength(1);
    expect(dataOf(receiver.taken[0]?.body ?? '{}')).toMatchObject({ advice: expect.stringContaining('revoke') });
  });
});

describe('the weekly digest', () => {
  test('goes once, at its hour in the school’s time zone, also after a restart, and can be looked at before', async () => {
    let now = new Date('2026-06-08T06:30:00Z');
    const it = await alertingServer({ now: () => now, schoolName: 'Example School' });
    const receiver = await webReceiver();
    const { id } = await it.made(alertPaths.channels, webhook(receiver.url));
    const { published } = await it.server.publish(testPolicy());
    const device = await enrolledDevice(it.server, 'room-12');
    device.begin();
    device.accept('robin.example', published);
    device.record({ type: 'session.signedIn', data: { seenBy: 'system', remote: false }, account: 'kim.example' });
    await device.sync(it.server.origin);
    const digest = { enabled: true, channels: [id], weekday: 1, hour: 8, timeZone: 'Europe/London' };
    expect((await it.send('/v1/console/alert-digests/school', digest)).status).toBe(200);
    const preview = await it.read('/v1/console/alert-digests/school/preview', digestPreview);
    expect(preview.text).toContain('1 of 2 people have accepted version 1');
    expect(preview.text).not.toContain('robin');
    await new Promise((done) => setTimeout(done, 1_200));
    expect(receiver.taken).toEqual([]);
    now = new Date('2026-06-08T07:00:00Z');
    await vi.waitFor(() => expect(receiver.taken).toHaveLength(1), soon);
    await it.server.close();
    now = new Date('2026-06-08T12:00:00Z');
    const again = await alertingServer({ now: () => now, stateFolder: it.server.folder });
    await new Promise((done) => setTimeout(done, 1_500));
    expect(receiver.taken).toHaveLength(1);
    expect((await again.read(alertPaths.digests, digestList)).items).toMatchObject([
      { lastSentAt: expect.any(String) },
    ]);
    expect(JSON.parse(receiver.taken[0]?.body ?? '{}')).toMatchObject({
      type: 'usher.digest',
      data: { digest: { people: { accepted: 1, notAccepted: 1 }, machines: 1, from: '2026-06-01', to: '2026-06-08' } },
    });
  });
});

describe('a test from the console', () => {
  test('gives the receiver’s own answer, also of one that does not answer well', async () => {
    const { send, receiver, id } = await machineWithChannel();
    receiver.answerNext({ status: 202, body: 'thank you' });
    const path = `/v1/console/alert-channels/${id}/test`;
    expect(testAnswer.parse(await (await send(path, {})).json())).toEqual({ sent: true, answer: '202 thank you' });
    receiver.answerNext({ status: 404, body: 'no such hook' });
    expect(testAnswer.parse(await (await send(path, {})).json())).toEqual({
      sent: false,
      answer: 'It answered 404 no such hook',
    });
  });

  test('a Slack or Teams webhook gets what it understands, and its address is never shown again', async () => {
    const { made, send, receiver, channels, read } = await machineWithChannel();
    for (const format of ['slack', 'teams'] as const) {
      const { id } = await made(alertPaths.channels, {
        ...webhook(`${receiver.url}/secret-part`),
        name: format,
        format,
      });
      await send(`/v1/console/alert-channels/${id}/test`, {});
    }
    const [slack, teams] = receiver.taken.map(({ body }) => JSON.parse(body));
    expect(slack.text).toContain('This is a test.');
    expect(teams.attachments[0].content.type).toBe('AdaptiveCard');
    expect(JSON.stringify(await channels())).not.toContain('secret-part');
    expect(JSON.stringify(await read('/v1/console/alerts', z.unknown()))).not.toContain('secret-part');
  });
});

describe('what cannot be is refused by the name of its field', () => {
  const line = 'x'.repeat(65_536);
  const channelFaults: [string, unknown, string, RegExp][] = [
    ['a plain-http webhook', { ...webhook('http://hooks.example/x') }, 'url', /https/],
    ['an address that is none', { ...webhook('hooks') }, 'url', /https/],
    ['a metadata address', { ...webhook('https://169.254.169.254/x') }, 'url', /169\.254/],
    ['a password in the address', { ...webhook('https://a:b@hooks.example/') }, 'url', /password/],
    ['a header in a name', { ...webhook('https://hooks.example/'), name: 'A\r\nBcc: x@y.example' }, 'name', /one line/],
    ['a name of 64 KiB', { ...webhook('https://hooks.example/'), name: line }, 'name', /at most 100/],
    ['a secret that cannot sign', { ...webhook('https://hooks.example/'), secret: 'short' }, 'secret', /whsec_/],
    ['another school', { ...webhook('https://hooks.example/'), schoolId: 'elsewhere' }, 'schoolId', /no school/],
    [
      'a mail address that is none',
      {
        kind: 'email',
        name: 'IT',
        schoolId: null,
        to: ['it@school.example\nBcc: x@y.example'],
        server: null,
        enabled: true,
      },
      'to.0',
      /email address/,
    ],
    [
      'mail without a mail server',
      { kind: 'email', name: 'IT', schoolId: null, to: ['it@school.example'], server: null, enabled: true },
      'server',
      /USHER_SMTP_URL/,
    ],
  ];
  test('a channel', async () => {
    const { send, channels } = await alertingServer();
    for (const [name, body, field, words] of channelFaults) {
      const answer = await send(alertPaths.channels, body);
      const { status, field: named, detail } = await problemOf(answer);
      expect({ name, status, named, detail }).toEqual({
        name,
        status: 400,
        named: field,
        detail: expect.stringMatching(words),
      });
    }
    expect(await channels()).toEqual([]);
  });

  const ruleFaults: [string, object, string, RegExp][] = [
    ['an event type that is none', { what: ['event:lock.vanished'] }, 'what.0', /event:lock\.failed/],
    ['nothing', { what: [] }, 'what', /at least one/],
    ['a channel that is not there', { channels: ['nope'] }, 'channels.0', /no such channel/],
    ['a threshold of 0', { threshold: { count: 0, minutes: 1 } }, 'threshold.count', /1/],
  ];
  test('a rule', async () => {
    const { send } = await alertingServer();
    for (const [name, change, field, words] of ruleFaults) {
      const answer = await send(alertPaths.rules, { ...ruleOf({}), ...change });
      const { status, field: named, detail } = await problemOf(answer);
      expect({ name, status, named, detail }).toEqual({
        name,
        status: 400,
        named: field,
        detail: expect.stringMatching(words),
      });
    }
  });

  test('receivers on private networks are refused until the operator allows them, metadata services always', async () => {
    for (const address of ['10.0.0.5', '192.168.1.1', '172.31.0.1', '127.0.0.1', '::1', 'fd12::1', '::ffff:10.0.0.5']) {
      expect([address, addressRefusal(address, 'public')]).toEqual([
        address,
        expect.stringContaining('private network'),
      ]);
      expect([address, addressRefusal(address, 'private')]).toEqual([address, null]);
    }
    for (const address of [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '0.0.0.0',
      'fe80::1',
      'fd00:ec2::254',
      '224.0.0.1',
    ]) {
      expect([address, addressRefusal(address, 'private')]).toEqual([address, expect.any(String)]);
    }
    expect(addressRefusal('8.8.8.8', 'public')).toBeNull();
    const { send } = await alertingServer({ alertNetworks: 'public' });
    const answer = await send(alertPaths.channels, webhook('http://127.0.0.1:9/x'));
    expect((await problemOf(answer)).detail).toContain('USHER_ALERT_NETWORKS');
  });
});

test('a secret opens for its owner only, with its key only, and unchanged only', async () => {
  const box = sealedSecrets(await temporaryFolder());
  const sealed = box.seal('trust/channel/1', 'a secret');
  expect(sealed).not.toContain('a secret');
  expect(box.open('trust/channel/1', sealed)).toBe('a secret');
  expect(() => box.open('trust/channel/2', sealed)).toThrow('channel-key');
  expect(() => box.open('trust/channel/1', `${sealed.slice(0, -2)}AA`)).toThrow('channel-key');
  const other = sealedSecrets(await temporaryFolder());
  expect(() => other.open('trust/channel/1', sealed)).toThrow('channel-key');
});
