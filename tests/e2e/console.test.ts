import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accessibilityFaults } from '../support/accessibility.ts';
import { openBrowser } from '../support/browser.ts';
import { chartsDrawn, goTo, openLatestAcceptance, signInByLink } from '../support/day/reviewer.ts';
import { everyLook } from '../support/every-look.ts';
import { testPolicy, type TestDevice } from '../support/test-device.ts';
import { enrolledDevice, runningServer } from '../server/running.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

async function schoolWithRecords() {
  const server = await runningServer({ consoleFolder: resolve(import.meta.dirname, '../../dist/console') });
  const { published } = await server.publish(testPolicy());
  const device = await enrolledDevice(server, 'room-12');
  device.begin();
  for (let person = 1; person <= 12; person += 1) device.accept(`person.${person}`, published);
  describeMachine(device);
  await device.sync(server.origin);
  return { server, published, device };
}

/** Somebody signed in, a lock that failed, an idle clock that does not count, and how the machine is protected. */
function describeMachine(device: TestDevice): void {
  const account = 'person.1';
  device.record({ type: 'session.signedIn', data: { seenBy: 'system', remote: false }, account });
  device.record({ type: 'session.locked', data: { by: 'usher' }, account });
  const why = 'The operating system did not confirm the lock within 3 seconds';
  device.record({ type: 'lock.failed', data: { action: 'lock', reason: 'idle', why, covered: true }, account });
  const detail = 'The idle time has been 0 for ten minutes without a break. Look for a stuck key.';
  device.record({ type: 'idle.detectionBroken', data: { finding: 'alwaysZero', detail }, account });
  device.record({
    type: 'machine.posture',
    data: {
      checks: [
        { name: 'diskEncryption', state: 'good', detail: 'The disk the system is on is encrypted (LUKS).' },
        { name: 'antivirus', state: 'unknown', detail: 'The system does not say whether a virus scanner runs.' },
        { name: 'updates', state: 'bad', detail: '2 updates are waiting; install them when nobody is at the machine.' },
      ],
      screenLock: null,
    },
  });
  device.record({
    type: 'machine.inventory',
    data: {
      manufacturer: 'Maker',
      model: 'Model 5',
      serial: 'SN-0001',
      operatingSystem: 'Debian GNU/Linux 13 (x64)',
      kernel: '6.12.0',
      processor: 'Example Processor 5',
      processorCores: 4,
      memoryMiB: 8_192,
      disks: [{ name: 'Example Disk', kind: 'NVMe', sizeGiB: 238.5 }],
      systemVolume: { sizeGiB: 230, freePercent: 55 },
      battery: { healthPercent: 91, cycles: 120 },
      displays: 1,
    },
  });
}

test('every page meets WCAG 2.2 AA, light and dark, at three sizes', { timeout: 180_000 }, async () => {
  const { server } = await schoolWithRecords();
  const page = await signInByLink(browser, await server.signInLink());
  const faults: string[] = [];
  for (const name of ['Overview', 'People', 'Events', 'Machines', 'Policies'] as const) {
    await goTo(page, name);
    if (name === 'Overview') await chartsDrawn(page);
    faults.push(...(await everyLook(page, name)));
  }
  await goTo(page, 'Machines');
  await page.getByRole('link', { name: 'room-12' }).first().click();
  await page.getByRole('heading', { name: 'Protection' }).waitFor();
  faults.push(...(await everyLook(page, 'Machine')));
  await page.keyboard.press('Escape');
  await goTo(page, 'People');
  await openLatestAcceptance(page, 'Alex Example');
  faults.push(...(await everyLook(page, 'Acceptance')));
  expect(faults).toEqual([]);
});

test(
  'an event that arrives shows on the open list by itself, and rows go by keyboard',
  { timeout: 60_000 },
  async () => {
    const { server, published, device } = await schoolWithRecords();
    const page = await signInByLink(browser, await server.signInLink());
    await goTo(page, 'Events');
    await page.getByRole('row').nth(3).waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    device.accept('somebody.new', published);
    await device.sync(server.origin);
    await page.getByRole('row').filter({ hasText: 'somebody.new accepted' }).waitFor({ timeout: 3_000 });

    await goTo(page, 'Machines');
    device.accept('somebody.else', published);
    await device.sync(server.origin);
    await goTo(page, 'Events');
    await page.getByRole('row').filter({ hasText: 'somebody.else accepted' }).waitFor({ timeout: 3_000 });

    await page.getByRole('row').nth(1).getByRole('link').first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    expect(new URL(page.url()).search).toContain('event=');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  },
);

test(
  'without a session every address leads to how to sign in, and back to the page afterwards',
  { timeout: 60_000 },
  async () => {
    const { server } = await schoolWithRecords();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${server.origin}/people`);
    await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.goto(await server.signInLink());
    await page.getByRole('heading', { name: 'People' }).waitFor();
    await context.close();
  },
);
