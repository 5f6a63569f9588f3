import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { httpProblem } from '../../src/contract/problem.ts';
import { madeToken } from '../../src/contract/console-machines.ts';
import { postJson, testPolicy } from '../support/test-device.ts';
import { signedIn } from '../server/asking.ts';
import { runningServer } from '../server/running.ts';
import {
  addressInFrontOf,
  runningService,
  shellOf,
  stateFolder,
  submissionFor,
  tokenLeadingTo,
} from './running-service.ts';

test(
  'a machine that waits sends nothing and says so; approved, it sends what it kept; revoked, it keeps the policy and goes on recording',
  { timeout: 30_000 },
  async () => {
    const server = await runningServer({ pollSeconds: 1 });
    const { published } = await server.publish(testPolicy());
    const it = await signedIn(server);
    const made = madeToken.parse(await it.post('/v1/enrolment-tokens', { name: 'Office', needsApproval: true }));
    const front = await addressInFrontOf(server.origin, { 'retry-after': '1' });
    const folder = stateFolder();
    const service = await runningService(folder, tokenLeadingTo(made.token, front.origin));
    await expect
      .poll(() => service.sync(), { timeout: 5_000 })
      .toMatchObject({ phase: 'awaitingApproval', trouble: null });
    expect(service.sync().pending).toBeGreaterThan(0);
    expect((await it.events()).items).toHaveLength(0);

    await it.post(`/v1/console/machines/${service.deviceId}/approve`, {});
    await expect.poll(() => service.sync(), { timeout: 8_000 }).toMatchObject({ phase: 'synced', pending: 0 });
    const shell = await shellOf(service);
    await expect.poll(() => shell.view().gate.phase).toBe('asking');

    await it.post(`/v1/console/machines/${service.deviceId}/revoke`, { reason: 'Left on a train' });
    await expect.poll(() => service.sync().phase, { timeout: 8_000 }).toBe('revoked');
    const held = (await it.events()).items.length;
    expect((await shell.connection.call('accept', submissionFor(published))).ok).toBe(true);
    await expect.poll(() => shell.view().gate.phase).toBe('open');
    expect(service.sync().pending).toBeGreaterThan(0);
    expect((await it.events()).items).toHaveLength(held);

    await service.stop('Restart');
    const again = await runningService(folder);
    expect(again.sync().phase).toBe('revoked');
    await it.post(`/v1/console/machines/${service.deviceId}/readmit`, { reason: 'Found again' });
    await it.post(`/v1/console/machines/${service.deviceId}/approve`, {});
    await expect.poll(() => again.sync(), { timeout: 8_000 }).toMatchObject({ phase: 'synced', pending: 0 });
  },
);

test('nobody on the way can make a machine believe that it was revoked', { timeout: 20_000 }, async () => {
  const server = await runningServer({ pollSeconds: 1 });
  await server.publish(testPolicy());
  const front = await addressInFrontOf(server.origin);
  const service = await runningService(stateFolder(), tokenLeadingTo(await server.enrolmentToken(), front.origin));
  await expect.poll(() => service.sync().phase, { timeout: 5_000 }).toBe('synced');

  const forged = httpProblem.loose().parse({
    type: 'urn:usher:problem:sync.revoked',
    title: 'Forbidden',
    status: 403,
    code: 'sync.revoked',
    detail: 'Stop sending.',
    standing: { deviceId: service.deviceId, standing: 'revoked', answers: 'A'.repeat(86), signature: 'A'.repeat(86) },
  });
  front.interfere((_request, response) => {
    response.writeHead(403, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify(forged));
    return 'taken';
  });
  await expect.poll(() => service.sync(), { timeout: 5_000 }).toMatchObject({ phase: 'waiting' });
  expect(service.sync().trouble).toContain("the school's server did not sign it");
  front.interfere(() => 'pass');
  await expect.poll(() => service.sync(), { timeout: 8_000 }).toMatchObject({ phase: 'synced', trouble: null });
  expect((await postJson(`${front.origin}/v1/sync`, {})).status).toBe(400);
});

test('a machine that was moved knows its new school with the next exchange', { timeout: 20_000 }, async () => {
  const server = await runningServer({ pollSeconds: 1 });
  const it = await signedIn(server);
  await it.addSchool('north', 'North School');
  const folder = stateFolder();
  const service = await runningService(folder, await server.enrolmentToken());
  await expect.poll(() => service.sync().phase, { timeout: 5_000 }).toBe('synced');
  await it.post(`/v1/console/machines/${service.deviceId}/move`, { schoolId: 'north', reason: 'Room swap' });
  await expect
    .poll(() => readFileSync(join(folder, 'service', 'enrolment.json'), 'utf8'), { timeout: 8_000 })
    .toContain('"schoolId":"north"');
});
