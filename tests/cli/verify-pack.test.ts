import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { integrityPaths } from '../../src/contract/console-integrity.ts';
import { keyFingerprint } from '../../src/proof/index.ts';
import { usherCommand } from '../../tools/launch/usher-command.ts';
import { postJson, testPolicy } from '../support/test-device.ts';
import { enrolledDevice, runningServer, signIn, temporaryFolder } from '../server/running.ts';

const hoursFromNow = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();

/** A school with a machine that has sent records, and how to fetch a pack of it. */
async function school() {
  const server = await runningServer();
  const { published } = await server.publish(testPolicy());
  const device = await enrolledDevice(server);
  device.begin();
  device.accept('robin', published);
  await device.sync(server.origin);
  const cookie = await signIn(server);
  const folder = await temporaryFolder();
  return {
    server,
    device,
    published,
    folder,
    async pack(name: string): Promise<string> {
      const asked = {
        schoolId: 'school',
        from: hoursFromNow(-24),
        to: hoursFromNow(1),
        reason: 'The governors asked for it',
      };
      const answer = await postJson(`${server.origin}${integrityPaths.schoolPack}`, asked, {
        cookie,
        origin: server.origin,
      });
      expect(answer.status).toBe(200);
      const file = join(folder, name);
      writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
      return file;
    },
  };
}

test(
  'an evidence pack is sound on any computer that has the key’s fingerprint, and a changed one is not',
  {
    timeout: 60_000,
  },
  async () => {
    const { server, pack, folder } = await school();
    const file = await pack('pack.zip');
    const key = keyFingerprint(server.serverPublicKey);
    const sound = await usherCommand(['verify', file, '--server-key', key], {});
    expect(sound.output).toMatch(/^Sound\./);
    expect(sound.code).toBe(0);
    const stranger = await usherCommand(['verify', file, '--server-key', '0'.repeat(64)], {});
    expect(stranger.code).toBe(4);
    const changed = join(folder, 'changed.zip');
    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.length / 2)] = (bytes[Math.floor(bytes.length / 2)] ?? 0) ^ 1;
    writeFileSync(changed, bytes);
    expect((await usherCommand(['verify', changed, '--server-key', key], {})).code).toBeGreaterThan(0);
  },
);

test('the log that is remembered goes on, and one of another server does not', { timeout: 60_000 }, async () => {
  const one = await school();
  const remembered = join(one.folder, 'checkpoint.txt');
  const first = await one.pack('first.zip');
  expect((await usherCommand(['verify', first, '--remember', remembered], {})).code).toBe(0);
  one.device.accept('sam', one.published);
  await one.device.sync(one.server.origin);
  const second = await one.pack('second.zip');
  const later = await usherCommand(['verify', second, '--remember', remembered, '--server', one.server.origin], {});
  expect(later.output).toMatch(/^Sound\./);
  expect(later.code).toBe(0);
  const other = await school();
  const foreign = await usherCommand(['verify', await other.pack('other.zip'), '--remember', remembered], {});
  expect(foreign.code).not.toBe(0);
});
