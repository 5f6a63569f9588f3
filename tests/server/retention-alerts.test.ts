import { strFromU8, unzipSync } from 'fflate';
import { expect, test, vi } from 'vitest';
import { alertPaths } from '../../src/contract/console-alerts.ts';
import { findingList, machinePaths } from '../../src/contract/console-machines.ts';
import { purges, ranPurge } from '../../src/contract/console-privacy.ts';
import { namesIn, withoutNamesIn } from '../../src/rules/named-in-text.ts';
import { personId } from '../../src/server/people/person-id.ts';
import { noteFinding } from '../../src/server/machines/findings.ts';
import { localTrust } from '../../src/server/store/database.ts';
import { webReceiver } from '../support/receivers/web-receiver.ts';
import { testPolicy } from '../support/test-device.ts';
import { alertingServer, lockFailed, ruleOf } from './alerting-server.ts';
import { enrolledDevice, storeOf } from './running.ts';

const soon = { timeout: 12_000, interval: 40 };
const robin = personId(localTrust.trustId, localTrust.schoolId, 'robin');

/** Rules besides those that come with Usher, which speak here too. */
const ownRules = ['Screens that do not lock', 'Policies'];

/** A school in January with an alert about two people, one about the trust, and a finding with a note that names one. */
async function school() {
  const clock = { now: new Date('2026-01-12T09:00:00.000Z') };
  const it = await alertingServer({ now: () => clock.now });
  const receiver = await webReceiver();
  const { id } = await it.made(alertPaths.channels, {
    kind: 'webhook',
    name: 'On call',
    schoolId: null,
    format: 'standard',
    url: receiver.url,
    enabled: true,
  });
  await it.made(alertPaths.rules, ruleOf({ channels: [id], includeNames: true }));
  await it.made(alertPaths.rules, ruleOf({ name: 'Policies', what: ['action:policy.published'] }));
  const device = await enrolledDevice(it.server, 'room-12');
  device.begin();
  await device.sync(it.server.origin);
  await new Promise((done) => setTimeout(done, 200));
  const { published } = await it.server.publish(testPolicy());
  device.accept('robin', published, '2026-01-12T08:26:13.000Z');
  for (const account of ['robin', 'kim']) {
    device.record({ ...lockFailed, account, at: '2026-01-12T08:30:00.000Z' });
  }
  await device.sync(it.server.origin);
  await vi.waitFor(async () => {
    expect((await it.alerts()).map(({ rule }) => rule).filter((rule) => ownRules.includes(rule))).toHaveLength(3);
    expect(receiver.taken).toHaveLength(2);
  }, soon);
  const store = await storeOf(it.server.folder);
  const found = { deviceId: device.deviceId, detail: 'It was set back.', at: clock.now.toISOString() };
  await store
    .transaction()
    .execute((transaction) => noteFinding(transaction, localTrust, { ...found, kind: 'silent' }));
  await store
    .transaction()
    .execute((transaction) => noteFinding(transaction, localTrust, { ...found, kind: 'cloned' }));
  await store.destroy();
  const { items } = await it.read(machinePaths.findings, findingList);
  const silent = items.find(({ kind }) => kind === 'silent');
  const path = machinePaths.finding.replace(':id', silent?.id ?? '');
  const note = 'Robin took it home; robin.hood and robin-laptop know nothing';
  expect((await it.send(path, { state: 'resolved', owner: 'me', note })).ok).toBe(true);
  const run = async () => ranPurge.parse(await (await it.send('/v1/console/privacy/purges', {})).json());
  const held = async () => {
    const open = await storeOf(it.server.folder);
    const rows = {
      alerts: await open
        .selectFrom('alerts')
        .selectAll()
        .where('rule_name', 'in', ownRules)
        .orderBy('number')
        .execute(),
      deliveries: await open.selectFrom('alert_deliveries').selectAll().execute(),
      states: await open.selectFrom('alert_states').selectAll().execute(),
      findings: await open.selectFrom('machine_findings').selectAll().orderBy('kind').execute(),
    };
    await open.destroy();
    return rows;
  };
  return { ...it, clock, run, held };
}

const whose = ({ alerts }: { alerts: { school_id: string; message: string }[] }): string[] =>
  alerts
    .map(({ school_id: schoolId, message }) => `${schoolId} ${JSON.parse(message).match.person ?? 'nobody'}`)
    .sort();

test('alerts, their deliveries and what was found go when their category does, trust-wide ones too; what is open or on hold stays', async () => {
  const { clock, run, held, send, read } = await school();
  expect(await run()).toMatchObject({ records: 0, otherRows: 0 });
  await send('/v1/console/privacy/holds', {
    kind: 'person',
    personId: personId(localTrust.trustId, localTrust.schoolId, 'kim'),
    reason: 'A grievance is open',
    owner: 'The business manager',
    reviewOn: '2026-12-01',
    from: null,
    to: null,
  });
  // Sessions are kept for 6 months, machines and Usher's own operation for 12.
  clock.now = new Date('2026-08-01T09:00:00.000Z');
  await run();
  const after = await held();
  expect(whose(after)).toEqual(['* nobody', 'school kim']);
  expect(JSON.stringify([after.alerts, after.deliveries, after.states])).not.toContain('robin');
  expect(after.deliveries).toHaveLength(1);
  expect(after.findings).toHaveLength(2);
  clock.now = new Date('2027-02-01T09:00:00.000Z');
  await run();
  const last = await held();
  expect(whose(last)).toEqual(['school kim']);
  expect(last.findings.map(({ kind }) => kind)).toEqual(['cloned']);
  const { items } = await read('/v1/console/privacy/purges', purges);
  expect(items).toContainEqual(expect.objectContaining({ schoolId: null, school: 'Every school', otherRows: 1 }));
});

test('somebody gets the alerts and notes that name them, and after an erasure neither does', async () => {
  const { send, held } = await school();
  const path = `/v1/console/privacy/people/${robin}`;
  const answer = await send(`${path}/export`, { reason: 'Subject access request' });
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());
  expect(JSON.parse(text('other-data.json'))).toMatchObject({
    alerts: [
      {
        rule: 'Screens that do not lock',
        happenedAt: '2026-01-12T08:30:00.000Z',
        sentTo: [{ channel: 'On call', state: 'sent' }],
      },
    ],
    notesOnMachines: [{ found: 'It was set back.', note: expect.stringContaining('Robin took it home') }],
  });
  expect(text('everything.html')).toContain('for “On call”');
  expect(text('everything.html')).toContain('Robin took it home');
  for (const name of Object.keys(files)) expect(text(name)).not.toContain('kim');

  const erased = await send(`${path}/erase`, { reason: 'They asked for it', keepAcceptances: true });
  expect(erased.status).toBe(200);
  const after = await held();
  expect(JSON.stringify([after.alerts, after.deliveries, after.states])).not.toContain('robin');
  expect(after.alerts).toHaveLength(3);
  expect(JSON.stringify(after.alerts)).toContain('kim');
  expect(after.findings.find(({ kind }) => kind === 'silent')?.note).toBe(
    'a member of staff took it home; robin.hood and robin-laptop know nothing',
  );
});

test('names are found as whole names, in any case, with accents, and never as patterns', () => {
  expect(withoutNamesIn('Zoë and zoe\u0308 left. ZOË’s laptop.', ['Zoë'], 'X')).toBe('X and X left. X’s laptop.');
  expect(withoutNamesIn('a+b (c) met a.b', ['a+b (c)'], 'X')).toBe('X met a.b');
  expect(withoutNamesIn('Robin Hood, robin', ['robin', 'Robin Hood'], 'X')).toBe('X, X');
  expect(namesIn('robins and jo', ['robin', 'jo'])).toBe(false);
  expect(namesIn('anything', ['', '  '])).toBe(false);
});
