import { resolve } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { goTo, signInByLink } from '../support/day/reviewer.ts';
import { everyLook } from '../support/every-look.ts';
import { revisedPolicy, starterPolicy } from '../support/revised-pack.ts';
import { postJson } from '../support/test-device.ts';
import { enrolledDevice, runningServer } from '../server/running.ts';
import { policyPaths } from '../../src/contract/console-policies.ts';

const narrowToo = [
  [1280, 800],
  [390, 844],
] as const;

let browser: Browser;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(async () => {
  await browser.close();
});

test(
  'two versions are compared, a draft is approved and published, and an earlier version is brought back',
  { timeout: 180_000 },
  async () => {
    const server = await runningServer({ consoleFolder: resolve(import.meta.dirname, '../../dist/console') });
    await server.publish(starterPolicy());
    const { published } = await server.publish(revisedPolicy());
    const device = await enrolledDevice(server, 'room-12');
    device.begin();
    for (const name of ['alex.example', 'sam.example']) device.accept(name, published);
    await device.sync(server.origin);
    const page = await signInByLink(browser, await server.signInLink());
    const faults: string[] = [];

    await page.getByText('The review of "Acceptable use policy for staff" was due on 1 September 2025').waitFor();
    await goTo(page, 'Policies');
    await page.getByRole('row').filter({ hasText: 'Overdue since 1 Sept 2025' }).waitFor();
    await page.getByRole('link', { name: 'Compare versions' }).click();

    const table = page.getByRole('table', { name: 'Both versions, line beside line' });
    await table.waitFor();
    await page.getByText('2 reworded, 1 added, 1 taken out, 1 moved · 4 changes beside the document.').waitFor();
    const longer = table.getByRole('row').filter({ hasText: 'Choose a password' });
    expect(await longer.locator('del').textContent()).toContain('twelve');
    expect(await longer.locator('ins').textContent()).toContain('sixteen');
    expect(await table.getByText('Your account is yours alone.').count(), 'only what changed').toBe(0);
    faults.push(...(await everyLook(page, 'compare')));
    await page.getByRole('switch', { name: 'Only what changed' }).click();
    await table.getByText('Your account is yours alone.').first().waitFor();
    await page.getByText('In one column').click();
    const column = page.getByRole('list', { name: 'Both versions in one column' });
    expect(await column.getByRole('listitem').filter({ hasText: 'Choose a password' }).innerText()).toMatch(
      /twelve[\s\S]*sixteen/,
    );

    // A draft, put forward by a program, approved and published here.
    const title = 'Acceptable use policy for all staff';
    const answer = await postJson(
      `${server.origin}${policyPaths.drafts}?note=A+clearer+title`,
      revisedPolicy({ title, lifecycle: { owner: 'Headteacher', reviewDueOn: '2099-09-01' } }),
      { authorization: `Bearer ${server.operatorToken}` },
    );
    expect(answer.status).toBe(200);
    await goTo(page, 'Overview');
    await page.getByRole('link', { name: `A draft of "${title}" waits to be approved.` }).click();
    await page.getByRole('heading', { name: 'What it changes' }).waitFor();
    await page.getByText('Put forward').waitFor();
    faults.push(...(await everyLook(page, 'draft', narrowToo)));
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 3', { exact: true }).waitFor();
    expect(await page.getByRole('complementary').innerText()).toContain('A clearer title');

    // Back to version 1.
    await goTo(page, 'Policies');
    await page.getByRole('row').last().getByRole('link').click();
    await page.getByRole('button', { name: 'Go back to this version' }).click();
    await page.getByText('What version 1 says is published once more, as version 4, in place of version 3.').waitFor();
    await page.getByRole('textbox', { name: 'Why' }).fill('The new wording confused people.');
    faults.push(...(await everyLook(page, 'roll-back', [[1280, 800]])));
    await page.getByRole('button', { name: 'Publish as version 4' }).click();
    await page.getByText('Version 4', { exact: true }).waitFor();
    const about = page.getByRole('complementary', { name: 'About this version' });
    await about.getByText('Version 1 again: The new wording confused people.').waitFor();
    expect(await about.innerText()).toMatch(/Brings back\s+Version 1/);
    expect((await server.currentPolicy())?.policy.title).toBe('Acceptable use policy for staff');
    expect(faults).toEqual([]);
  },
);
