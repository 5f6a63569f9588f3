import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import type { EventType } from '../../src/contract/event.ts';
import type { PolicyRules } from '../../src/contract/policy-rules.ts';
import { startSchool, type RunningSchool, type SchoolOptions } from '../support/day/running-school.ts';
import { schoolEvents } from '../support/day/school-events.ts';
import { acceptThePolicy, goOn } from '../support/day/staff.ts';
import type { StandInControl } from '../support/electron/driver/stand-in-control.ts';
import { everyLook } from '../support/every-look.ts';
import { startShell, type ShellDriver } from '../support/shell-driver.ts';
import { testPolicy } from '../support/test-device.ts';
import { enrolledDevice, runningServer } from '../server/running.ts';
import { machineWith, MoodySystem } from '../service/moody-system.ts';
import { runningService, stateFolder } from '../service/running-service.ts';

const clause = 'passwords.1';
const reader = { audience: 'Staff', teaching: false };
const signing = { name: 'Robin Ashdown', jobTitle: 'Teacher', signature: 'typed' } as const;
/** The stand-in plays the system's lock only there; elsewhere these tests would lock the screen of whoever runs them. */
const canPlayTheLock = process.platform === 'linux';
const skipped = canPlayTheLock ? '' : ' (skipped: the simulated screen lock needs Linux)';

interface Room {
  school: RunningSchool;
  shell: ShellDriver;
  standIn: StandInControl;
  /** While this file is there, the simulated system does not lock. */
  brokenLock: string;
  events(type: EventType): Promise<string[]>;
  pages(): Promise<(string | null)[]>;
}

let open: RunningSchool | null = null;
afterEach(async () => {
  await open?.close();
  open = null;
});

/** A school with these rules, and somebody at a computer with two displays who has accepted the policy. */
async function room(rules: PolicyRules, options: Partial<SchoolOptions> = {}): Promise<Room> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const policyFile = join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify({ ...testPolicy(), rules }));
  const brokenLock = join(folder, 'broken-lock');
  const school = await startSchool({ policyFile, ...options, settings: { pollSeconds: '1', ...options.settings } });
  open = school;
  const shell = await school.openShell({
    displays: ['1280x800', '1920x1080'],
    env: { STANDIN_BROKEN_LOCK: brokenLock },
  });
  const { standIn } = shell;
  if (standIn === null) throw new Error('Two simulated displays need the stand-in');
  const gate = await shell.page('gate');
  await acceptThePolicy(gate, reader, signing);
  await goOn(gate);
  return {
    school,
    shell,
    standIn,
    brokenLock,
    events: async (type) => (await schoolEvents(school.machine, type)).map(({ summary }) => summary),
    pages: async () => (await shell.windows()).map(({ page }) => page).sort(),
  };
}

const soon = { timeout: 15_000, interval: 100 };

test.skipIf(!canPlayTheLock)(
  `nobody there: a countdown on every display, then the system's lock, and the server hears of it${skipped}`,
  { timeout: 120_000 },
  async () => {
    const here = await room({ idleLock: { clause, warnAfterSeconds: 3, lockAfterSeconds: 9 } });
    const said = async () => (await here.shell.tray()).map(({ label }) => label);
    await expect.poll(said, soon).toContain('Locks in 1 minute (clause 1.1)');
    const warning = await here.shell.page('idleWarning');
    await warning.getByRole('heading', { name: 'Move the mouse to stay signed in' }).waitFor();
    const windows = (await here.shell.windows()).filter(({ page }) => page === 'idleWarning');
    expect(new Set(windows.map(({ displayId }) => displayId)).size).toBe(2);
    const words = await warning.locator('main').innerText();
    expect(words).toContain('Clause 1.1');
    expect(words).not.toMatch(/Robin|root/);
    // Somebody touches it.
    await here.standIn.setIdleSeconds(0);
    await expect.poll(here.pages, { timeout: 1_500, interval: 50 }).not.toContain('idleWarning');
    expect(await here.events('lock.requested')).toEqual([]);

    await here.shell.page('idleWarning');
    await expect.poll(() => here.events('session.locked'), soon).toHaveLength(1);
    expect(await here.pages()).not.toContain('idleWarning');
    expect(await said()).toContain('Locked');
    await here.standIn.power('unlock-screen');
    await expect.poll(() => here.events('session.unlocked'), soon).toHaveLength(1);
    expect(await here.events('lock.requested')).toHaveLength(1);
    expect(await here.events('lock.confirmed')).toHaveLength(1);
  },
);

test.skipIf(!canPlayTheLock)(
  `a lock that does not work: every display is covered until the system locks, and IT is told${skipped}`,
  { timeout: 120_000 },
  async () => {
    const here = await room({ idleLock: { clause, warnAfterSeconds: 600, lockAfterSeconds: 900 } });
    writeFileSync(here.brokenLock, '1');
    await here.shell.clickTray('Lock now');
    const cover = await here.shell.page('lockCover');
    await cover.getByRole('heading', { level: 1 }).waitFor();
    const covers = async () => (await here.pages()).filter((page) => page === 'lockCover' || page === 'cover').length;
    await expect.poll(covers, soon).toBe(2);
    expect(await here.shell.tryClose('lockCover')).toBe(false);
    await expect.poll(() => here.events('lock.failed'), soon).toHaveLength(1);
    expect(await everyLook(cover, 'cover')).toEqual([]);
    rmSync(here.brokenLock);
    await cover.getByRole('button', { name: 'Lock now' }).click();
    await expect.poll(() => here.events('lock.confirmed'), soon).toHaveLength(1);
    await expect.poll(covers, soon).toBe(0);
  },
);

test.skipIf(!canPlayTheLock)(
  `presenting from the tray: always visible, "Lock now" one click away, recorded${skipped}`,
  { timeout: 120_000 },
  async () => {
    const here = await room({
      idleLock: { clause, warnAfterSeconds: 2, lockAfterSeconds: 4 },
      presentation: { clause, maximumMinutes: 45 },
    });
    await here.standIn.setIdleSeconds(0);
    await here.shell.clickTray('Present for 45 minutes');
    const strip = await here.shell.page('presenting');
    await strip.getByText('Presenting').waitFor();
    expect(await strip.locator('main').innerText()).toMatch(/4[45] min/);
    await here.standIn.setIdleSeconds(120);
    await strip.waitForTimeout(2_500);
    expect(await here.pages()).toEqual(['presenting']);
    expect((await here.shell.windows())[0]?.contentProtected).toBe(true);
    expect(await everyLook(strip, 'presenting', [[560, 56]])).toEqual([]);
    await strip.getByRole('button', { name: 'Lock now' }).click();
    await expect.poll(() => here.events('session.locked'), soon).toHaveLength(1);
    expect(await here.events('presentation.started')).toHaveLength(1);
    expect(await here.events('presentation.ended')).toHaveLength(1);
  },
);

test.skipIf(!canPlayTheLock)(
  `a shared machine asks to save first, and gives more time once${skipped}`,
  { timeout: 120_000 },
  async () => {
    const sharedMachines = { clause, saveWorkSeconds: 120, extendOnceSeconds: 300 };
    const here = await room(
      { idleLock: { clause, warnAfterSeconds: 60, lockAfterSeconds: 123, sharedMachines } },
      { settings: { sharedMachine: 'yes' } },
    );
    const warning = await here.shell.page('idleWarning');
    await warning.getByRole('heading', { name: 'Save your work' }).waitFor();
    expect(await everyLook(warning, 'save your work')).toEqual([]);
    await warning.getByRole('button', { name: '5 more minutes' }).click();
    await expect.poll(() => here.events('lock.extended'), soon).toHaveLength(1);
    await expect.poll(here.pages, soon).not.toContain('idleWarning');
  },
);

test.skipIf(!canPlayTheLock)(
  `the same account on another machine: the person is told in the corner and says they have seen it${skipped}`,
  { timeout: 120_000 },
  async () => {
    const server = await runningServer({ pollSeconds: 1 });
    await server.publish({ ...testPolicy(), rules: { concurrentSignIn: { clause } } });
    const folder = stateFolder();
    const { machine } = await machineWith(new MoodySystem());
    const service = await runningService(folder, await server.enrolmentToken(), { machine });
    const shell = await startShell({ env: { USHER_STATE: folder }, displays: ['1280x800'] });
    onTestFinished(() => shell.quit());
    await acceptThePolicy(await shell.page('gate'), reader, signing);
    await goOn(await shell.page('gate'));
    const [first] = service.journal.recordsOfType('session.signedIn', undefined, 1);
    const account = first?.body?.account?.name ?? '';
    const other = await enrolledDevice(server, 'library-3');
    other.begin();
    other.record({ type: 'session.signedIn', data: { seenBy: 'system', remote: false }, account });
    await other.sync(server.origin);
    const notice = await shell.page('notice');
    await notice.getByRole('heading', { name: 'Your account is signed in somewhere else too' }).waitFor();
    expect(await notice.locator('main').innerText()).toContain('library-3');
    expect(await everyLook(notice, 'notice', [[420, 320]])).toEqual([]);
    await notice.getByRole('button', { name: 'Close' }).click();
    await expect.poll(async () => (await shell.windows()).map(({ page }) => page), soon).not.toContain('notice');
    expect([...service.journal.recordsOfType('session.elsewhere', undefined, 5)]).toHaveLength(1);
  },
);
