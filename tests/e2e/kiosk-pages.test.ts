import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSchool, type RunningSchool } from '../support/day/running-school.ts';
import { fillForm, goOn, readToTheEnd, sayWhoYouAre, sign } from '../support/day/staff.ts';
import { everyLook } from '../support/every-look.ts';
import type { ShellDriver } from '../support/shell-driver.ts';

let school: RunningSchool;
let shell: ShellDriver;

beforeAll(async () => {
  school = await startSchool();
  shell = await school.openShell();
});
afterAll(async () => {
  await school.close();
});

test('every card of the gate meets WCAG 2.2 AA, light and dark, wide and narrow', { timeout: 120_000 }, async () => {
  const gate = await shell.page('gate');
  await gate.getByRole('heading', { name: 'Who are you here as?' }).waitFor();
  expect(await everyLook(gate, 'gate')).toEqual([]);
  await sayWhoYouAre(gate, { audience: 'Staff', teaching: true });
  expect(await everyLook(gate, 'gate')).toEqual([]);
});

test('an incomplete form names each fault beside its field, and nothing is recorded', { timeout: 60_000 }, async () => {
  const gate = await shell.page('gate');
  await readToTheEnd(gate);
  await gate.getByRole('button', { name: 'Accept', exact: true }).click();
  await gate.getByRole('button', { name: 'Sign and accept' }).click();
  const alert = gate.getByRole('alert');
  await alert.waitFor();
  expect(await alert.getByRole('listitem').count()).toBeGreaterThanOrEqual(4);
  expect(await gate.getByText('"Job title" has to be filled in.').count()).toBe(2);
  expect(await everyLook(gate, 'gate')).toEqual([]);
  await gate.keyboard.press('Escape');
  await gate.getByRole('dialog', { name: 'Sign the policy' }).waitFor({ state: 'hidden' });
});

test('the receipt and the pages of the tray meet WCAG 2.2 AA too', { timeout: 120_000 }, async () => {
  const gate = await shell.page('gate');
  await fillForm(gate, { name: 'Robin Ashdown', jobTitle: 'Class teacher', signature: 'drawn' });
  await sign(gate);
  expect(await everyLook(gate, 'gate')).toEqual([]);
  await goOn(gate);
  for (const [label, name] of [
    ['Read the policy', 'policy'],
    ['My receipts', 'receipts'],
    ['About Usher', 'about'],
  ] as const) {
    await expect
      .poll(
        async () => shell.standIn === null || (await shell.tray()).some((line) => line.label === label && line.enabled),
      )
      .toBe(true);
    await shell.clickTray(label);
    const page = await shell.page(name);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect(await everyLook(page, name)).toEqual([]);
  }
});
