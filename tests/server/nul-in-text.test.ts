import { describe, expect, test } from 'vitest';
import { at, Visitor } from './console-users.ts';
import { accessPaths } from '../../src/contract/console-access.ts';
import { consolePaths, events } from '../../src/contract/console.ts';
import { enrolledDevice, runningServer, signIn } from './running.ts';

// PostgreSQL refuses text that holds NUL; SQLite takes it.
describe('the character NUL', () => {
  test('in an address is the id of nothing', async () => {
    const server = await runningServer();
    const visitor = new Visitor(server, await signIn(server));
    expect((await visitor.post(at(accessPaths.userEnable, '\0'))).status).toBe(404);
    expect((await visitor.get(at(consolePaths.machine, 'a\0b'))).status).toBe(404);
    expect((await visitor.get(`${consolePaths.events}?text=%00`)).status).toBe(200);
    expect((await visitor.get('/v1/console/events/export?text=%00')).status).toBe(200);
  });

  test('in what a machine recorded keeps none of its records from arriving', async () => {
    const server = await runningServer();
    const visitor = new Visitor(server, await signIn(server));
    const device = await enrolledDevice(server);
    device.begin();
    device.record({ type: 'session.signedIn', account: 'ro\0bin', data: { seenBy: 'system', remote: false } });
    device.record({ type: 'usb.controlFailed', data: { what: 'watch', why: 'udev said \0' } });
    expect((await device.sync(server.origin)).receipt?.seq).toBe(3);
    const { items } = events.parse(await visitor.json(visitor.get(consolePaths.events)));
    expect(items).toHaveLength(3);
  });
});
