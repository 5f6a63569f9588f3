import { expect, test } from 'vitest';
import { machineWith, MoodySystem } from '../service/moody-system.ts';
import { runningService, shellOf, stateFolder } from '../service/running-service.ts';
import { runningServer } from '../server/running.ts';
import { testPolicy } from '../support/test-device.ts';
import { usherCommand } from '../../tools/launch/usher-command.ts';
import { sessionView } from '../../src/contract/session.ts';

test('usher status says what happens next and which clause says so', async () => {
  const server = await runningServer();
  const rules = { idleLock: { clause: 'passwords.1', warnAfterSeconds: 240, lockAfterSeconds: 300 } };
  await server.publish({ ...testPolicy(), rules });
  const folder = stateFolder();
  const { machine } = await machineWith(new MoodySystem());
  const service = await runningService(folder, await server.enrolmentToken(), { machine });
  const shell = await shellOf(service);
  await expect.poll(() => shell.view().gate.phase).toBe('asking');
  await shell.connection.call('idleSampled', { idleMs: 0 });

  const { code, output } = await usherCommand(['status', '--state', folder], {});
  expect(code).toBe(0);
  expect(output).toContain('Acceptable use of computers, version 1');
  expect(output).toMatch(/ {2}Locks in [45] minutes \(clause 1\.1\)/);
  expect(output).toContain('Waits for you to accept the policy');
  const told = await usherCommand(['status', '--state', folder, '--json'], {});
  expect(sessionView.parse(JSON.parse(told.output)).lock).toMatchObject({ phase: 'watching', afterSeconds: 300 });

  await shell.connection.call('lockNow', {});
  await expect.poll(() => shell.view().lock.phase).toBe('locked');
  expect((await usherCommand(['status', '--state', folder], {})).output).toContain('  Locked\n');
});

test('usher status without a service says so and what to do', async () => {
  const { code, errors } = await usherCommand(['status', '--state', stateFolder()], {});
  expect(code).toBe(1);
  expect(errors).toMatch(/The Usher service/);
});
