import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { signInByLink } from '../support/day/reviewer.ts';
import { everyLook } from '../support/every-look.ts';
import { testPolicy } from '../support/test-device.ts';
import { enrolledDevice, runningServer } from '../server/running.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

test(
  'Settings → Privacy: previewed before it is saved, held, removed with its proof, and readable at every size',
  { timeout: 120_000 },
  async () => {
    const clock = { now: new Date('2026-01-12T09:00:00.000Z') };
    const consoleFolder = resolve(import.meta.dirname, '../../dist/console');
    const server = await runningServer({ consoleFolder, now: () => clock.now });
    const { published } = await server.publish(testPolicy());
    const device = await enrolledDevice(server, 'room-12');
    device.begin();
    device.accept('robin', published);
    device.record({ type: 'session.locked', data: { by: 'person' }, account: 'robin' });
    await device.sync(server.origin);
    clock.now = new Date();
    const page = await signInByLink(browser, await server.signInLink());
    const faults: string[] = [];
    const goTo = (place: string) => page.goto(`${server.origin}/settings/privacy/${place}`);

    await goTo('kept:school.sessions');
    await page.getByLabel('Months').fill('3');
    await page.getByRole('button', { name: 'See what it would remove' }).click();
    await page.getByText('This would remove 1 record older than').waitFor();
    faults.push(...(await everyLook(page, 'retention')));
    await page.getByRole('button', { name: 'Keep for 3 months' }).click();
    await page.getByText('Saved.').waitFor();

    await goTo('holds:new');
    await page.getByRole('combobox', { name: 'Person' }).selectOption({ label: 'robin (Alex Example)' });
    await page.getByRole('textbox', { name: 'Why', exact: true }).fill('A grievance is open');
    await page.getByLabel('Who answers for it').fill('The business manager');
    await page.getByLabel('Look at it again on').fill('2099-01-01');
    faults.push(...(await everyLook(page, 'hold')));
    await page.getByRole('button', { name: 'Place the hold' }).click();
    await page.getByText('The hold is in force.').waitFor();

    await goTo('removed');
    await page.getByRole('button', { name: 'Remove what is due now' }).click();
    await page
      .getByText(/records? (was|were) removed/)
      .or(page.getByText('Nothing was due'))
      .first()
      .waitFor();
    faults.push(...(await everyLook(page, 'removed')));

    await goTo('person');
    await page.getByRole('combobox', { name: 'Person' }).selectOption({ label: 'robin (Alex Example)' });
    await page.getByLabel('Why').fill('Subject access request of 2 November');
    const [saved] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save everything about them' }).click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/^everything-about-one-person-.*\.zip$/);
    faults.push(...(await everyLook(page, 'person')));
    await page.getByLabel('I have checked').check();
    await page.getByRole('button', { name: 'Remove what is held about them' }).click();
    await page.getByText('on legal hold, so nothing was removed').waitFor();

    await goTo('assessment');
    await page.getByRole('link', { name: 'Save as a Word document' }).waitFor();
    faults.push(...(await everyLook(page, 'assessment')));
    expect(faults).toEqual([]);
  },
);
