import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { signInByLink } from '../support/day/reviewer.ts';
import { everyLook } from '../support/every-look.ts';
import { filledPack } from '../support/pack.ts';
import { enrolledDevice, runningServer } from '../server/running.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

/** The narrowest, where most can go wrong. */
/** The first is how the page is left. */
const looks = [
  [1280, 800],
  [390, 844],
] as const;

test(
  'an office is given, an acceptance signed beside the person, somebody leaves and what they had comes back',
  { timeout: 120_000 },
  async () => {
    const consoleFolder = resolve(import.meta.dirname, '../../dist/console');
    const server = await runningServer({ consoleFolder });
    const { published } = await server.publish(filledPack('city-primary-34-points'));
    const device = await enrolledDevice(server, 'room-12');
    device.begin();
    device.accept('robin', published);
    device.accept('sam', published);
    await device.sync(server.origin);
    const page = await signInByLink(browser, await server.signInLink());
    const faults: string[] = [];

    await page.goto(`${server.origin}/people/second-signatures`);
    await page.getByRole('link', { name: 'robin' }).click();
    await page.getByText('The headteacher or business manager of').waitFor();
    expect(await page.getByRole('button', { name: 'Sign', exact: true }).count()).toBe(0);

    await page.goto(`${server.origin}/settings/offices`);
    const card = page.locator('form').filter({ hasText: 'Headteacher of' });
    await card.getByRole('combobox').or(card.getByRole('textbox')).first().click();
    await page.getByRole('option').first().click();
    await page.keyboard.press('Escape');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText('Saved.').waitFor();
    faults.push(...(await everyLook(page, 'offices', looks)));

    await page.goto(`${server.origin}/people/second-signatures`);
    await page.getByRole('link', { name: 'robin' }).click();
    await page.getByText('I approve that this person is set up').waitFor();
    faults.push(...(await everyLook(page, 'second-signature', looks)));
    await page.getByRole('button', { name: 'Sign', exact: true }).click();
    await page.getByText('Signed', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: 'sam' }).click();
    await page.getByLabel('Why not').fill('Not yet started');
    await page.getByRole('button', { name: 'Refuse' }).click();
    await page.getByText('Not yet started').waitFor();

    await page.goto(`${server.origin}/people`);
    await page.getByRole('link', { name: 'robin' }).click();
    await page
      .getByRole('textbox', { name: /reason|Why/ })
      .first()
      .fill('They leave on Friday');
    await page.getByRole('button', { name: /^Open/ }).click();
    await page.getByLabel('What they still have of the school’s').fill('Laptop 12\nKeys');
    await page.getByRole('button', { name: 'Mark as having left' }).click();
    await page.getByText('Left', { exact: true }).first().waitFor();

    await page.goto(`${server.origin}/people/leavers`);
    await page.getByText('2 things').waitFor();
    await page.getByRole('link', { name: 'robin' }).click();
    await page.getByRole('button', { name: 'Keys came back' }).click();
    await page
      .getByText(/^Came back/)
      .first()
      .waitFor();
    faults.push(...(await everyLook(page, 'leavers', [[1280, 800]])));

    await page.goto(`${server.origin}/policies/${published.hash}`);
    await page.getByRole('button', { name: 'Withdraw this policy' }).click();
    await page.getByRole('button', { name: 'Take it out of force' }).click();
    await page.getByRole('button', { name: 'Take it out of force' }).waitFor({ state: 'hidden' });
    expect(await server.currentPolicy()).toBeNull();
    expect(faults).toEqual([]);
  },
);
