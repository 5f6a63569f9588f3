import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { EventType } from '../../src/contract/event.ts';
import type { UsbRules } from '../../src/contract/usb.ts';
import { openBrowser } from '../support/browser.ts';
import { goTo, signInByLink } from '../support/day/reviewer.ts';
import { startSchool, type RunningSchool } from '../support/day/running-school.ts';
import { schoolEvents } from '../support/day/school-events.ts';
import { acceptThePolicy, goOn } from '../support/day/staff.ts';
import { everyLook } from '../support/every-look.ts';
import type { ShellDriver } from '../support/shell-driver.ts';
import { testPolicy } from '../support/test-device.ts';
import { hasFakeBus, layBus, needsFakeBus, type FakeBus } from '../support/usb/fake-bus.ts';
import { pretend } from '../support/usb/usb-devices.ts';

const soon = { timeout: 15_000, interval: 100 };
const slow = { timeout: 240_000 };

let browser: Browser;
beforeAll(async () => {
  if (hasFakeBus) browser = await openBrowser();
});
afterAll(async () => {
  if (hasFakeBus) await browser.close();
});

interface Desk {
  bus: FakeBus;
  school: RunningSchool;
  shell: ShellDriver;
  events(type: EventType): Promise<string[]>;
  usable(port: string): Promise<string | null>;
}
let open: { school: RunningSchool; bus: FakeBus } | null = null;
afterEach(async () => {
  await open?.school.close();
  open?.bus.close();
  open = null;
});

const usb: UsbRules = {
  clause: 'passwords.1',
  instead: 'Use the shared drive.',
  rules: [
    { id: 'sticks', kinds: ['storage'], action: 'ask' },
    { id: 'phones', kinds: ['phone'], action: 'block', noExceptions: true },
  ],
};

/** A computer on a bus of its own, with somebody at it who has accepted the policy. */
async function desk(rules: UsbRules = usb, before?: (bus: FakeBus) => Promise<unknown>): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-usb-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify({ ...testPolicy(), rules: { usb: rules } }));
  const bus = await layBus();
  await before?.(bus);
  const school = await startSchool({ policyFile, usb: bus, settings: { pollSeconds: '1' } });
  open = { school, bus };
  const shell = await school.openShell({ displays: ['1280x800'] });
  const gate = await shell.page('gate');
  await acceptThePolicy(
    gate,
    { audience: 'Staff', teaching: false },
    { name: 'Robin Ashdown', jobTitle: 'Teacher', signature: 'typed' },
  );
  await goOn(gate);
  return {
    bus,
    school,
    shell,
    events: async (type) => (await schoolEvents(school.machine, type)).map(({ summary }) => summary),
    usable: (port) => bus.read(port, 'authorized'),
  };
}

const consoleFor = async (school: RunningSchool): Promise<Page> => signInByLink(browser, await school.signInLink());
const onDevices = async (page: Page, view: string): Promise<void> => {
  await goTo(page, 'Devices');
  await page.getByRole('navigation', { name: 'Devices' }).getByRole('link', { name: view }).click();
};

test.skipIf(!hasFakeBus)(
  `a stick: held, asked for, approved, used, replugged, kept over a restart, taken back${needsFakeBus}`,
  slow,
  async () => {
    const here = await desk();
    const page = await consoleFor(here.school);
    await goTo(page, 'Devices');
    await here.bus.add('1-1', pretend.stick());
    const notice = await here.shell.page('notice');
    await notice.getByRole('heading', { name: 'This USB stick was not opened' }).waitFor();
    await notice.getByText('Use the shared drive.').waitFor();
    expect(await everyLook(notice, 'USB notice', [[440, 360]])).toEqual([]);
    expect(await here.usable('1-1')).toBe('0');
    await page.getByRole('row').filter({ hasText: 'Cruzer Blade' }).getByText('blocked', { exact: true }).waitFor();
    expect(await everyLook(page, 'plugged in')).toEqual([]);
    await expect
      .poll(() => here.events('usb.blocked'), soon)
      .toEqual(['USB stick SanDisk Cruzer Blade was blocked before it could be used.']);

    await notice.getByRole('button', { name: 'Ask permission' }).click();
    await notice.getByRole('textbox', { name: 'What do you need it for?' }).fill('Slides for assembly');
    expect(await everyLook(notice, 'asking', [[440, 360]])).toEqual([]);
    await notice.getByRole('button', { name: 'Send to IT' }).click();
    await (await here.shell.page('notice')).getByRole('heading', { name: 'IT was asked' }).waitFor();

    await onDevices(page, 'Requests');
    await page.getByRole('row').filter({ hasText: 'Slides for assembly' }).getByRole('link').click();
    const panel = page.getByRole('dialog');
    await panel.getByRole('combobox', { name: 'For how long' }).selectOption('1 hour');
    expect(await everyLook(page, 'request')).toEqual([]);
    const asked = performance.now();
    await panel.getByRole('button', { name: 'Approve' }).click();
    await expect.poll(() => here.usable('1-1'), soon).toBe('1');
    // Within one poll: the machine asks every three seconds while a request of its own is open.
    expect(performance.now() - asked).toBeLessThan(5_000);
    await (await here.shell.page('notice')).getByRole('heading', { name: 'You may use this USB stick' }).waitFor();

    await here.bus.remove('1-1');
    await here.bus.add('1-4', pretend.stick());
    await expect.poll(() => here.usable('1-4'), soon).toBe('1');
    await here.school.restartMachine();
    await here.bus.remove('1-4');
    await here.bus.add('1-2', pretend.stick());
    await expect.poll(() => here.usable('1-2'), soon).toBe('1');
    await here.bus.add('1-3', pretend.stick('4C530001230112116299'));
    await expect.poll(() => here.events('usb.blocked'), soon).toHaveLength(2);
    expect(await here.usable('1-3')).toBe('0');

    const again = await consoleFor(here.school);
    await onDevices(again, 'Allowed');
    expect(await everyLook(again, 'allowed')).toEqual([]);
    await again.getByRole('row').filter({ hasText: 'Cruzer Blade' }).getByRole('link').click();
    await again.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
    await expect.poll(() => here.usable('1-2'), soon).toBe('0');
    await onDevices(again, 'All devices');
    await again.getByRole('row').filter({ hasText: '4C530001230112116281' }).getByRole('link').click();
    await again.getByRole('dialog').getByText('Where it has been').waitFor();
    expect(await everyLook(again, 'one device')).toEqual([]);
    await onDevices(again, 'Try a rule');
    await again.getByRole('combobox', { name: 'it is' }).selectOption('allowed');
    await again.getByRole('button', { name: 'See what it would have done' }).click();
    await again.getByRole('heading', { name: /insertions? of \d+ would have been treated more strictly/ }).waitFor();
    await again.getByRole('cell', { name: 'Held until IT agrees' }).first().waitFor();
    expect(await everyLook(again, 'try a rule')).toEqual([]);
  },
);

test.skipIf(!hasFakeBus)(
  `phones, a hub with three sticks, a stick that types, keyboard and mouse: each by what it is${needsFakeBus}`,
  slow,
  async () => {
    const here = await desk(usb, (bus) => bus.add('1-9', pretend.mouse()));
    await here.bus.add('1-1', pretend.phone());
    await here.bus.add('1-2', pretend.phoneUnderItsOwnClass());
    await here.bus.add('1-3', pretend.hub());
    for (const port of ['1-3.1', '1-3.2', '1-3.3']) await here.bus.add(port, pretend.stick(`AA00${port}`));
    await here.bus.add('1-4', pretend.badUsb());
    await here.bus.add('1-5', pretend.keyboard());
    await here.bus.add('1-6', pretend.keyboard());
    await here.bus.add('1-7', {
      ...pretend.stick('CUT1'),
      descriptors: new Uint8Array([18, 1, 0, 2, 0, 0, 0, 64, 0x81, 7, 0x67, 0x55, 0, 1, 0, 0, 0, 9, 9, 2, 255, 255]),
    });
    await expect.poll(() => here.events('usb.blocked'), soon).toHaveLength(7);
    const ports = ['1-1', '1-2', '1-3', '1-3.1', '1-3.2', '1-3.3', '1-4', '1-5', '1-6', '1-7', '1-9'];
    const states = await Promise.all(ports.map((port) => here.usable(port)));
    expect(Object.fromEntries(ports.map((port, place) => [port, states[place]]))).toEqual({
      '1-1': '0',
      '1-2': '0',
      '1-3': '1',
      '1-3.1': '0',
      '1-3.2': '0',
      '1-3.3': '0',
      '1-4': '0',
      '1-5': '1',
      '1-6': '1',
      '1-7': '0',
      '1-9': '1',
    });
    const decided = await here.events('usb.decided');
    expect(decided).toContain('Phone Google Pixel 7 was plugged in: it is not allowed.');
    expect(decided).toContain('Device that stores and types ATMEL Flash + KB was plugged in: it is not allowed.');
    expect(decided).toContain('Mouse Logitech USB Optical Mouse was there when Usher started: it may be used.');
    expect(decided.find((one) => one.includes('not to be believed'))).toBeDefined();
    const bodies = await schoolEvents(here.school.machine, 'usb.decided');
    expect(bodies.every(({ body }) => body?.rule !== null)).toBe(true);
  },
);

test.skipIf(!hasFakeBus)(
  `a stick that comes and goes 200 times: none missed, none twice${needsFakeBus}`,
  slow,
  async () => {
    const here = await desk();
    for (let time = 0; time < 200; time += 1) {
      await here.bus.add('1-1', pretend.stick(`FLICKER${String(time).padStart(4, '0')}`));
      if (time % 3 > 0) await new Promise((resolve) => setTimeout(resolve, 5 * (time % 7)));
      await here.bus.remove('1-1');
    }
    const serials = async (type: 'usb.decided' | 'usb.removed') =>
      (await schoolEvents(here.school.machine, type)).map(({ body }) =>
        body?.type === 'usb.decided' || body?.type === 'usb.removed' ? body.data.device.serial : null,
      );
    // None may be lost; how soon they are all on the server is the benchmark's business.
    await expect.poll(async () => (await serials('usb.removed')).length, { timeout: 90_000, interval: 500 }).toBe(200);
    expect((await serials('usb.decided')).length).toBe(200);
    const named = (await serials('usb.decided')).filter((serial) => serial !== null);
    expect(new Set(named).size).toBe(named.length);
    const failed = await here.events('usb.blockFailed');
    expect(failed).toEqual([]);
  },
);

test.skipIf(!hasFakeBus)(
  `without a server: a code that IT reads out works once, for that device on that machine${needsFakeBus}`,
  slow,
  async () => {
    const here = await desk();
    await here.bus.add('1-1', pretend.stick());
    const notice = await here.shell.page('notice');
    await notice.getByRole('button', { name: 'I have a code' }).click();
    const deviceCode = await notice.locator('.notice-code').innerText();
    expect(await everyLook(notice, 'code', [[440, 360]])).toEqual([]);
    const page = await consoleFor(here.school);
    await onDevices(page, 'Requests');
    await page.getByRole('link', { name: 'Make a code to read out' }).click();
    const panel = page.getByRole('dialog');
    await panel.getByLabel('Machine').first().click();
    await page.getByRole('listbox').getByRole('option').first().click();
    await panel.getByRole('textbox', { name: 'The letters they read out' }).fill(deviceCode.toLowerCase());
    await panel.getByRole('textbox', { name: 'Who rang, and what it is for' }).fill('Robin, assembly');
    await panel.getByRole('button', { name: 'Make the code' }).click();
    const code = await panel.getByText(/^[0-9A-Z]{5}-[0-9A-Z]{5}$/).innerText();
    expect(await everyLook(page, 'a code')).toEqual([]);
    await here.school.machine.server.stop();

    const type = async (text: string): Promise<void> => {
      await notice.getByRole('textbox', { name: 'The code IT gives you' }).fill(text);
      await notice.getByRole('button', { name: 'Use this code' }).click();
    };
    await type('00000-00000');
    await notice.getByText('This code is not right').waitFor();
    expect(await here.usable('1-1')).toBe('0');
    await type(code);
    await expect.poll(() => here.usable('1-1'), soon).toBe('1');
    await (await here.shell.page('notice')).getByText('You may use this USB stick').waitFor();

    await here.bus.add('1-2', pretend.stick('4C530001230112116299'));
    const second = await here.shell.page('notice');
    await second.getByRole('heading', { name: 'This USB stick was not opened' }).waitFor();
    await second.getByRole('button', { name: 'I have a code' }).click();
    await second.getByRole('textbox', { name: 'The code IT gives you' }).fill(code);
    await second.getByRole('button', { name: 'Use this code' }).click();
    await second.getByText('This code is not right').waitFor();
    expect(await here.usable('1-2')).toBe('0');
  },
);

test.skipIf(!hasFakeBus)(
  `while the screen is locked: what is new waits, what was there comes back${needsFakeBus}`,
  slow,
  async () => {
    const allowsSticks: UsbRules = { ...usb, rules: usb.rules.slice(1) };
    const here = await desk(allowsSticks, (bus) => bus.add('1-8', pretend.keyboard()));
    await here.bus.add('1-1', pretend.stick());
    await expect.poll(() => here.usable('1-1'), soon).toBe('1');
    await here.shell.standIn?.power('lock-screen');
    await expect.poll(() => here.events('session.locked'), soon).toHaveLength(1);
    await here.bus.add('1-2', pretend.stick('4C530001230112116299'));
    await here.bus.remove('1-1');
    await here.bus.add('1-1', pretend.stick());
    await expect.poll(() => here.usable('1-1'), soon).toBe('1');
    expect(await here.usable('1-2')).toBe('0');
    await here.shell.standIn?.power('unlock-screen');
    await expect.poll(() => here.usable('1-2'), soon).toBe('1');
    expect(await here.events('usb.decided')).toContain(
      'USB stick SanDisk Cruzer Blade was plugged in: it waits until the screen is unlocked.',
    );
  },
);

test.skipIf(!hasFakeBus)(
  `a stick that locks the screen, an encrypted one that may be used, and a plain one that may not${needsFakeBus}`,
  slow,
  async () => {
    const here = await desk({
      clause: 'passwords.1',
      rules: [
        { id: 'encrypted', kinds: ['storage'], require: ['encrypted'], action: 'allow' },
        { id: 'plain', kinds: ['storage'], action: 'block', lockScreen: true },
      ],
    });
    await here.bus.add('1-1', pretend.encryptedStick());
    await expect.poll(() => here.usable('1-1'), soon).toBe('1');
    await here.bus.add('1-2', pretend.stick());
    await expect.poll(() => here.events('usb.blocked'), soon).toHaveLength(1);
    expect(await here.usable('1-2')).toBe('0');
    expect((await here.events('usb.blocked'))[0]).toMatch(/was blocked after \d+ ms; until then it could be used/);
    const locks = await schoolEvents(here.school.machine, 'lock.requested');
    expect(locks[0]?.body).toMatchObject({ data: { reason: 'usb' }, rule: { clause: 'passwords.1' } });
  },
);

test.skipIf(!hasFakeBus)(
  `a kernel that refuses: never called blocked, said to the person and to IT, and blocked when it can be${needsFakeBus}`,
  slow,
  async () => {
    const here = await desk();
    await here.bus.add('1-1', pretend.stick(), 'jammed');
    const notice = await here.shell.page('notice');
    await notice.getByRole('heading', { name: 'This USB stick could not be stopped' }).waitFor();
    expect(await everyLook(notice, 'not stopped', [[440, 360]])).toEqual([]);
    const page = await consoleFor(here.school);
    await page.getByText(/a USB device that should be blocked can be used/).waitFor();
    await goTo(page, 'Devices');
    await page.getByRole('row').filter({ hasText: 'Cruzer Blade' }).getByText('not blocked').waitFor();
    expect(await here.events('usb.blocked')).toEqual([]);
    await here.bus.mend('1-1');
    await expect.poll(() => here.usable('1-1'), { timeout: 20_000, interval: 200 }).toBe('0');
    await expect.poll(() => here.events('usb.blocked'), soon).toHaveLength(1);
    expect(await here.events('usb.blockFailed')).toHaveLength(1);
    await goTo(page, 'Overview');
    await expect.poll(() => page.getByText(/should be blocked can be used/).count(), soon).toBe(0);
  },
);
