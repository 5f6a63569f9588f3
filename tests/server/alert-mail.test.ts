import { describe, expect, test, vi } from 'vitest';
import { alertPaths, testAnswer } from '../../src/contract/console-alerts.ts';
import { mailReceiver } from '../support/receivers/mail-receiver.ts';
import { authorityFile } from '../support/receivers/tls-files.ts';
import { alertingServer, lockFailed, ruleOf } from './alerting-server.ts';
import { enrolledDevice, storeOf } from './running.ts';

const soon = { timeout: 15_000, interval: 40 };
const account = { user: 'usher', password: 'a password: with /marks' };
const email = (change: object = {}) => ({
  kind: 'email',
  name: 'IT',
  schoolId: null,
  to: ['it@school.example', 'head@school.example'],
  server: null,
  enabled: true,
  ...change,
});

async function schoolWithMail() {
  const receiver = await mailReceiver(account);
  const it = await alertingServer({
    smtpUrl: `smtp://${account.user}:${encodeURIComponent(account.password)}@localhost:${receiver.port}`,
    smtpCaFile: authorityFile,
    mailFrom: 'usher@school.example',
  });
  const { id } = await it.made(alertPaths.channels, email());
  await it.made(alertPaths.rules, ruleOf({ channels: [id] }));
  const device = await enrolledDevice(it.server, 'room-12');
  device.begin();
  await device.sync(it.server.origin);
  await new Promise((done) => setTimeout(done, 200));
  const own = async () => (await it.alerts()).filter(({ rule }) => rule === ruleOf({}).name);
  return { ...it, own, id, device, receiver };
}

const header = (raw: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1]?.trim();

describe('an alert by mail', () => {
  test('goes over TLS to each address once, says what happened and what to do, and names nobody', async () => {
    const { server, device, receiver } = await schoolWithMail();
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(() => expect(receiver.mails).toHaveLength(2), soon);
    expect(receiver.mails.map(({ to }) => to).sort()).toEqual([['head@school.example'], ['it@school.example']]);
    for (const { raw, secure, user } of receiver.mails) {
      expect({ secure, user }).toEqual({ secure: true, user: account.user });
      expect(header(raw, 'Subject')).toBe('Usher: The screen could not be locked (room-12)');
      expect(header(raw, 'Auto-Submitted')).toBe('auto-generated');
      expect(raw).toContain('Machine: room-12');
      expect(raw).toContain('text/html');
      expect(raw).not.toContain('robin');
    }
    expect(new Set(receiver.mails.map(({ raw }) => header(raw, 'Message-ID'))).size).toBe(2);
  });

  test('greylisted, cut off and refused: what can arrive does, the rest is shown as not delivered', async () => {
    const { server, device, receiver, own } = await schoolWithMail();
    receiver.failNext({ code: 450, words: 'Greylisted, come back later' }, 'drop');
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(() => expect(receiver.mails).toHaveLength(2), soon);
    receiver.failNext({ code: 550, words: 'No such mailbox' });
    device.record(lockFailed);
    await device.sync(server.origin);
    await vi.waitFor(async () => {
      const deliveries = (await own()).flatMap((one) => one.deliveries);
      expect(deliveries.map(({ state }) => state).sort()).toEqual(['dead', 'sent', 'sent', 'sent']);
      expect(deliveries.find(({ state }) => state === 'dead')?.error).toContain('No such mailbox');
    }, soon);
    expect(receiver.mails).toHaveLength(3);
  });

  test('a machine named to break headers, before enrolment refused such names, breaks none', async () => {
    const { server, receiver, made, id } = await schoolWithMail();
    const named = 'x\r\nBcc: victim@school.example\r\n\r\n<script>';
    await expect(enrolledDevice(server, named)).rejects.toThrow();
    await made(alertPaths.rules, ruleOf({ name: 'Hostile', channels: [id], what: ['event:shell.lost'] }));
    const hostile = await enrolledDevice(server, 'room-13');
    const store = await storeOf(server.folder);
    await store.updateTable('devices').set({ hostname: named }).where('device_id', '=', hostile.deviceId).execute();
    await store.destroy();
    hostile.begin();
    hostile.record({ type: 'shell.lost', data: {} });
    await hostile.sync(server.origin);
    await vi.waitFor(() => expect(receiver.mails).toHaveLength(2), soon);
    for (const { raw, to } of receiver.mails) {
      const headers = raw.slice(0, raw.indexOf('\r\n\r\n'));
      expect(raw).toContain('victim@school.example');
      expect(header(headers, 'Bcc')).toBeUndefined();
      expect(to).not.toContain('victim@school.example');
      expect(raw.slice(raw.indexOf('text/html'))).not.toContain('<script>');
    }
  });
});

test('a mail server of a channel’s own: its password is kept, tried and never shown', async () => {
  const { made, send, channels, receiver, server } = await schoolWithMail();
  const own = { host: 'localhost', port: receiver.port, user: account.user, from: 'alerts@school.example' };
  const { id } = await made(alertPaths.channels, email({ name: 'Own', server: own, secret: 'wrong-password' }));
  const tried = async () => testAnswer.parse(await (await send(`/v1/console/alert-channels/${id}/test`, {})).json());
  expect(await tried()).toEqual({ sent: false, answer: expect.stringContaining('535') });
  await made(`/v1/console/alert-channels/${id}`, email({ name: 'Own', server: own, secret: account.password }));
  await made(`/v1/console/alert-channels/${id}`, email({ name: 'Own again', server: own }));
  expect(await tried()).toEqual({ sent: true, answer: expect.stringContaining('250') });
  expect(receiver.mails.at(-1)?.raw).toContain('alerts@school.example');
  expect(JSON.stringify(await channels())).not.toContain(account.password);
  expect(server.origin).toContain('127.0.0.1');
});
