import { describe, expect, test } from 'vitest';
import { consolePaths, overview, people } from '../../src/contract/console.ts';
import { counterSignatures, leavers, offices, standingPaths } from '../../src/contract/console-standing.ts';
import type { Policy } from '../../src/contract/policy.ts';
import { accessPaths } from '../../src/contract/console-access.ts';
import { syncAnswer } from '../../src/contract/sync.ts';
import { signSyncRequest } from '../../src/proof/index.ts';
import type { RunningServer } from '../../src/server/index.ts';
import { localTrust } from '../../src/server/store/database.ts';
import { personId } from '../../src/server/people/person-id.ts';
import { postJson, testPolicy, type TestDevice } from '../support/test-device.ts';
import { at, newUser, Visitor } from './console-users.ts';
import { enrolledDevice, problemOf, runningServer, signIn } from './running.ts';

const counterSignature = { by: ['headteacher' as const], statement: 'I approve this person.' };
const withSecond: Policy = { ...testPolicy(), form: { ...testPolicy().form, counterSignature } };
const person = (account: string) => personId(localTrust.trustId, localTrust.schoolId, account);
const signedInNow = { type: 'session.signedIn', data: { seenBy: 'system', remote: false } } as const;

async function school(policy: Policy = withSecond) {
  const server = await runningServer();
  const administrator = new Visitor(server, await signIn(server));
  const { published } = await server.publish(policy);
  const device = await enrolledDevice(server);
  device.begin();
  device.record({ ...signedInNow, account: 'robin' });
  device.accept('robin', published);
  await device.sync(server.origin);
  return { server, administrator, published, device };
}
/** Somebody with a role of the console, and what they are called there. */
const reviewerOf = async (server: RunningServer, administrator: Visitor) => {
  const roles = [{ role: 'reviewer' as const, schools: ['school'] }];
  const { visitor, id } = await newUser(server, administrator, { email: 'head@school.example', roles });
  const { users } = offices.parse(await administrator.json(administrator.get(standingPaths.offices)));
  const name = users.find((user) => user.id === id)?.name ?? 'nobody';
  return { visitor, id, name };
};
const makeHead = (administrator: Visitor, userIds: string[]) =>
  administrator.put(standingPaths.offices, { schoolId: 'school', office: 'headteacher', userIds });
const listed = async (visitor: Visitor) =>
  counterSignatures.parse(await visitor.json(visitor.get(standingPaths.counterSignatures))).items;
const gone = async (visitor: Visitor) => leavers.parse(await visitor.json(visitor.get(standingPaths.leavers))).items;
const attentionOf = async (visitor: Visitor) =>
  overview
    .parse(await visitor.json(visitor.get(consolePaths.overview)))
    .attention.map(({ kind, sentence }) => `${kind}: ${sentence}`);
const signPath = (account: string, hash: string) =>
  standingPaths.counterSign.replace(':person', person(account)).replace(':hash', hash);

/** What the machine is told of the people on it. */
async function toldOf(server: RunningServer, device: TestDevice) {
  const { signature: _, ...poll } = device.syncRequest([]);
  const request = signSyncRequest(device.key, { ...poll, policyHashes: [] });
  return syncAnswer.parse(await (await postJson(`${server.origin}/v1/sync`, request)).json()).people;
}

describe('a second signature', () => {
  test('waits, is refused to who holds no office, given by the head in their own name, and reaches the machine', async () => {
    const { server, administrator, published, device } = await school();
    expect(await listed(administrator)).toMatchObject([
      { name: 'robin', state: 'waiting', statement: 'I approve this person.', by: ['headteacher'], mayDecide: false },
    ]);
    expect(await attentionOf(administrator)).toContain('counterSignature: 1 acceptance waits for a second signature.');
    expect(await toldOf(server, device)).toEqual([
      { accountName: 'robin', closedAt: null, counterSignatures: [{ policyHash: published.hash, state: 'waiting' }] },
    ]);
    const refused = await administrator.post(signPath('robin', published.hash), { answer: 'given' });
    expect(refused.status, 'an administrator holds no office by being one').toBe(403);
    expect(await problemOf(refused)).toMatchObject({
      code: 'counterSignature.office',
      detail: expect.stringContaining('headteacher'),
    });

    const { visitor: head, id, name } = await reviewerOf(server, administrator);
    expect((await makeHead(administrator, [id])).status).toBe(200);
    expect(await listed(head)).toMatchObject([{ mayDecide: true }]);
    expect((await head.post(signPath('robin', published.hash), { answer: 'given' })).status).toBe(200);
    expect(await listed(administrator)).toMatchObject([{ state: 'given', decidedBy: name, office: 'headteacher' }]);
    expect(await toldOf(server, device)).toMatchObject([{ counterSignatures: [{ state: 'given' }] }]);
    const again = await head.post(signPath('robin', published.hash), { answer: 'refused', note: 'No' });
    expect(await problemOf(again)).toMatchObject({ code: 'counterSignature.decided' });
    const trail = await (await administrator.get(accessPaths.audit)).text();
    expect(trail).toContain('acceptance.counterSigned');
    expect(trail).toContain('office.set');
    const [row] = people.parse(await administrator.json(administrator.get(consolePaths.people))).items;
    expect(row).toMatchObject({ status: 'accepted', counterSignature: 'given' });
  });

  test('a refusal needs a reason; accepting anew waits again, and what is given stays given', async () => {
    const { server, administrator, published, device } = await school();
    const { visitor: head, id } = await reviewerOf(server, administrator);
    await makeHead(administrator, [id]);
    const path = signPath('robin', published.hash);
    expect(await problemOf(await head.post(path, { answer: 'refused', note: ' ' }))).toMatchObject({ field: 'note' });
    expect((await head.post(path, { answer: 'refused', note: 'Not set up yet' })).status).toBe(200);
    expect(people.parse(await head.json(head.get(consolePaths.people))).items).toMatchObject([
      { counterSignature: 'refused' },
    ]);

    const later = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    device.accept('robin', published, later(1));
    await device.sync(server.origin);
    expect(await listed(head)).toMatchObject([{ state: 'waiting', note: '' }]);
    await head.post(path, { answer: 'given' });
    device.accept('robin', published, later(2));
    await device.sync(server.origin);
    expect(await listed(head)).toMatchObject([{ state: 'given' }]);
    const only = await head.json(head.get(`${consolePaths.people}?only=waiting`));
    expect(people.parse(only).items).toEqual([]);
  });

  test('a policy that asks for none has none', async () => {
    const { administrator, server, device } = await school(testPolicy());
    expect(await listed(administrator)).toEqual([]);
    expect(await toldOf(server, device)).toBeUndefined();
    expect((await administrator.post(signPath('robin', 'a'.repeat(64)), { answer: 'given' })).status).toBe(404);
  });

  test('an office goes only to users of the console', async () => {
    const { administrator } = await school();
    const answer = await makeHead(administrator, ['nobody']);
    expect(await problemOf(answer)).toMatchObject({ code: 'office.unknownUser', field: 'userIds' });
  });
});

describe('somebody leaves', () => {
  test('what they accepted is closed on the server and the machine, and they count no more', async () => {
    const { server, administrator, device } = await school(testPolicy());
    const leave = { note: 'Moved away', equipment: ['Laptop 12', 'Keys'] };
    expect((await administrator.post(at(standingPaths.leave, person('robin')), leave)).status).toBe(200);
    expect(await problemOf(await administrator.post(at(standingPaths.leave, person('robin')), leave))).toMatchObject({
      code: 'person.left',
    });
    expect(await gone(administrator)).toMatchObject([
      {
        name: 'robin',
        note: 'Moved away',
        seenAfterLeavingAt: null,
        equipment: [{ what: 'Laptop 12', returnedAt: null }, { what: 'Keys' }],
      },
    ]);
    expect(overview.parse(await administrator.json(administrator.get(consolePaths.overview)))).toMatchObject({
      people: 0,
      accepted: 0,
    });
    const [row] = people.parse(await administrator.json(administrator.get(`${consolePaths.people}?only=left`))).items;
    expect(row).toMatchObject({ name: 'robin', status: 'outdated', leftAt: expect.any(String) });
    expect(await toldOf(server, device)).toMatchObject([{ accountName: 'robin', closedAt: expect.any(String) }]);
  });

  test('their account is flagged when it is seen again, once, and alerted', async () => {
    const { server, administrator, device } = await school(testPolicy());
    await administrator.post(at(standingPaths.leave, person('robin')), { note: '', equipment: [] });
    device.record({ ...signedInNow, account: 'ROBIN', at: new Date(Date.now() - 60_000).toISOString() });
    await device.sync(server.origin);
    expect((await gone(administrator))[0]?.seenAfterLeavingAt, 'what came late is not a sign').toBeNull();
    const seenAt = new Date(Date.now() + 1_000).toISOString();
    device.record({ ...signedInNow, account: 'robin', at: seenAt });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await device.sync(server.origin);
    expect((await gone(administrator))[0]?.seenAfterLeavingAt).not.toBeNull();
    expect(await attentionOf(administrator)).toContain('leaverSeen: 1 account was used after their owner had left.');
    await server.runJob('look for alerts');
    await server.runJob('look for alerts');
    const alerts = await (await administrator.get('/v1/console/alerts')).text();
    expect(alerts.match(/The account of somebody who left is used/g)?.length, alerts).toBe(1);
  });

  test('what comes back is ticked off once; who comes back accepts anew', async () => {
    const { server, administrator, published, device } = await school(testPolicy());
    await administrator.post(at(standingPaths.leave, person('robin')), { note: '', equipment: ['Laptop 12'] });
    expect(await attentionOf(administrator)).toContain('equipment: 1 thing has not come back from people who left.');
    const item = (await gone(administrator))[0]?.equipment[0]?.id ?? '';
    expect((await administrator.post(at(standingPaths.returned, item), {})).status).toBe(200);
    expect((await administrator.post(at(standingPaths.returned, item), {})).status).toBe(409);
    expect(
      (await administrator.post(at(standingPaths.comeBack, person('robin')), { note: 'Maternity cover' })).status,
    ).toBe(200);
    expect(await gone(administrator)).toEqual([]);
    const statusNow = async () =>
      people.parse(await administrator.json(administrator.get(consolePaths.people))).items[0]?.status;
    expect(await statusNow(), 'the old acceptance stays closed').toBe('outdated');
    device.accept('robin', published, new Date(Date.now() + 1_000).toISOString());
    await device.sync(server.origin);
    expect(await statusNow()).toBe('accepted');
  });

  test('a day that is still to come, a person who is not there and a role that may not are refused', async () => {
    const { server, administrator } = await school(testPolicy());
    const tomorrow = new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10);
    expect(
      await problemOf(
        await administrator.post(at(standingPaths.leave, person('robin')), { on: tomorrow, note: '', equipment: [] }),
      ),
    ).toMatchObject({ field: 'on' });
    expect((await administrator.post(at(standingPaths.leave, 'nobody'), { note: '', equipment: [] })).status).toBe(404);
    expect((await administrator.post(at(standingPaths.comeBack, person('robin')), { note: '' })).status).toBe(409);
    const { visitor } = await newUser(server, administrator, {
      email: 'auditor@school.example',
      roles: [{ role: 'auditor', schools: 'all' }],
    });
    expect((await visitor.post(at(standingPaths.leave, person('robin')), { note: '', equipment: [] })).status).toBe(
      403,
    );
  });
});
