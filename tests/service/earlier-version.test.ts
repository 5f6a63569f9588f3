import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runningServer } from '../server/running.ts';
import { testPolicy } from '../support/test-device.ts';
import {
  addressInFrontOf,
  runningService,
  shellOf,
  stateFolder,
  submissionFor,
  tokenLeadingTo,
  type Shell,
} from './running-service.ts';

const polling = { timeout: 5_000 };
const previous = (shell: Shell) => {
  const { gate } = shell.view();
  return gate.phase === 'asking' ? gate.previous : null;
};
const versionsIn = (folder: string): string[] => readdirSync(join(folder, 'service', 'versions')).sort();

/** A machine on which version 1 was accepted, behind an address on which anything can go wrong. */
async function acceptedOnce() {
  const server = await runningServer({ pollSeconds: 1 });
  const first = (await server.publish(testPolicy())).published;
  const front = await addressInFrontOf(server.origin);
  const folder = stateFolder();
  const service = await runningService(folder, tokenLeadingTo(await server.enrolmentToken(), front.origin));
  const shell = await shellOf(service);
  await expect.poll(() => shell.view().gate.phase, polling).toBe('asking');
  expect(previous(shell)).toBeNull();
  expect(await shell.connection.call('accept', submissionFor(first))).toMatchObject({ ok: true });
  return { server, front, folder, service, shell, first };
}

describe('the version that somebody accepted', () => {
  test('is kept when a newer one comes, shown to who accepted it, and forgotten once the newer is accepted', async () => {
    const { server, folder, shell, first } = await acceptedOnce();
    const second = (await server.publish(testPolicy(' Write it down nowhere.'))).published;
    await expect.poll(() => previous(shell), polling).toMatchObject({ policyHash: first.hash, text: 'here' });

    const text = await shell.connection.call('policyText', { policyHash: first.hash });
    expect(text).toEqual({ ok: true, value: first });
    expect(versionsIn(folder)).toEqual([`${first.hash}.json`, `${second.hash}.json`].sort());

    expect(await shell.connection.call('accept', submissionFor(second))).toMatchObject({ ok: true });
    await expect.poll(() => versionsIn(folder)).toEqual([`${second.hash}.json`]);
    expect(await shell.connection.call('policyText', { policyHash: first.hash })).toMatchObject({
      ok: false,
      problem: { code: 'policy.notInForce' },
    });
  });

  test('outlives a restart, and comes from the server where the machine lost it', async () => {
    const { server, front, folder, service, first } = await acceptedOnce();
    await server.publish(testPolicy(' Write it down nowhere.'));
    await expect.poll(() => versionsIn(folder).length, polling).toBe(2);
    await service.stop('Restart');

    front.interfere((_request, response) => {
      response.destroy();
      return 'taken';
    });
    const again = await runningService(folder);
    expect(previous(await shellOf(again))).toMatchObject({ policyHash: first.hash, text: 'here' });
    await again.stop('Restart');

    rmSync(join(folder, 'service', 'versions'), { recursive: true });
    const third = await runningService(folder);
    const shell = await shellOf(third);
    expect(previous(shell)).toMatchObject({ policyHash: first.hash, text: 'awaited' });
    front.interfere(() => 'pass');
    await expect.poll(() => previous(shell)?.text, { timeout: 10_000 }).toBe('here');
    expect(await shell.connection.call('policyText', { policyHash: first.hash })).toEqual({ ok: true, value: first });
    expect(versionsIn(folder)).toContain(`${first.hash}.json`);
  });

  test('is not shown where it is not what the school signed; the server is asked for it again', async () => {
    const { server, folder, service, first } = await acceptedOnce();
    await server.publish(testPolicy(' Write it down nowhere.'));
    await expect.poll(() => versionsIn(folder).length, polling).toBe(2);
    await service.stop('Restart');
    const changed = { ...first, policy: testPolicy(' You may share it.') };
    writeFileSync(join(folder, 'service', 'versions', `${first.hash}.json`), JSON.stringify(changed));

    const shell = await shellOf(await runningService(folder));
    await expect.poll(() => previous(shell)?.text, polling).toBe('here');
    expect(await shell.connection.call('policyText', { policyHash: first.hash })).toEqual({ ok: true, value: first });
  });

  test('that even the server does not have is said to be gone, and the gate stands all the same', async () => {
    const { folder, service, shell } = await acceptedOnce();
    await expect.poll(() => shell.view().gate.phase).toBe('open');
    await service.stop('Moved to another school');

    // Another server, with a database of its own, that never published what was accepted here.
    const other = await runningServer({ pollSeconds: 1 });
    await other.publish(testPolicy(' Another school’s words.'));
    rmSync(join(folder, 'service', 'enrolment.json'));
    rmSync(join(folder, 'service', 'versions'), { recursive: true });
    rmSync(join(folder, 'service', 'policies.json'));
    const moved = await shellOf(await runningService(folder, await other.enrolmentToken()));
    await expect.poll(() => previous(moved)?.text, polling).toBe('gone');
    expect(moved.view().gate.phase).toBe('asking');
  });
});
