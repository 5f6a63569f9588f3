import { describe, expect, test } from 'vitest';
import { people, policies, consolePaths } from '../../src/contract/console.ts';
import type { Policy, SignedPolicy } from '../../src/contract/policy.ts';
import { syncAnswer, type SyncAnswer, type SyncRequest } from '../../src/contract/sync.ts';
import { policySetHolds, signSyncRequest } from '../../src/proof/index.ts';
import type { RunningServer } from '../../src/server/index.ts';
import { postJson, testPolicy, type TestDevice } from '../support/test-device.ts';
import { ask, enrolledDevice, problemOf, runningServer, signIn } from './running.ts';

const rules: NonNullable<Policy['rules']> = {
  idleLock: { clause: 'passwords.1', warnAfterSeconds: 540, lockAfterSeconds: 600 },
};
const named = (id: string, change: Partial<Policy> = {}): Policy => ({
  ...testPolicy(),
  id,
  title: `The ${id} policy`,
  ...change,
});

async function inForce(server: RunningServer, cookie: string) {
  const { items } = policies.parse(await (await ask(server, cookie, consolePaths.policies)).json());
  return items.filter(({ current }) => current).sort((one, other) => (one.place ?? 0) - (other.place ?? 0));
}
const change = (server: RunningServer, cookie: string, path: string, body: unknown = {}) =>
  postJson(`${server.origin}${path}`, body, { cookie, origin: server.origin });

/** What a machine hears that has these policies. */
async function polls(server: RunningServer, device: TestDevice, policyHashes: string[]): Promise<SyncAnswer> {
  const { signature: _, ...poll } = device.syncRequest([]);
  const request: SyncRequest = signSyncRequest(device.key, { ...poll, policyHashes });
  return syncAnswer.parse(await (await postJson(`${server.origin}/v1/sync`, request)).json());
}
const withdraw = (server: RunningServer, cookie: string, { hash }: SignedPolicy) =>
  change(server, cookie, consolePaths.withdrawPolicy.replace(':hash', hash));

describe('several policies in force', () => {
  test('stand beside each other; a new version takes the place of the one before', async () => {
    const server = await runningServer();
    const cookie = await signIn(server);
    await server.publish(named('staff', { rules }));
    await server.publish(named('devices'));
    await server.publish(named('staff', { rules, title: 'Changed' }));
    expect(await inForce(server, cookie)).toMatchObject([
      { id: 'staff', version: 2, place: 1 },
      { id: 'devices', version: 1, place: 2 },
    ]);
    expect((await server.currentPolicy())?.policy.id, 'the one with rules says what machines do').toBe('staff');
  });

  test('only one may say what machines do: refused naming it and the ways on; instead of it, it is taken', async () => {
    const server = await runningServer();
    const cookie = await signIn(server);
    await server.publish(named('staff', { rules }));
    const answer = await change(server, cookie, '/v1/policies', named('other', { rules }));
    expect(answer.status).toBe(409);
    expect(await problemOf(answer)).toMatchObject({
      code: 'policy.rulesTaken',
      field: 'rules',
      detail: expect.stringContaining('"The staff policy" (staff, version 1)'),
    });
    expect(await inForce(server, cookie)).toHaveLength(1);
    const unknown = await change(server, cookie, '/v1/policies?insteadOf=nothing', named('other', { rules }));
    expect(await problemOf(unknown)).toMatchObject({ code: 'policy.notInForce', field: 'insteadOf' });
    expect((await change(server, cookie, '/v1/policies?insteadOf=staff', named('other', { rules }))).status).toBe(200);
    expect(await inForce(server, cookie)).toMatchObject([{ id: 'other', place: 1 }]);
  });

  test('are withdrawn and put in order, and each change is in the trail', async () => {
    const server = await runningServer();
    const cookie = await signIn(server);
    const [a, b, c] = await Promise.all(['a', 'b', 'c'].map((id) => server.publish(named(id))));
    const hashes = [a, b, c].map((one) => one?.published.hash ?? '');
    expect((await change(server, cookie, consolePaths.orderPolicies, { hashes: hashes.slice(1) })).status).toBe(409);
    expect(
      (await change(server, cookie, consolePaths.orderPolicies, { hashes: [hashes[0], hashes[0], hashes[0]] })).status,
    ).toBe(409);
    expect((await change(server, cookie, consolePaths.orderPolicies, { hashes: [...hashes].reverse() })).status).toBe(
      200,
    );
    expect((await inForce(server, cookie)).map(({ id }) => id)).toEqual(['c', 'b', 'a']);
    if (b === undefined) throw new Error('Nothing was published');
    expect((await withdraw(server, cookie, b.published)).status).toBe(200);
    expect(await problemOf(await withdraw(server, cookie, b.published))).toMatchObject({ code: 'policy.notInForce' });
    expect(await inForce(server, cookie)).toMatchObject([
      { id: 'c', place: 1 },
      { id: 'a', place: 2 },
    ]);
    const trail = await (await ask(server, cookie, '/v1/console/audit')).text();
    expect(trail).toContain('policy.ordered');
    expect(trail).toContain('policy.withdrawn');
  });

  test('a blank that nobody filled keeps a policy from being published, naming the place', async () => {
    const server = await runningServer();
    const cookie = await signIn(server);
    const variables = [{ name: 'head', label: 'Headteacher', placeholder: '{{head}}', required: true }];
    const form = { ...testPolicy().form, statements: [{ id: 'agree', text: 'I will ask {{head}}.' }] };
    const answer = await change(server, cookie, '/v1/policies', { ...testPolicy(), variables, form });
    expect(answer.status).toBe(400);
    expect(await problemOf(answer)).toMatchObject({
      field: 'variables.head.value',
      detail: expect.stringContaining('the form\'s statement "agree"'),
    });
  });
});

describe('a machine', () => {
  test('hears which policies are in force, signed for it, and only the texts it lacks', async () => {
    const server = await runningServer();
    const cookie = await signIn(server);
    const device = await enrolledDevice(server);
    const { published: staff } = await server.publish(named('staff', { rules }));
    const { published: devices } = await server.publish(named('devices'));

    const first = await polls(server, device, []);
    expect(first.policy).toBeUndefined();
    expect(first.policySet).toMatchObject({ deviceId: device.deviceId, hashes: [staff.hash, devices.hash] });
    if (first.policySet === undefined) throw new Error('Nothing was said about policies');
    expect(policySetHolds(server.serverPublicKey, first.policySet)).toBe(true);
    expect(policySetHolds(server.serverPublicKey, { ...first.policySet, hashes: [staff.hash] })).toBe(false);
    expect(first.policies?.map(({ hash }) => hash)).toEqual([staff.hash, devices.hash]);
    expect((await polls(server, device, [staff.hash])).policies?.map(({ hash }) => hash)).toEqual([devices.hash]);
    const none = await polls(server, device, [staff.hash, devices.hash]);
    expect([none.policySet, none.policies]).toEqual([undefined, undefined]);

    await withdraw(server, cookie, staff);
    expect(await polls(server, device, [staff.hash, devices.hash])).toMatchObject({
      policySet: { hashes: [devices.hash] },
      policies: [],
    });
    await withdraw(server, cookie, devices);
    expect((await polls(server, device, [devices.hash])).policySet?.hashes).toEqual([]);
  });

  test('that knows of one policy only gets the one that says what machines do', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    await server.publish(named('devices'));
    const { published } = await server.publish(named('staff', { rules }));
    const answer = await device.sync(server.origin, []);
    expect(answer.policy?.hash).toBe(published.hash);
    expect(answer.policySet).toBeUndefined();
  });
});

describe('people are counted by every policy that is for them', () => {
  async function statuses(server: RunningServer, cookie: string): Promise<Record<string, string>> {
    const { items } = people.parse(await (await ask(server, cookie, consolePaths.people)).json());
    return Object.fromEntries(items.map(({ name, status }) => [name, status]));
  }
  const only = async (server: RunningServer, cookie: string, status: string) =>
    people
      .parse(await (await ask(server, cookie, `${consolePaths.people}?status=${status}`)).json())
      .items.map(({ name }) => name);

  test('accepted means all of them; a policy for other roles does not count', async () => {
    const server = await runningServer();
    const cookie = await signIn(server);
    const { published: staff } = await server.publish(named('staff'));
    const { published: devices } = await server.publish(named('devices'));
    await server.publish(named('visitors', { audiences: ['visitor'] }));
    const device = await enrolledDevice(server);
    device.begin();
    device.accept('both', staff);
    device.accept('both', devices);
    device.accept('half', staff);
    device.record({ type: 'session.signedIn', account: 'new', data: { seenBy: 'system', remote: false } });
    device.accept('no', staff);
    device.record({
      type: 'policy.declined',
      account: 'no',
      data: {
        policyId: 'devices',
        policyVersion: 1,
        policyHash: devices.hash,
        reason: '',
        reading: { readSeconds: 0, depthPercent: 0, sectionsRead: [] },
        openSeconds: 1,
      },
    });
    await device.sync(server.origin);
    expect(await statuses(server, cookie)).toEqual({
      both: 'accepted',
      half: 'outdated',
      new: 'notAccepted',
      no: 'declined',
    });
    expect(await only(server, cookie, 'accepted')).toEqual(['both']);
    expect(await only(server, cookie, 'outdated')).toEqual(['half']);
    const overview = await (await ask(server, cookie, consolePaths.overview)).json();
    expect(overview).toMatchObject({
      people: 4,
      accepted: 1,
      statuses: { accepted: 1, outdated: 1, declined: 1, notAccepted: 1 },
    });
  });

  test('an acceptance that ran out, or of a version before, counts as the renewal says', async () => {
    const now = new Date('2026-06-01T09:00:00.000Z');
    const server = await runningServer({ now: () => now });
    const cookie = await signIn(server);
    const { published: yearly } = await server.publish(named('yearly', { renewal: { kind: 'everyDays', days: 365 } }));
    const { published: once } = await server.publish(named('once', { renewal: { kind: 'once' } }));
    await server.publish(named('later', { renewal: { kind: 'onChange', startsOn: '2026-09-01' } }));
    const device = await enrolledDevice(server);
    device.begin();
    for (const [account, at] of [
      ['fresh', '2026-05-01T08:00:00.000Z'],
      ['stale', '2025-05-01T08:00:00.000Z'],
    ] as const) {
      device.accept(account, yearly, at);
      device.accept(account, once, at);
    }
    await device.sync(server.origin);
    await server.publish(named('once', { renewal: { kind: 'once' }, title: 'Changed' }));
    expect(await statuses(server, cookie)).toEqual({ fresh: 'accepted', stale: 'outdated' });
  });
});
