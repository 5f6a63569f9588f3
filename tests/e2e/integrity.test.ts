import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyPack } from '../../src/proof/index.ts';
import { readFileSync } from 'node:fs';
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
  'what is held is checked, told in a sentence, packed and verified from the page Integrity',
  { timeout: 120_000 },
  async () => {
    const server = await runningServer({ consoleFolder: resolve(import.meta.dirname, '../../dist/console') });
    const { published } = await server.publish(testPolicy());
    const device = await enrolledDevice(server, 'room-12');
    device.begin();
    device.accept('person.1', published);
    await device.sync(server.origin);
    const page = await signInByLink(browser, await server.signInLink());
    const faults: string[] = [];

    await page.getByRole('link', { name: 'Integrity' }).click();
    await page.getByText('The first full check is still under way').waitFor();
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.getByText('Everything the server holds is sound as of').waitFor();
    faults.push(...(await everyLook(page, 'Integrity')));

    await page.getByRole('link', { name: 'Checkpoints' }).click();
    await page.getByRole('cell', { name: '1', exact: true }).waitFor();
    faults.push(...(await everyLook(page, 'Checkpoints')));

    await page.getByRole('link', { name: 'Evidence packs' }).click();
    await page.getByLabel('Who asked for it, and why').fill('The governors, for their review');
    const downloaded = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Make the pack' }).click();
    const pack = await (await downloaded).path();
    expect(verifyPack(readFileSync(pack), { mostBytes: 1_000_000 })).toMatchObject({ outcome: 'sound', records: 2 });
    const buffer = readFileSync(pack);
    await page.locator('input[type=file]').setInputFiles({ name: 'pack.zip', mimeType: 'application/zip', buffer });
    await page.getByText('2 records.').waitFor();
    faults.push(...(await everyLook(page, 'Evidence packs')));
    expect(faults).toEqual([]);
  },
);
