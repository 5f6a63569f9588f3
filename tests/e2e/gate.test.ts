import { chromium } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startSchool, type RunningSchool } from '../support/day/running-school.ts';
import { readToTheEnd, sayWhoYouAre } from '../support/day/staff.ts';

let school: RunningSchool;
beforeEach(async () => {
  school = await startSchool({ settings: { pollSeconds: '2' } });
});
afterEach(async () => {
  await school.close();
});

test('every display is covered, also one that is plugged in later', { timeout: 60_000 }, async () => {
  const shell = await school.openShell({ displays: ['1280x800', '1920x1080'] });
  await shell.page('gate');
  await shell.page('cover');
  if (shell.standIn === null) throw new Error('Two simulated displays need the stand-in');
  const { id } = await shell.standIn.addDisplay('1024x768');
  await expect.poll(async () => (await shell.windows()).filter(({ page }) => page === 'cover').length).toBe(2);
  await shell.standIn.removeDisplay(id);
  await expect.poll(async () => (await shell.windows()).filter(({ page }) => page === 'cover').length).toBe(1);
});

test('closing, minimising, leaving full screen and crashing do not get rid of it', { timeout: 60_000 }, async () => {
  const shell = await school.openShell({ displays: ['1280x800'] });
  await shell.page('gate');
  if (shell.standIn === null) throw new Error('A window that is attacked needs the stand-in');
  const window = async () => {
    const found = (await shell.windows()).find(({ page }) => page === 'gate');
    if (found === undefined) throw new Error('The gate is gone');
    return found;
  };
  expect(await shell.tryClose('gate')).toBe(false);
  await shell.standIn.minimise((await window()).id);
  await shell.standIn.leaveFullScreen((await window()).id);
  await expect.poll(window).toMatchObject({ page: 'gate' });
  await shell.standIn.crash((await window()).id);
  await expect.poll(() => shell.output(), { timeout: 15_000 }).toContain('is loaded again');
  await expect.poll(() => headingSeenAfresh(shell.output()), { timeout: 15_000 }).toBe('Who are you here as?');
});

/** What is on the gate, seen by a fresh connection: a driver goes on calling a page crashed. */
async function headingSeenAfresh(output: string): Promise<string | null> {
  const fresh = await chromium.connectOverCDP(/"devTools":"([^"]+)"/.exec(output)?.[1] ?? '');
  try {
    const gate = fresh
      .contexts()
      .flatMap((context) => context.pages().filter((page) => page.url().includes('/aup/')))[0];
    return (await gate?.getByRole('heading', { level: 1 }).textContent({ timeout: 1_000 })) ?? null;
  } catch {
    return null;
  } finally {
    await fresh.close();
  }
}

test(
  'a page that was taken over can neither leave, open windows nor call from elsewhere',
  { timeout: 60_000 },
  async () => {
    const shell = await school.openShell({ displays: ['1280x800'] });
    const gate = await shell.page('gate');
    const address = gate.url();
    await gate.evaluate(() => {
      window.open('https://example.org/');
      window.location.href = 'https://example.org/';
    });
    await gate.waitForTimeout(300);
    expect(gate.url()).toBe(address);
    expect((await shell.windows()).map(({ page }) => page)).toEqual(['gate']);
    if (shell.standIn === null) return;
    const id = (await shell.windows())[0]?.id ?? -1;
    const call = { id, channel: 'usher:accept', values: [{}], frame: 'main' as const };
    const answer = await shell.standIn.invoke({ ...call, address: 'https://example.org/' });
    expect(JSON.stringify(answer)).not.toContain('"ok":true');
  },
);

test('the shell killed in the middle: the gate is back where the person was', { timeout: 60_000 }, async () => {
  const first = await school.openShell();
  const gate = await first.page('gate');
  await sayWhoYouAre(gate, { audience: 'Staff', teaching: false });
  await readToTheEnd(gate);
  await gate.waitForTimeout(1_500);
  await first.kill();

  const second = await school.openShell();
  const again = await second.page('gate');
  await sayWhoYouAre(again, { audience: 'Staff', teaching: false });
  await again.getByText('You are back where you stopped.').waitFor();
});

test('the whole machine restarted in the middle: the gate is back', { timeout: 60_000 }, async () => {
  const first = await school.openShell();
  await first.page('gate');
  await first.quit();
  await school.restartMachine();
  const second = await school.openShell();
  await (await second.page('gate')).getByRole('heading', { level: 1 }).waitFor();
});

test(
  'the service gone for a while: the tray and the page say so, and both come back',
  { timeout: 60_000 },
  async () => {
    const shell = await school.openShell();
    const gate = await shell.page('gate');
    await sayWhoYouAre(gate, { audience: 'Staff', teaching: false });
    await school.machine.stop();
    await gate.getByText('Usher is restarting on this computer.').first().waitFor();
    if (shell.standIn !== null)
      await expect
        .poll(async () => (await shell.tray()).map(({ label }) => label).join('\n'))
        .toContain("Usher's service is not answering");
    await school.restartMachine();
    await gate.getByText('Usher is restarting on this computer.').first().waitFor({ state: 'hidden', timeout: 20_000 });
  },
);

test('the server gone: what is answered waits, and the tray says since when', { timeout: 60_000 }, async () => {
  const shell = await school.openShell();
  await shell.page('gate');
  if (shell.standIn === null) return;
  await expect.poll(async () => (await shell.tray()).map(({ label }) => label).join('\n')).toMatch(/Last synced/);
  await school.machine.server.stop();
  const gate = await shell.page('gate');
  await sayWhoYouAre(gate, { audience: 'Staff', teaching: false });
  await gate.getByRole('button', { name: 'I do not accept' }).click();
  await gate.getByRole('dialog').getByRole('button', { name: 'I do not accept' }).click();
  await gate.getByText('You have not accepted').first().waitFor();
  await expect
    .poll(async () => (await shell.tray()).map(({ label }) => label).join('\n'), { timeout: 20_000 })
    .toMatch(/Not synced since .*waiting\)/);
});
