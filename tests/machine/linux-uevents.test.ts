import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { watchBus, type BusNews } from '../../src/machine/devices/bus-watch.ts';
import type { DeviceEvent, SeenDevice } from '../../src/machine/index.ts';
import { hasFakeBus, layBus, needsFakeBus } from '../support/usb/fake-bus.ts';
import { pretend } from '../support/usb/usb-devices.ts';

const insertions = 300;

/** Listens, and does nothing else for as long as the bus is busy: what came meanwhile is told afterwards. */
const busyListener = `
import { listenToUevents } from ${JSON.stringify(path.resolve(import.meta.dirname, '../../src/machine/linux/uevents.ts'))};
const seen = { add: 0, remove: 0, lost: 0 };
listenToUevents(({ action, properties }) => {
  if (properties.get('DEVTYPE') === 'usb_device' && action in seen) seen[action] += 1;
}, () => { seen.lost += 1; });
console.log('listening');
process.stdin.once('data', () => {
  process.kill(process.pid, 'SIGSTOP');
  setInterval(() => console.log(JSON.stringify(seen)), 100);
});
`;

test.skipIf(!hasFakeBus)(
  `what comes in while the machine is too busy to listen is heard afterwards, all of it${needsFakeBus}`,
  { timeout: 60_000 },
  async () => {
    const bus = await layBus();
    onTestFinished(() => bus.close());
    const [command = '', ...before] = bus.inside;
    const child = spawn(command, [...before, process.execPath, '--input-type=module', '-e', busyListener], {
      env: { ...process.env, ...bus.environment },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    let last = '';
    createInterface({ input: child.stdout }).on('line', (line) => (last = line));
    await expect.poll(() => last, { timeout: 20_000 }).toBe('listening');
    child.stdin.write('stop\n');
    for (let time = 0; time < insertions; time += 1) {
      await bus.add('1-1', pretend.stick(`BURST${time}`));
      await bus.remove('1-1');
    }
    child.kill('SIGCONT');
    await expect
      .poll(() => last, { timeout: 20_000 })
      .toBe(JSON.stringify({ add: insertions, remove: insertions, lost: 0 }));
  },
);

const seen = (at: string): SeenDevice => ({
  at,
  port: at.split('@')[0] ?? '',
  vendorId: 1,
  productId: 2,
  vendor: null,
  product: null,
  serial: null,
  descriptors: null,
  usable: true,
});

test('after news were lost, what is there now is compared with what was known', async () => {
  const told: DeviceEvent[] = [];
  const taken: BusNews[] = [];
  const none = { INIT_ERROR: 0, on: () => undefined, off: () => undefined, getDeviceList: () => [] };
  const watch = watchBus(
    {
      uptimeMs: () => 5,
      describe: () => seen('never@0'),
      also: (news) => {
        taken.push(news);
        return null;
      },
      load: () => Promise.resolve(Object.assign(Object.create(null), none)),
    },
    (event) => told.push(event),
  );
  await expect.poll(() => told.length).toBe(1);
  const news = taken[0];
  news?.arrived('1-1@4', 1, () => seen('1-1@4'));
  news?.all(
    [
      { at: '1-2@5', describe: () => seen('1-2@5') },
      { at: '1-3@6', describe: () => seen('1-3@6') },
    ],
    7,
  );
  news?.arrived('1-2@5', 8, () => seen('1-2@5'));
  expect(told.slice(1)).toEqual([
    { kind: 'arrived', device: seen('1-1@4'), toldMs: 1 },
    { kind: 'left', at: '1-1@4' },
    { kind: 'arrived', device: seen('1-2@5'), toldMs: 7 },
    { kind: 'arrived', device: seen('1-3@6'), toldMs: 7 },
  ]);
  await watch.close();
});
