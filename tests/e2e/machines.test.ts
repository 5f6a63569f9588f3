import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signedIn } from '../server/asking.ts';
import { enrolledDevice, runningServer } from '../server/running.ts';
import { openBrowser } from '../support/browser.ts';
import { goTo, signInByLink } from '../support/day/reviewer.ts';
import { everyLook } from '../support/every-look.ts';
import { postJson, TestDevice } from '../support/test-device.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

async function schoolWithMachines() {
  const server = await runningServer({ consoleFolder: resolve(import.meta.dirname, '../../dist/console') });
  const it = await signedIn(server);
  await it.addSchool('north', 'North School');
  const former = new TestDevice('room-12');
  former.facts.serial = '5CG1234XYZ';
  await former.enrol(server.origin, await server.enrolmentToken());
  const fresh = new TestDevice('room-12');
  fresh.facts.serial = '5CG1234XYZ';
  await fresh.enrol(server.origin, await server.enrolmentToken());
  const office = await enrolledDevice(server, 'office-1');
  await postJson(`${server.origin}/v1/sync`, {
    ...office.syncRequest([]),
    signature: former.syncRequest([]).signature,
  });
  const { token } = await it.token({ name: 'IT suite', machines: 30, networks: ['127.0.0.0/8'] });
  await new TestDevice('suite-01').enrol(server.origin, token);
  return { server, it, fresh, token };
}

test(
  'adding, approving and looking after machines: WCAG 2.2 AA in every look, and done by hand',
  { timeout: 240_000 },
  async () => {
    const { server, it, fresh } = await schoolWithMachines();
    const page = await signInByLink(browser, await server.signInLink());
    const faults: string[] = [];
    const look = async (name: string) => {
      faults.push(...(await everyLook(page, `machines ${name}`)));
    };

    await goTo(page, 'Machines');
    await page.getByRole('row').nth(4).waitFor();
    await look('list');
    await page.getByLabel('State').selectOption({ label: 'Waiting (1)' });
    await page.getByRole('button', { name: 'Approve this machine' }).click();
    await expect.poll(async () => (await it.counts()).standings.waiting).toBe(0);

    await page.goto(`${server.origin}/machines/${fresh.deviceId}`);
    await page.getByRole('button', { name: 'Yes, set up again' }).waitFor();
    await look('panel');
    await page.getByRole('button', { name: 'Yes, set up again' }).click();
    await expect.poll(async () => (await it.counts()).standings.revoked).toBe(1);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByLabel('Why').fill('Lost on a trip');
    await look('revoke');
    await page.getByRole('button', { name: 'Revoke' }).click();
    await expect.poll(async () => (await it.machine(fresh.deviceId)).standingReason).toBe('Lost on a trip');

    await page.goto(`${server.origin}/machines/findings`);
    await page.getByRole('link', { name: 'office-1' }).click();
    await look('finding');
    await page.getByRole('button', { name: 'I look after it' }).click();
    await expect.poll(async () => (await it.findings())[0]?.state).toBe('acknowledged');

    await page.goto(`${server.origin}/machines/add/new`);
    await page.getByLabel('Name').fill('Library');
    await page.getByLabel('Only from these networks').fill('10.20.0.0/33');
    await page.getByRole('button', { name: 'Make the token' }).click();
    await page.getByRole('alert').filter({ hasText: 'networks.0: must be a network' }).waitFor();
    await look('token');
    await page.getByLabel('Only from these networks').fill('10.20.0.0/16');
    await page.getByRole('button', { name: 'Make the token' }).click();
    await page.getByText('Copy it now.').waitFor();
    await look('made');
    await page.goto(`${server.origin}/settings/school-hours`);
    await page.getByLabel('Holidays').waitFor();
    await look('hours');
    expect(faults).toEqual([]);
  },
);
