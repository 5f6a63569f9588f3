import { expect, test } from 'vitest';
import { eventRow } from '../../src/contract/console.ts';
import { ask, enrolledDevice, runningServer, signIn } from './running.ts';

test('an export has every event once, oldest first, as JSON lines or CSV, filtered, and is itself recorded', async () => {
  const server = await runningServer();
  const device = await enrolledDevice(server, '=room "12"');
  device.begin();
  for (let turn = 0; turn < 1_200; turn += 1) {
    device.record({ type: 'session.unlocked', account: 'robin', data: { lockedSeconds: turn } });
    if (device.records.length === 900) await device.sync(server.origin, device.records);
  }
  await device.sync(server.origin, device.records.slice(900));
  const cookie = await signIn(server);

  const lines = (await (await ask(server, cookie, '/v1/console/events/export')).text()).trimEnd().split('\n');
  const rows = lines.map((line) => eventRow.parse(JSON.parse(line)));
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 1_201 }, (_, index) => index + 1));

  const csv = await (await ask(server, cookie, '/v1/console/events/export?format=csv&type=session.unlocked')).text();
  const [names, first, ...rest] = csv.trimEnd().split('\r\n');
  expect(names).toBe('id,at,receivedAt,machine,deviceId,epoch,seq,type,account,summary');
  expect(first).toContain(`"'=room ""12"""`);
  expect(rest).toHaveLength(1_199);

  const trail = await (await ask(server, cookie, '/v1/console/audit/export')).text();
  expect(trail).toContain('events.exported');
});
