import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { acceptThePolicy, goOn } from '../support/day/staff.ts';
import { startSchool, type RunningSchool } from '../support/day/running-school.ts';
import { hasVirtualDisplay, needsVirtualDisplay, virtualDisplay } from '../support/virtual-display.ts';

let school: RunningSchool;
beforeAll(async () => {
  if (hasVirtualDisplay) school = await startSchool();
});
afterAll(async () => {
  if (hasVirtualDisplay) await school.close();
});

test.skipIf(!hasVirtualDisplay)(
  `on a real display the gate is a real window over all of it, Alt+F4 does not close it, and accepting removes it${needsVirtualDisplay}`,
  { timeout: 60_000 },
  async () => {
    const display = await virtualDisplay();
    onTestFinished(() => display.close());
    const shell = await school.openShell({
      env: { DISPLAY: display.name, STANDIN_HEADLESS: '0', STANDIN_CHROMIUM: 'chromium' },
    });
    const gate = await shell.page('gate');
    await gate.getByRole('heading', { level: 1 }).waitFor();
    const windows = () =>
      display.xdotool('search', '--onlyvisible', '--class', 'chromium').trim().split('\n').filter(Boolean);
    await expect.poll(() => windows().length, { timeout: 10_000 }).toBeGreaterThan(0);
    const window = windows()[0] ?? '';
    await expect.poll(() => display.xdotool('getwindowgeometry', window), { timeout: 10_000 }).toContain('1280x800');
    display.xdotool('windowfocus', '--sync', window, 'key', '--clearmodifiers', 'alt+F4');
    await gate.waitForTimeout(1_000);
    await expect.poll(() => windows().length, { timeout: 10_000 }).toBeGreaterThan(0);

    const open = await shell.page('gate');
    await acceptThePolicy(
      open,
      { audience: 'Staff', teaching: true },
      { name: 'Robin Ashdown', jobTitle: 'Teacher', signature: 'typed' },
    );
    await goOn(open);
    await expect.poll(async () => (await shell.windows()).length).toBe(0);
  },
);
