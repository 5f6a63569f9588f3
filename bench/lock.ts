import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { EventData } from '../src/contract/event.ts';
import { uptimeClock } from '../src/machine/uptime.ts';
import { startSchool } from '../tests/support/day/running-school.ts';
import { schoolEvents } from '../tests/support/day/school-events.ts';
import { acceptThePolicy, goOn } from '../tests/support/day/staff.ts';
import { hasRealDesktop, needsRealDesktop, realDesktop } from '../tests/support/desktop/real-desktop.ts';
import type { ShellDriver } from '../tests/support/shell-driver.ts';
import { testPolicy } from '../tests/support/test-device.ts';
import { percentile, rounded, type Figures } from './figure.ts';
import { usageOf } from './process-usage.ts';
import { xIdle } from './x-idle.ts';

const cycles = 200;
/** The shortest a policy may ask for: a warning after one second, the lock after two. */
const idleLock = { clause: 'passwords.1', warnAfterSeconds: 1, lockAfterSeconds: 2 };
const quietSeconds = 60;
const lockWithinMs = 15_000;

/** Where somebody touches a computer and its screen locks. */
interface Ground {
  real: boolean;
  environment: Record<string, string>;
  systemBus?: string;
  touch(shell: ShellDriver): Promise<void>;
  /** How long ago the last input was, by the display's own clock. */
  idleMs(): number;
  unlock(shell: ShellDriver): Promise<void>;
  close(): void;
}

async function ground(tell: (line: string) => void): Promise<Ground> {
  if (!hasRealDesktop) {
    tell(
      `  on the simulated display and its simulated lock${needsRealDesktop.replace('skipped: needs', 'a real one needs')}`,
    );
    return {
      real: false,
      environment: {},
      touch: async ({ standIn }) => standIn?.setIdleSeconds(0),
      idleMs: () => 0,
      unlock: async ({ standIn }) => standIn?.power('unlock-screen'),
      close: () => undefined,
    };
  }
  tell('  on a virtual X display with elogind, xss-lock and i3lock');
  const desktop = await realDesktop();
  const display = xIdle(desktop.name);
  return {
    real: true,
    environment: { DISPLAY: desktop.name, STANDIN_HEADLESS: '0', STANDIN_CHROMIUM: 'chromium' },
    systemBus: desktop.systemBus,
    touch: () => Promise.resolve(void desktop.xdotool('key', 'shift')),
    idleMs: () => display.idleMs(),
    unlock: () => Promise.resolve(desktop.unlock()),
    close() {
      display.close();
      desktop.close();
    },
  };
}

/** Touch, wait, locked, unlock, and again; then the same machine left alone for a minute with and without an idle lock. */
export async function measureLock(tell: (line: string) => void): Promise<Figures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'usher-bench-lock-'));
  const here = await ground(tell);
  try {
    const timed = await timedCycles(here, folder, tell);
    tell('  a quiet minute with an idle lock of ten minutes, and one without …');
    const watched = await quietCpuPercent(here, folder, {
      idleLock: { ...idleLock, warnAfterSeconds: 540, lockAfterSeconds: 600 },
    });
    const unwatched = await quietCpuPercent(here, folder, {});
    return {
      ...timed,
      idleWatchCpuPercent: {
        value: rounded(watched, 3),
        unit: '% of one core, service and shell',
        baseline: rounded(unwatched, 3),
        goal: '≤ 0.3',
      },
      realDesktop: { value: here.real ? 1 : 0, unit: '1: X, elogind, i3lock; 0: simulated' },
    };
  } finally {
    here.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Rules = NonNullable<ReturnType<typeof testPolicy>['rules']>;

async function openMachine(here: Ground, folder: string, rules: Rules, pollSeconds: number) {
  const policyFile = path.join(folder, 'policy.json');
  writeFileSync(policyFile, JSON.stringify({ ...testPolicy(), rules }));
  const bus = here.systemBus === undefined ? {} : { systemBus: here.systemBus };
  const school = await startSchool({
    policyFile,
    settings: { pollSeconds: String(pollSeconds), logLevel: 'warn' },
    ...bus,
  });
  const shell = await school.openShell({ env: here.environment, displays: ['1280x800'] });
  return { school, shell };
}

/** Signs the policy while somebody keeps the computer awake: DevTools' own clicks go past the display. */
async function accept(here: Ground, shell: ShellDriver): Promise<void> {
  const staying = setInterval(() => void here.touch(shell), 400);
  const gate = await shell.page('gate');
  const signing = { name: 'Robin Ashdown', jobTitle: 'Teacher', signature: 'typed' } as const;
  await acceptThePolicy(gate, { audience: 'Staff', teaching: false }, signing);
  await goOn(gate);
  clearInterval(staying);
}

async function timedCycles(here: Ground, folder: string, tell: (line: string) => void): Promise<Figures> {
  const { school, shell } = await openMachine(here, folder, { idleLock }, 1);
  const clock = uptimeClock();
  const phase = async () => (await shell.tray()).some(({ label }) => label === 'Locked');
  const until = async (locked: boolean): Promise<void> => {
    const end = performance.now() + lockWithinMs;
    while ((await phase()) !== locked) {
      // Each reading brings this clock nearer to the service's own.
      clock.uptimeMs();
      if (performance.now() > end) throw new Error(`The screen was not ${locked ? 'locked' : 'unlocked'} in time`);
      await wait(20);
    }
  };
  try {
    await accept(here, shell);
    const inputs: number[] = [];
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      await here.touch(shell);
      inputs.push(clock.uptimeMs() - here.idleMs());
      await until(true);
      await here.unlock(shell);
      await until(false);
      if ((cycle + 1) % 50 === 0) tell(`  ${cycle + 1} of ${cycles} cycles`);
    }
    await wait(2_000);
    const requested = (await schoolEvents(school.machine, 'lock.requested')).flatMap(
      ({ body }) => body?.uptimeMs ?? [],
    );
    const confirmed = (await schoolEvents(school.machine, 'lock.confirmed')).flatMap(({ body }) =>
      body?.type === 'lock.confirmed' ? [body.data] : [],
    );
    return figuresOf(inputs, requested.slice(-cycles), confirmed.slice(-cycles));
  } finally {
    await school.close();
  }
}

/** Both the event's clock and the display's are in whole milliseconds: only what is early by more than that counts. */
const clockStepsMs = 2;

/** `inputs`: when the last input of each idle period was; `requested`: when the lock was asked for. Since boot. */
function figuresOf(
  inputs: readonly number[],
  requested: readonly number[],
  confirmed: readonly EventData<'lock.confirmed'>[],
): Figures {
  if (requested.length !== inputs.length) {
    throw new Error(`There were ${inputs.length} idle periods and ${requested.length} requests to lock`);
  }
  const late = inputs.map((input, cycle) => (requested[cycle] ?? 0) - input - idleLock.lockAfterSeconds * 1_000);
  const early = late.filter((lateMs) => lateMs < -clockStepsMs).length;
  const took = confirmed.map(({ tookMs }) => tookMs);
  return {
    cycles: { value: inputs.length, unit: 'idle periods' },
    earlyCount: { value: early, unit: 'locks', goal: '0' },
    latenessMinMs: { value: rounded(Math.min(...late)), unit: 'ms' },
    latenessP50Ms: { value: rounded(percentile(late, 50)), unit: 'ms' },
    latenessP99Ms: { value: rounded(percentile(late, 99)), unit: 'ms' },
    latenessMaxMs: { value: rounded(Math.max(...late)), unit: 'ms', goal: '≤ 1000' },
    confirmedP99Ms: { value: rounded(percentile(took, 99)), unit: 'ms' },
  };
}

async function quietCpuPercent(here: Ground, folder: string, rules: Rules): Promise<number> {
  const { school, shell } = await openMachine(here, folder, rules, 60);
  try {
    await accept(here, shell);
    await wait(10_000);
    const processes = [school.machine.service.processId, shell.processId];
    const used = () => processes.reduce((sum, id) => sum + usageOf(id).cpuSeconds, 0);
    const before = used();
    await wait(quietSeconds * 1_000);
    return ((used() - before) / quietSeconds) * 100;
  } finally {
    await school.close();
  }
}
