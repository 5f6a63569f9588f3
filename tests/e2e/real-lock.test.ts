import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { acceptThePolicy, goOn } from '../support/day/staff.ts';
import { startSchool, type RunningSchool } from '../support/day/running-school.ts';
import { schoolEvents } from '../support/day/school-events.ts';
import { hasRealDesktop, needsRealDesktop, password, realDesktop } from '../support/desktop/real-desktop.ts';
import { testPolicy } from '../support/test-device.ts';

const clause = 'passwords.1';
const pictures = resolve(import.meta.dirname, '../../test-results');
let school: RunningSchool | null = null;
afterAll(async () => {
  await school?.close();
});

test.skipIf(!hasRealDesktop)(
  `a real desktop: idle by its own clock, the warning, its own locker, no key leaks, and the server has it all${needsRealDesktop}`,
  { timeout: 120_000 },
  async () => {
    const desktop = await realDesktop();
    onTestFinished(() => desktop.close());
    mkdirSync(pictures, { recursive: true });
    const policyFile = join(pictures, 'policy.json');
    const rules = { idleLock: { clause, warnAfterSeconds: 4, lockAfterSeconds: 9 } };
    writeFileSync(policyFile, JSON.stringify({ ...testPolicy(), rules }));
    school = await startSchool({ policyFile, settings: { pollSeconds: '1' }, systemBus: desktop.systemBus });
    const { machine } = school;
    const shell = await school.openShell({
      env: { DISPLAY: desktop.name, STANDIN_HEADLESS: '0', STANDIN_CHROMIUM: 'chromium' },
    });
    const gate = await shell.page('gate');
    // DevTools types past the display; whoever reads the policy keeps its idle clock low with the mouse.
    const staying = setInterval(() => desktop.xdotool('mousemove_relative', '--', '1', '0'), 1_000);
    await acceptThePolicy(
      gate,
      { audience: 'Staff', teaching: false },
      { name: 'Robin Ashdown', jobTitle: 'Teacher', signature: 'typed' },
    );
    await goOn(gate);
    await expect.poll(async () => (await shell.windows()).length).toBe(0);
    clearInterval(staying);
    const seen = (type: Parameters<typeof schoolEvents>[1]) => schoolEvents(machine, type);
    expect((await seen('session.signedIn')).map(({ body }) => body?.data)).toContainEqual({
      seenBy: 'system',
      remote: false,
    });

    // The first time, somebody moves the mouse when the warning comes.
    const warning = await shell.page('idleWarning', 20_000);
    await warning.getByRole('heading', { name: 'Move the mouse to stay signed in' }).waitFor();
    expect(desktop.coveredBy('chromium')).toContain('1280x800');
    await warning.screenshot({ path: join(pictures, 'real-lock-warning.png') });
    desktop.xdotool('mousemove_relative', '--', '7', '7');
    await expect.poll(async () => (await shell.windows()).length, { timeout: 2_000, interval: 50 }).toBe(0);
    expect(await seen('lock.requested')).toEqual([]);

    // The second time nobody does.
    desktop.focusOrdinaryWindow();
    desktop.xdotool('key', 'a');
    await expect.poll(() => desktop.keysSeen()).toBe(1);
    await shell.page('idleWarning', 20_000);
    await expect.poll(() => desktop.isLocked(), { timeout: 10_000, interval: 50 }).toBe(true);
    await expect.poll(() => seen('lock.confirmed'), { timeout: 10_000 }).toHaveLength(1);
    expect(await seen('lock.requested')).toMatchObject([
      { body: { rule: { clause }, data: { action: 'lock', reason: 'idle', idleSeconds: 9 } } },
    ]);
    expect(await shell.windows()).toEqual([]);
    desktop.xdotool('type', '--delay', '30', 'nobody may read this');
    desktop.xdotool('key', 'Return');
    await expect.poll(() => desktop.isLocked(), { timeout: 5_000 }).toBe(true);
    expect(desktop.keysSeen()).toBe(1);

    // A wrong password was refused; the right one unlocks, and counting begins anew.
    await expect
      .poll(
        () => {
          desktop.xdotool('key', 'Escape');
          desktop.xdotool('type', '--delay', '30', password);
          desktop.xdotool('key', 'Return');
          return desktop.isLocked();
        },
        { timeout: 20_000, interval: 1_500 },
      )
      .toBe(false);
    await expect.poll(() => seen('session.unlocked'), { timeout: 10_000 }).toHaveLength(1);
    expect((await seen('session.locked')).map(({ body }) => body?.data)).toEqual([{ by: 'usher' }]);
    expect(await seen('lock.failed')).toEqual([]);
  },
);
