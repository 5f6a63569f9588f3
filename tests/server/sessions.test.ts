import { describe, expect, test } from 'vitest';
import { machineDetail, machines, overview } from '../../src/contract/console.ts';
import type { Policy } from '../../src/contract/policy.ts';
import { testPolicy } from '../support/test-device.ts';
import { ask, enrolledDevice, runningServer, signIn } from './running.ts';

const clause = 'passwords.1';
const oneAtATime: Policy = { ...testPolicy(), rules: { concurrentSignIn: { clause, ignoreAccounts: ['Office'] } } };
const signedIn = { type: 'session.signedIn', data: { seenBy: 'system', remote: false } } as const;
const signedOut = { type: 'session.signedOut', data: { how: 'ended' } } as const;

async function consoleOf(server: Awaited<ReturnType<typeof runningServer>>) {
  const cookie = await signIn(server);
  return {
    attention: async () => overview.parse(await (await ask(server, cookie, '/v1/console/overview')).json()).attention,
    list: async () => machines.parse(await (await ask(server, cookie, '/v1/console/machines')).json()).items,
    one: async (id: string) => await ask(server, cookie, `/v1/console/machines/${id}`),
  };
}

describe('the same account on two machines', () => {
  test('is told to both by their next answer, to IT on the console, and over when one signs out', async () => {
    const server = await runningServer();
    await server.publish(oneAtATime);
    const [room, library] = [await enrolledDevice(server, 'room-12'), await enrolledDevice(server, 'library-3')];
    room.begin();
    room.record({ ...signedIn, account: 'Robin' });
    expect((await room.sync(server.origin)).elsewhere).toBeUndefined();
    library.begin();
    library.record({ ...signedIn, account: 'robin' });
    expect((await library.sync(server.origin)).elsewhere).toEqual([{ accountName: 'robin', machines: ['room-12'] }]);
    expect((await room.sync(server.origin, [])).elsewhere).toEqual([{ accountName: 'robin', machines: ['library-3'] }]);
    const it = await consoleOf(server);
    expect(await it.attention()).toContainEqual(
      expect.objectContaining({ kind: 'sameAccount', sentence: expect.stringContaining('library-3, room-12') }),
    );
    library.record({ ...signedOut, account: 'robin' });
    expect((await library.sync(server.origin)).elsewhere).toBeUndefined();
    expect((await room.sync(server.origin, [])).elsewhere).toBeUndefined();
    expect((await it.attention()).map(({ kind }) => kind)).not.toContain('sameAccount');
  });

  test('is no news for accounts the school shares on purpose, without the rule, or for a machine that went silent', async () => {
    let now = new Date('2026-11-23T09:00:00Z');
    const server = await runningServer({ now: () => now, pollSeconds: 60 });
    await server.publish(oneAtATime);
    const both = [await enrolledDevice(server, 'room-12'), await enrolledDevice(server, 'library-3')];
    for (const device of both) {
      device.begin();
      device.record({ ...signedIn, account: 'office' });
      expect((await device.sync(server.origin)).elsewhere).toBeUndefined();
    }
    const [room, library] = both;
    for (const device of both) {
      device.record({ type: 'session.signedIn', data: { seenBy: 'shell', remote: false }, account: 'kim' });
    }
    await room?.sync(server.origin);
    expect((await library?.sync(server.origin))?.elsewhere).toEqual([{ accountName: 'kim', machines: ['room-12'] }]);
    now = new Date('2026-11-23T09:06:00Z');
    expect((await library?.sync(server.origin, []))?.elsewhere).toBeUndefined();
    now = new Date('2026-11-23T09:00:30Z');
    await server.publish(testPolicy());
    expect((await library?.sync(server.origin, []))?.elsewhere).toBeUndefined();
  });
});

describe('a machine and what is wrong with it', () => {
  test('who is signed in, locked since when, and a lock that failed, until one works again', async () => {
    const server = await runningServer();
    await server.publish(testPolicy());
    const device = await enrolledDevice(server, 'room-12');
    const it = await consoleOf(server);
    device.begin();
    device.record({ ...signedIn, account: 'robin' });
    device.record({ type: 'session.locked', data: { by: 'usher' }, account: 'robin', at: '2026-11-23T09:10:00.000Z' });
    device.record({
      type: 'lock.failed',
      data: { action: 'lock', reason: 'idle', why: 'No screen locker is installed', covered: true },
      account: 'robin',
    });
    device.record({
      type: 'idle.detectionBroken',
      data: { finding: 'alwaysZero', detail: 'The idle time has been 0 for ten minutes.' },
      account: 'robin',
    });
    await device.sync(server.origin);
    expect(await it.list()).toMatchObject([
      {
        sessions: [{ accountName: 'robin', lockedSince: '2026-11-23T09:10:00.000Z' }],
        troubles: expect.arrayContaining([
          expect.objectContaining({ kind: 'lockFailed', detail: 'No screen locker is installed' }),
          expect.objectContaining({ kind: 'alwaysZero' }),
        ]),
      },
    ]);
    expect((await it.attention()).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['lockFailed', 'idleDetection']),
    );

    device.record({
      type: 'lock.confirmed',
      data: { action: 'lock', tookMs: 9_000, wasCovered: true },
      account: 'robin',
    });
    device.record({ type: 'session.unlocked', data: { lockedSeconds: 60 }, account: 'robin' });
    await device.sync(server.origin);
    expect(await it.list()).toMatchObject([{ sessions: [{ lockedSince: null }], troubles: [{}, {}] }]);
    device.record({
      type: 'lock.confirmed',
      data: { action: 'lock', tookMs: 90, wasCovered: false },
      account: 'robin',
    });
    device.record({ ...signedOut, account: 'robin' });
    await device.sync(server.origin);
    expect(await it.list()).toMatchObject([{ sessions: [], troubles: [] }]);
  });

  test('how it is protected and what it is made of, and what the policy asks of it', async () => {
    const server = await runningServer();
    await server.publish({ ...testPolicy(), rules: { posture: { clause, require: ['diskEncryption', 'firewall'] } } });
    const device = await enrolledDevice(server, 'room-12');
    const it = await consoleOf(server);
    device.begin();
    device.record({
      type: 'machine.posture',
      data: {
        checks: [
          { name: 'diskEncryption', state: 'bad', detail: 'BitLocker is off.' },
          { name: 'updates', state: 'bad', detail: '2 updates are waiting.' },
          { name: 'firewall', state: 'good', detail: 'On.' },
        ],
        screenLock: null,
      },
    });
    await device.sync(server.origin);
    expect(await it.list()).toMatchObject([{ badChecks: ['diskEncryption', 'updates'] }]);
    expect(await it.attention()).toContainEqual({
      kind: 'posture',
      sentence: '1 machine is not protected as the policy asks: disk encryption on 1.',
      href: '/machines',
    });
    const detail = machineDetail.parse(await (await it.one(device.deviceId)).json());
    expect(detail.posture?.checks).toHaveLength(3);
    expect(detail.inventory).toBeNull();
    expect((await it.one('0'.repeat(64))).status).toBe(404);
  });

  test('a journal that begins anew forgets who was signed in', async () => {
    const server = await runningServer();
    const device = await enrolledDevice(server);
    const it = await consoleOf(server);
    device.begin();
    device.record({ ...signedIn, account: 'robin' });
    await device.sync(server.origin);
    device.begin(2);
    await device.sync(server.origin);
    expect(await it.list()).toMatchObject([{ sessions: [] }]);
  });
});
