import { expect, it } from 'vitest';
import { accessPaths, schools } from '../../src/contract/console-access.ts';
import { integrityPaths, integrityState } from '../../src/contract/console-integrity.ts';
import { consolePaths, events, machines, overview, people, policies } from '../../src/contract/console.ts';
import { TestDevice, testPolicy } from '../support/test-device.ts';
import { at, newUser, Visitor } from './console-users.ts';
import { runningServer, signIn, storeOf } from './running.ts';

/** A trust of two schools, each with a machine and somebody who accepted the policy there, and who reviews the second. */
async function twoSchools() {
  const server = await runningServer();
  const trust = new Visitor(server, await signIn(server));
  await trust.json(trust.post(accessPaths.schools, { id: 'hill', name: 'Hill' }));
  const { published } = await server.publish(testPolicy());
  const store = await storeOf(server.folder);
  const devices: TestDevice[] = [];
  for (const [school, hostname, account] of [
    ['school', 'first-room', 'alex.example'],
    ['hill', 'hill-room', 'alex.example'],
  ] as const) {
    const token = await server.enrolmentToken();
    await store.updateTable('enrolment_tokens').set({ school_id: school }).where('used_by', 'is', null).execute();
    const device = new TestDevice(hostname);
    await device.enrol(server.origin, token);
    device.begin();
    device.accept(account, published);
    await device.sync(server.origin);
    devices.push(device);
  }
  await store.destroy();
  const { visitor: hill } = await newUser(server, trust, {
    email: 'hill@school.example',
    roles: [{ role: 'reviewer', schools: ['hill'] }],
  });
  return { server, trust, hill, devices };
}

it('what a machine sends belongs to its school: the same account in two schools is two people', async () => {
  const { trust } = await twoSchools();
  const all = people.parse(await trust.json(trust.get(consolePaths.people))).items;
  expect(all.map(({ name }) => name)).toEqual(['alex.example', 'alex.example']);
  expect(new Set(all.map(({ id }) => id)).size).toBe(2);
  const rows = events.parse(await trust.json(trust.get(consolePaths.events))).items;
  expect(rows.map(({ machine, schoolId }) => `${machine} ${schoolId}`).sort()).toEqual([
    'first-room school',
    'first-room school',
    'hill-room hill',
    'hill-room hill',
  ]);
  const list = schools.parse(await trust.json(trust.get(accessPaths.schools))).items;
  expect(list.map(({ id, machines: held, people: known }) => [id, held, known])).toEqual([
    ['hill', 1, 1],
    ['school', 1, 1],
  ]);
});

it('a role for one school sees that school in every list and count, and nothing of the other anywhere', async () => {
  const { trust, hill, devices } = await twoSchools();
  const [first] = devices;
  const own = people.parse(await hill.json(hill.get(consolePaths.people))).items;
  expect(own).toHaveLength(1);
  const all = people.parse(await trust.json(trust.get(consolePaths.people))).items;
  const other = all.find(({ id }) => id !== own[0]?.id);
  const rows = events.parse(await trust.json(trust.get(consolePaths.events))).items;
  const foreign = rows.find(({ schoolId, acceptanceId }) => schoolId === 'school' && acceptanceId !== null);
  expect(
    machines.parse(await hill.json(hill.get(consolePaths.machines))).items.map(({ hostname }) => hostname),
  ).toEqual(['hill-room']);
  expect(events.parse(await hill.json(hill.get(consolePaths.events))).items.map(({ schoolId }) => schoolId)).toEqual([
    'hill',
    'hill',
  ]);
  expect(overview.parse(await hill.json(hill.get(consolePaths.overview)))).toMatchObject({
    people: 1,
    accepted: 1,
    machines: 1,
    eventsToday: 2,
    policy: { acceptances: 1 },
  });
  expect(policies.parse(await hill.json(hill.get(consolePaths.policies))).items[0]?.acceptances).toBe(1);
  for (const [path, id] of [
    [consolePaths.person, other?.id],
    [accessPaths.opening, other?.id],
    [consolePaths.machine, first?.deviceId],
    [consolePaths.event, foreign?.id],
    [consolePaths.acceptance, foreign?.acceptanceId],
  ] as const) {
    const theirs = await hill.get(at(path, id ?? ''));
    const nobodys = await hill.get(at(path, path === consolePaths.event ? '999999' : 'no-such-id'));
    expect(theirs.status, path).toBe(404);
    expect(await theirs.json(), path).toEqual(await nobodys.json());
  }
});

it('what does not verify in another school is in neither the overview nor the page Integrity, nor is any figure of it', async () => {
  const { server, trust, hill, devices } = await twoSchools();
  const [first] = devices;
  const store = await storeOf(server.folder);
  await store
    .updateTable('records')
    .set({ account_name: 'x' })
    .where('device_id', '=', first?.deviceId ?? '')
    .execute();
  await store
    .insertInto('rejected_batches')
    .values([
      ...['unknown', first?.deviceId ?? ''].map((device) => ({
        ...{ trust_id: 'trust', device_id: device, code: 'sync.badSignature', day: '2026-11-23', batches: 7 },
        last_at: new Date().toISOString(),
      })),
    ])
    .execute();
  await store.destroy();
  await trust.json(trust.post(integrityPaths.check, {}));
  const sentences = async (visitor: Visitor) =>
    overview.parse(await visitor.json(visitor.get(consolePaths.overview))).attention.map(({ sentence }) => sentence);
  const state = async (visitor: Visitor) => integrityState.parse(await visitor.json(visitor.get(integrityPaths.state)));
  expect((await sentences(trust)).join(' ')).toMatch(/first-room.*7 batches were refused from first-room/);
  expect(await state(trust)).toMatchObject({
    state: 'unsound',
    rejectedBatches: 14,
    lastFullCheck: { records: 4, machines: 2 },
  });
  expect((await sentences(hill)).join(' ')).not.toMatch(/first-room|batch/);
  expect(await state(hill)).toMatchObject({
    ...{ state: 'sound', machines: 1, records: 2, rejectedBatches: 0, findings: [] },
    lastFullCheck: { records: null, machines: null },
  });
});

it('a live stream brings the events of one’s own schools only', async () => {
  const { server, hill, devices } = await twoSchools();
  const [first, second] = devices;
  if (first === undefined || second === undefined) throw new Error('There are two machines');
  const answer = await hill.get(consolePaths.eventStream);
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (const device of [first, second]) {
    const record = device.record({
      type: 'session.signedIn',
      account: 'sam.example',
      data: { remote: false, seenBy: 'system' },
    });
    await device.sync(server.origin, [record]);
  }
  while (!text.includes('hill-room')) {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    text += value;
  }
  await reader?.cancel();
  expect(text).toContain('hill-room');
  expect(text).not.toContain('first-room');
});
