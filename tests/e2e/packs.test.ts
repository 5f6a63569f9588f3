import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { publishAnswer } from '../../src/contract/console.ts';
import type { Policy } from '../../src/contract/policy.ts';
import { startSchool, type RunningSchool } from '../support/day/running-school.ts';
import { fillForm, goOn, readToTheEnd, sayWhoYouAre, sign, verificationCodeOn } from '../support/day/staff.ts';
import { everyLook } from '../support/every-look.ts';
import { filledPack, type StarterPack } from '../support/pack.ts';
import type { ShellDriver } from '../support/shell-driver.ts';
import { testPolicy } from '../support/test-device.ts';

/** One launch for all of them: each pack takes the place of the one before. */
let school: RunningSchool;
let shell: ShellDriver;
let folder: string;

const reader = { audience: 'Staff', teaching: true };
const signing = { name: 'Robin Ashdown', jobTitle: 'Class teacher', signature: 'typed' } as const;
const soon = { timeout: 10_000, interval: 100 };
/** The narrowest, where most can go wrong. */
const looks = [[390, 844]] as const;
const second: Policy = {
  ...testPolicy(),
  id: 'laptops',
  title: 'Borrowing a laptop',
  renewal: { kind: 'onChange', graceDays: 5 },
};

async function publish(policy: Policy, insteadOf?: string): Promise<void> {
  const token = readFileSync(join(school.stateFolder, 'server', 'operator-token'), 'utf8').trim();
  const query = insteadOf === undefined ? '' : `?insteadOf=${insteadOf}`;
  const answer = await fetch(`${school.machine.origin}/v1/policies${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(policy),
  });
  publishAnswer.parse(await answer.json());
}
/** Puts a pack in force alone, and waits for its page. */
async function gateOf(pack: StarterPack): Promise<Page> {
  await publish(filledPack(pack), 'all');
  return await gateShowing(filledPack(pack).title);
}
async function gateShowing(title: string): Promise<Page> {
  await expect.poll(async () => (await shell.windows()).some(({ page }) => page === 'gate'), soon).toBe(true);
  const gate = await shell.page('gate');
  await sayWhoYouAre(gate, reader);
  await gate.getByRole('heading', { level: 1, name: title }).waitFor();
  return gate;
}
async function acceptHere(gate: Page): Promise<void> {
  await readToTheEnd(gate);
  await fillForm(gate, signing);
  await sign(gate);
}
const trayLines = async () => (await shell.tray()).map(({ label }) => label);
const shows = async (line: string | RegExp) =>
  await expect
    .poll(
      async () => (await trayLines()).some((label) => (typeof line === 'string' ? label === line : line.test(label))),
      soon,
    )
    .toBe(true);
async function decline(gate: Page, why = ''): Promise<void> {
  await gate.getByRole('button', { name: 'I do not accept' }).click();
  const dialog = gate.getByRole('dialog', { name: 'You do not accept' });
  if (why !== '') await dialog.getByRole('textbox').fill(why);
  await dialog.getByRole('button', { name: 'I do not accept' }).click();
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'usher-packs-'));
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify(filledPack('short-primary')));
  school = await startSchool({ policyFile, settings: { pollSeconds: '1' } });
  await publish(second);
  shell = await school.openShell();
});
afterAll(async () => {
  await school.close();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'the short policy and a second one: 1 of 2, declining and thinking again, then "Not now" for the other',
  { timeout: 60_000 },
  async () => {
    const gate = await gateShowing('Acceptable use of ICT: the short policy');
    await gate.getByText('1 of 2').waitFor();
    await decline(gate);
    await gate.getByRole('heading', { name: 'You have not accepted' }).waitFor();
    await gate.getByText(/^You are signed out in (2 minutes|\d+ seconds)\.$/).waitFor();
    expect(await everyLook(gate, 'gate-leaving', looks)).toEqual([]);
    await gate.getByRole('button', { name: 'Read the policy again' }).click();
    await gate.getByRole('heading', { level: 1, name: 'Acceptable use of ICT: the short policy' }).waitFor();
    await readToTheEnd(gate);
    await fillForm(gate, signing);
    await gate.getByRole('button', { name: 'Sign and accept' }).click();

    await gate.getByRole('heading', { level: 1, name: 'Borrowing a laptop' }).waitFor();
    await gate.getByText('2 of 2', { exact: false }).first().waitFor();
    await gate.getByText('“Acceptable use of ICT: the short policy” is recorded').waitFor();
    await gate.getByRole('button', { name: 'Not now' }).click();
    await gate.getByRole('heading', { name: /^Recorded at/ }).waitFor();
    await goOn(gate);
    await shows(/^Locks (in|after) .* \(clause 1\.2\)$/);
    await shows(/^Borrowing a laptop, version 1: accept it by/);
    expect(await trayLines()).toContain('Read and accept what is open');
  },
);

test(
  'three parts, on a shared account: who is it, then the computer says which clause locks it and the policy can be read again',
  { timeout: 60_000 },
  async () => {
    const pack = filledPack('primary-three-parts');
    const { sharedAccounts } = pack.rules ?? {};
    if (sharedAccounts === undefined) throw new Error('The pack has no shared accounts');
    // Whoever runs the test is on an account that several people share.
    const rules = { ...pack.rules, sharedAccounts: { ...sharedAccounts, accounts: [userInfo().username] } };
    await publish({ ...pack, rules }, 'all');
    await expect.poll(async () => (await shell.windows()).some(({ page }) => page === 'gate'), soon).toBe(true);
    const name = await shell.page('gate');
    await name.getByRole('button', { name: 'Go on' }).click();
    await name.getByText('Give your full name.').waitFor();
    expect(await everyLook(name, 'gate-name', looks)).toEqual([]);
    await name.getByLabel('Your full name').fill('Alex Example');
    await name.getByLabel(/^Where you come from/).fill('Example Supply');
    await name.getByLabel('What you are here for').fill('Cover in year 4');
    await name.getByRole('button', { name: 'Go on' }).click();
    const gate = await gateShowing(pack.title);
    await readToTheEnd(gate);
    await fillForm(gate, { ...signing, name: 'Alex Example' });
    await sign(gate);
    expect(await verificationCodeOn(gate)).toMatch(/^\w{4}-\w{4}-\w{4}$/);
    await goOn(gate);
    await shows('Staff acceptable use policy, version 1');
    await shows(/^Locks (in|after) .* \(clause A2\.2\)$/);
    await shell.clickTray('Read the policy');
    const page = await shell.page('policy');
    await page.getByText('without exception', { exact: false }).first().waitFor();
    await page.getByText(/You accepted this version on/).waitFor();
  },
);

test(
  'the trust’s agreement: time to save before signing out, then the questions and the declaration',
  { timeout: 60_000 },
  async () => {
    const gate = await gateOf('trust-agreement');
    await decline(gate);
    const strip = await shell.page('standing');
    await strip.getByText(/^You are signed out in/).waitFor();
    expect((await shell.windows()).map(({ page }) => page)).not.toContain('gate');
    await strip
      .getByRole('button', { name: 'Read and accept' })
      .click()
      .catch(() => undefined);

    const again = await gateShowing('Staff agreement on the use of technology');
    await readToTheEnd(again);
    await again.getByRole('button', { name: 'Accept', exact: true }).click();
    const questions = again.getByRole('dialog', { name: '3 questions first' });
    await questions.getByRole('radio', { name: 'Close registers, messages and records' }).check();
    await questions.getByRole('radio', { name: 'Any stick that is new' }).check();
    await questions.getByRole('radio', { name: /^Within the hour/ }).check();
    await questions.getByRole('button', { name: 'Check my answers' }).click();
    await questions.getByText('Not quite. Clause 5.1').waitFor();
    expect(await everyLook(again, 'gate-questions', looks)).toEqual([]);
    await questions.getByRole('radio', { name: 'An encrypted one' }).check();
    await questions.getByRole('button', { name: 'Check my answers' }).click();
    const form = again.getByRole('dialog', { name: 'Sign the policy' });
    await form.waitFor();
    for (const statement of await form.getByRole('checkbox').all()) await statement.check();
    await form.getByLabel('School').fill('Example Primary');
    await form.getByLabel('Print name').fill(signing.name);
    await form.getByRole('textbox', { name: 'Type your full name as your signature' }).fill(signing.name);
    await sign(again);
    await goOn(again);
    await shows(/^Locks (in|after) .* \(clause 3\.3\)$/);
    await shows('Present for 90 minutes');
  },
);

test(
  '34 points: a limited session says so until it is accepted, and a second signature is waited for',
  { timeout: 60_000 },
  async () => {
    const gate = await gateOf('city-primary-34-points');
    await decline(gate, 'I want to ask about point 25.');
    const strip = await shell.page('standing');
    await strip.getByText('Limited session').waitFor();
    expect(await everyLook(strip, 'standing-limited', [[720, 64]])).toEqual([]);
    await shows(/not accepted, this session is limited$/);
    await strip
      .getByRole('button', { name: 'Read and accept' })
      .click()
      .catch(() => undefined);
    const again = await gateShowing('Acceptable use agreement for staff, volunteers and governors');
    await acceptHere(again);
    await again.getByText('It waits for a second signature').waitFor();
    await goOn(again);
    await shows(/^Acceptable use agreement .*: waits for a second signature$/);
    await shows(/^Locks (in|after) .* \(clause 26\)$/);
    await expect.poll(async () => (await shell.windows()).map(({ page }) => page), soon).not.toContain('standing');
  },
);

test(
  'the trust’s usage policy: the appendix is signed with the names filled in, and the receipt can be opened',
  { timeout: 60_000 },
  async () => {
    const gate = await gateOf('trust-ict-usage');
    await readToTheEnd(gate);
    await gate.getByRole('button', { name: 'Accept', exact: true }).click();
    await gate.getByText('I ask Ms Example (consult) first.', { exact: false }).waitFor();
    await gate.getByRole('button', { name: 'Back to the policy' }).last().click();
    await fillForm(gate, signing);
    await sign(gate);
    const code = await verificationCodeOn(gate);
    await goOn(gate);
    await shows(/^Locks (in|after) .* \(clause 9\.2\)$/);
    await shell.clickTray('My receipts');
    const receipts = await shell.page('receipts');
    await receipts.getByText(code).first().waitFor();
  },
);
