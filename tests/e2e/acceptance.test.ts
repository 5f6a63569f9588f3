import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { goTo, openLatestAcceptance, signInByLink, verificationOn } from '../support/day/reviewer.ts';
import { startSchool, type RunningSchool } from '../support/day/running-school.ts';
import {
  fillForm,
  readToTheEnd,
  sayWhoYouAre,
  sign,
  verificationCodeOn,
  acceptIsOpen,
  goOn,
} from '../support/day/staff.ts';
import type { ShellDriver } from '../support/shell-driver.ts';

let school: RunningSchool;
let browser: Browser;
let shell: ShellDriver;

beforeAll(async () => {
  [school, browser] = await Promise.all([startSchool(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await school.close();
});

test('a person reads, signs and is recorded; IT sees it arrive and finds it sound', { timeout: 60_000 }, async () => {
  const console = await signInByLink(browser, school.machine.signInLink);
  await goTo(console, 'Events');

  shell = await school.openShell({ displays: ['1280x800', '1920x1080'] });
  const gate = await shell.page('gate');
  await sayWhoYouAre(gate, { audience: 'Staff', teaching: true });
  expect(await acceptIsOpen(gate)).toBe(false);
  expect(await shell.tryClose('gate')).toBe(false);
  if (shell.standIn !== null)
    expect(await (await shell.page('cover')).locator('body').innerText()).toContain('main screen');

  await readToTheEnd(gate);
  await fillForm(gate, { name: 'Robin Ashdown', jobTitle: 'Class teacher', signature: 'typed' });
  await sign(gate);
  const code = await verificationCodeOn(gate);

  await console.getByRole('row').filter({ hasText: 'accepted "' }).first().waitFor({ timeout: 5_000 });
  await openLatestAcceptance(console, 'Robin Ashdown');
  const { verdict, checks } = await verificationOn(console);
  expect(verdict).toBe('Sound');
  expect(checks.length).toBeGreaterThan(3);
  expect(checks.filter((check) => !check.startsWith('yes: '))).toEqual([]);
  expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){2}$/);
});

test('after it the tray shows the state, and the receipt has the same code', { timeout: 30_000 }, async () => {
  const gate = await shell.page('gate');
  const code = await verificationCodeOn(gate);
  await goOn(gate);
  await expect.poll(async () => (await shell.windows()).map(({ page }) => page)).toEqual([]);
  if (shell.standIn !== null) {
    await expect
      .poll(async () => (await shell.tray()).map(({ label }) => label).join('\n'), { timeout: 10_000 })
      .toMatch(/, version 1\nLocks in \d+ minutes \(clause 3\.1\)\nLast synced \d\d:\d\d/);
  }
  await shell.clickTray('My receipts');
  const receipts = await shell.page('receipts');
  await receipts.getByText(code).first().waitFor();
});

test('everything stopped and started again does not ask twice', { timeout: 60_000 }, async () => {
  await shell.quit();
  await school.restartMachine();
  shell = await school.openShell();
  await expect
    .poll(
      async () => (shell.standIn === null ? 'version 1' : (await shell.tray()).map(({ label }) => label).join('\n')),
      {
        timeout: 10_000,
      },
    )
    .toContain('version 1');
  expect((await shell.windows()).map(({ page }) => page)).not.toContain('gate');
});
