import { createHmac } from 'node:crypto';
import { resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openBrowser } from '../support/browser.ts';
import { giveReason, goTo, signInByLink } from '../support/day/reviewer.ts';
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

async function school() {
  const server = await runningServer({ consoleFolder: resolve(import.meta.dirname, '../../dist/console') });
  const { published } = await server.publish(testPolicy());
  const device = await enrolledDevice(server, 'room-12');
  device.begin();
  device.accept('robin.a', published);
  await device.sync(server.origin);
  return server;
}

/** RFC 6238 with the defaults of every authenticator app: SHA-1, 30 seconds, six digits. */
function codeOfApp(secret: string, atMs = Date.now()): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret.replace(/=+$/, '')].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const from = (digest.at(-1) ?? 0) & 0xf;
  return String((digest.readUInt32BE(from) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

const settings = async (page: Page, word: string): Promise<void> => {
  await goTo(page, 'Settings');
  await page.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: word }).click();
};

async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
}

const password = 'four words are easy to keep';

test('password and app, then a backup code, set up and used by hand', { timeout: 180_000 }, async () => {
  const server = await school();
  const page = await signInByLink(browser, await server.signInLink());
  await settings(page, 'You');
  await page.getByRole('heading', { name: 'Password' }).waitFor();
  expect(await everyLook(page, 'you')).toEqual([]);
  await page.getByRole('textbox', { name: 'New password' }).fill(password);
  await page.getByRole('button', { name: 'Set a password' }).click();
  await page.getByText('The password is set.').waitFor();
  await page.getByRole('textbox', { name: 'Your password' }).fill(password);
  await page.getByRole('button', { name: 'Set up the app' }).click();
  await page.getByText('Backup codes, shown this once').waitFor();
  expect(await everyLook(page, 'setting up the app')).toEqual([]);
  const secret = await page.locator('ol code').innerText();
  const backup = await page.locator('ul[class*="codes"] li').first().innerText();
  await page.getByRole('textbox', { name: 'Six digits' }).fill('000000');
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('textbox', { name: 'Six digits' }).fill(codeOfApp(secret));
  await page.getByRole('button', { name: 'Finish' }).click();
  await page.getByText(/backup codes are\s+left/).waitFor();

  await signOut(page);
  expect(await everyLook(page, 'sign in')).toEqual([]);
  const email = 'administrator@usher.invalid';
  const typePassword = async (text: string) => {
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(text);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  };
  await typePassword('not the right password');
  await page.getByRole('alert').waitFor();
  await typePassword(password);
  await page.getByRole('heading', { name: 'The code of your app' }).waitFor();
  expect(await everyLook(page, 'second factor')).toEqual([]);
  await page.getByRole('textbox', { name: 'Six digits' }).fill(codeOfApp(secret, Date.now() + 30_000));
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();

  await signOut(page);
  await typePassword(password);
  await page.getByRole('button', { name: 'Use a backup code' }).click();
  await page.getByRole('textbox', { name: 'Backup code' }).fill(backup);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await page.context().close();
});

test('a passkey is made and signs in', { timeout: 120_000 }, async () => {
  const server = await school();
  const page = await signInByLink(browser, (await server.signInLink()).replace('127.0.0.1', 'localhost'));
  const developerTools = await page.context().newCDPSession(page);
  await developerTools.send('WebAuthn.enable');
  await developerTools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await settings(page, 'You');
  await page.getByRole('textbox', { name: 'What to call it' }).fill('Office computer');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('button', { name: 'Remove the passkey Office computer' }).waitFor();
  await signOut(page);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  await page.context().close();
});

test(
  'somebody is invited as a reviewer, opens a record for a reason once another agreed, and it is all on the trail',
  {
    timeout: 180_000,
  },
  async () => {
    const server = await school();
    const page = await signInByLink(browser, await server.signInLink());
    await settings(page, 'Users');
    expect(await everyLook(page, 'users')).toEqual([]);
    const invite = async (name: string, email: string, role: string): Promise<string> => {
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      const panel = page.getByRole('dialog');
      await panel.getByRole('textbox', { name: 'Name' }).fill(name);
      await panel.getByRole('textbox', { name: 'E-mail address' }).fill(email);
      await panel.getByRole('checkbox', { name: role }).check();
      if (role === 'Reviewer') expect(await everyLook(page, 'inviting')).toEqual([]);
      await panel.getByRole('button', { name: 'Make the invitation' }).click();
      const link = await panel.locator('code').innerText();
      await panel.getByRole('button', { name: 'Close' }).click();
      return link;
    };
    const reviewerLink = await invite('Sam Reviewer', 'sam@school.example', 'Reviewer');
    const leadLink = await invite('Lee Lead', 'lee@school.example', 'Safeguarding lead');
    await page.getByRole('row').filter({ hasText: 'sam@school.example' }).getByRole('link').click();
    await page.getByRole('heading', { name: 'Change the roles' }).waitFor();
    expect(await everyLook(page, 'user')).toEqual([]);
    await settings(page, 'Openings');
    await page.getByRole('button', { name: 'How records open' }).click();
    await page.getByRole('checkbox', { name: 'A second person has to agree' }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved. It holds from now on.').waitFor();

    const withPassword = async (link: string): Promise<Page> => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
      const theirs = await context.newPage();
      await theirs.goto(link);
      await theirs.getByRole('heading', { name: 'Passkeys' }).waitFor();
      await theirs.getByRole('textbox', { name: 'New password' }).fill(password);
      await theirs.getByRole('button', { name: 'Set a password' }).click();
      await theirs.getByRole('textbox', { name: 'Your password' }).fill(password);
      await theirs.getByRole('button', { name: 'Set up the app' }).click();
      const secret = await theirs.locator('ol code').innerText();
      await theirs.getByRole('textbox', { name: 'Six digits' }).fill(codeOfApp(secret));
      await theirs.getByRole('button', { name: 'Finish' }).click();
      await theirs.getByText(/backup codes are\s+left/).waitFor();
      return theirs;
    };
    const reviewer = await withPassword(reviewerLink);
    expect(
      await reviewer.getByRole('navigation', { name: 'Settings' }).getByRole('link', { name: 'Users' }).count(),
    ).toBe(0);
    await goTo(reviewer, 'People');
    await reviewer.getByRole('row').filter({ hasText: 'robin.a' }).getByRole('link').first().click();
    await reviewer.getByRole('textbox', { name: 'Why' }).fill('A pupil said that something happened');
    expect(await everyLook(reviewer, 'reason')).toEqual([]);
    await reviewer.getByRole('button', { name: 'Ask to open it' }).click();
    await reviewer.getByText('Waits for a second person').waitFor();

    const lead = await withPassword(leadLink);
    await settings(lead, 'Openings');
    await lead.getByRole('row').filter({ hasText: 'Sam Reviewer' }).getByRole('link').click();
    expect(await everyLook(lead, 'opening')).toEqual([]);
    await lead.getByRole('button', { name: 'Agree', exact: true }).click();
    await lead.getByRole('dialog').getByText('Open until').waitFor();
    await reviewer.getByRole('button', { name: /Show it|Look again/ }).click();
    await reviewer.getByRole('heading', { name: 'Acceptances' }).waitFor({ timeout: 15_000 });

    await settings(page, 'Audit trail');
    await page.getByText(/entries hold together/).waitFor();
    await page.getByRole('row').filter({ hasText: 'Sam Reviewer' }).first().waitFor();
    expect(await everyLook(page, 'audit')).toEqual([]);
    await settings(page, 'Schools');
    await page.getByRole('textbox', { name: 'Name' }).fill('North Hill School');
    await page.getByRole('button', { name: 'Add the school' }).click();
    await page.getByText('north-hill').first().waitFor();
    expect(await everyLook(page, 'schools')).toEqual([]);
    for (const one of [reviewer, lead, page]) await one.context().close();
  },
);

test(
  'a record opens at once for a reason where nobody else has to agree, and leaves as an archive and as an evidence pack',
  {
    timeout: 60_000,
  },
  async () => {
    const server = await school();
    const page = await signInByLink(browser, await server.signInLink());
    await goTo(page, 'People');
    await page.getByRole('row').filter({ hasText: 'robin.a' }).getByRole('link').first().click();
    await giveReason(page);
    await page.getByRole('textbox', { name: 'Who asked for it, and why' }).fill('Their own request of 2 November');
    for (const [button, file] of [
      ['Everything about them', /^everything-about-one-person-.*\.zip$/],
      ['An evidence pack', /^evidence-person-.*\.zip$/],
    ] as const) {
      const [saved] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: button }).click(),
      ]);
      expect(saved.suggestedFilename()).toMatch(file);
    }
    expect(await everyLook(page, 'person')).toEqual([]);
    await page.context().close();
  },
);
