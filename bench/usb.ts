import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openJournalForExport } from '../src/journal/index.ts';
import { openBrowser } from '../tests/support/browser.ts';
import { goTo, signInByLink } from '../tests/support/day/reviewer.ts';
import { startSchool } from '../tests/support/day/running-school.ts';
import { testPolicy } from '../tests/support/test-device.ts';
import { hasFakeBus, layBus, needsFakeBus, type FakeBus } from '../tests/support/usb/fake-bus.ts';
import { pretend } from '../tests/support/usb/usb-devices.ts';
import { percentile, rounded, type Figures } from './figure.ts';
import { usageOf } from './process-usage.ts';

const insertions = 200;
const quietSeconds = 60;
/** Between two insertions: one machine may exchange 300 times a minute, and each insertion makes up to three. */
const pauseMs = 500;
const withinMs = 10_000;

/**
 * Sticks that come in on a bus the unmodified `usb` package believes in, with the built service, server and console. The
 * bus notes when it sent the event; the record counts as durable when another reader of the journal sees it, which SQLite
 * allows only after it is on disk; the console notes itself when the row is on the page.
 */
export async function measureUsb(tell: (line: string) => void): Promise<Figures> {
  if (!hasFakeBus) throw new Error(`No USB bus can be laid here${needsFakeBus}`);
  const folder = mkdtempSync(path.join(tmpdir(), 'usher-bench-usb-'));
  const policyFile = path.join(folder, 'policy.json');
  const rule = { id: 'sticks', kinds: ['storage'], action: 'block' };
  writeFileSync(
    policyFile,
    JSON.stringify({ ...testPolicy(), rules: { usb: { clause: 'passwords.1', rules: [rule] } } }),
  );
  const bus = await layBus();
  const school = await startSchool({ policyFile, usb: bus, settings: { logLevel: 'warn' } });
  const browser = await openBrowser();
  const journal = openJournalForExport({ folder: path.join(school.stateFolder, 'service') });
  try {
    const page = await signInByLink(browser, school.machine.signInLink);
    await goTo(page, 'Events');
    const wallAheadMs = Date.now() - monotonicMs();
    const decided: number[] = [];
    const held: number[] = [];
    const onConsole: number[] = [];
    for (let time = 1; time <= insertions; time += 1) {
      const product = `Stick number ${String(time).padStart(3, '0')}`;
      const seen = seenOnPage(page, `${product} was plugged in`);
      const told = await bus.add('1-1', { ...pretend.stick(`BENCH${String(time).padStart(6, '0')}`), product });
      const visible = async (type: 'usb.decided' | 'usb.blocked'): Promise<number> => {
        const end = monotonicMs() + withinMs;
        for (;;) {
          const body = journal.recordsOfType(type, undefined, 1)[0]?.body;
          if (body?.type === type && body.data.device.product === product) return monotonicMs() - told;
          if (monotonicMs() > end) throw new Error(`${product}: no ${type} within ${withinMs} ms`);
          await new Promise((resolve) => setImmediate(resolve));
        }
      };
      decided.push(await visible('usb.decided'));
      held.push(await visible('usb.blocked'));
      onConsole.push((await seen) - wallAheadMs - told);
      await bus.remove('1-1');
      await wait(pauseMs);
      if (time % 50 === 0) tell(`  ${time} of ${insertions} insertions`);
    }
    const recorded = journal
      .recordsOfType('usb.decided')
      .flatMap(({ body }) => (body?.type === 'usb.decided' ? [body.data.device.serial] : []));
    const different = new Set(recorded).size;
    tell('  a quiet minute: the watch, and a loop that asks for the list every second …');
    const quiet = await quietCpuPercent(bus);
    const ms = (sample: readonly number[], percent: number, goal?: string) => ({
      value: rounded(percentile(sample, percent)),
      unit: 'ms',
      ...(goal === undefined ? {} : { goal }),
    });
    return {
      insertions: { value: insertions, unit: 'sticks' },
      decisionP50Ms: ms(decided, 50),
      decisionP99Ms: ms(decided, 99, '≤ 150'),
      heldP99Ms: ms(held, 99),
      consoleP50Ms: ms(onConsole, 50),
      consoleP99Ms: ms(onConsole, 99, '≤ 2,000'),
      missed: { value: insertions - different, unit: 'insertions', goal: '0' },
      doubled: { value: recorded.length - different, unit: 'insertions', goal: '0' },
      quietCpuPercent: {
        value: rounded(quiet.watching, 3),
        unit: '% of one core',
        baseline: rounded(quiet.polling, 3),
        ...(quiet.polling > 0 ? { ratio: rounded(quiet.watching / quiet.polling) } : {}),
        goal: '≤ 0.1',
      },
    };
  } finally {
    journal.close();
    await browser.close();
    await school.close();
    bus.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Resolves with the page's own clock (milliseconds since 1970) when these words are on it. */
function seenOnPage(page: Page, words: string): Promise<number> {
  return page.evaluate(
    ([wanted, mostMs]) =>
      new Promise<number>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`The console never showed "${wanted}"`)), mostMs);
        const look = (): boolean => {
          if (document.body.textContent?.includes(wanted) !== true) return false;
          clearTimeout(timer);
          resolve(Date.now());
          return true;
        };
        if (look()) return;
        new MutationObserver((_changes, observer) => {
          if (look()) observer.disconnect();
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    [words, withinMs] as const,
  );
}

const devicesModule = path.resolve(import.meta.dirname, '../src/machine/linux/devices.ts');
const watchProgram = `
import { linuxDevices } from ${JSON.stringify(devicesModule)};
linuxDevices({ uptimeMs: () => performance.now() }).watch(() => undefined);
setInterval(() => undefined, 1 << 30);
`;
const pollProgram = `
import { usb } from ${JSON.stringify(import.meta.resolve('usb'))};
setInterval(() => usb.getDeviceList(), 1_000);
`;

/** Both at once on the same bus, each a Node process that does nothing else. */
async function quietCpuPercent(bus: FakeBus): Promise<{ watching: number; polling: number }> {
  const start = (program: string): ChildProcess => {
    const [command = '', ...before] = bus.inside;
    return spawn(command, [...before, process.execPath, '--input-type=module', '-e', program], {
      cwd: path.resolve(import.meta.dirname, '..'),
      env: { ...process.env, ...bus.environment },
      stdio: 'ignore',
    });
  };
  const programs = [start(watchProgram), start(pollProgram)];
  try {
    await wait(5_000);
    const used = () => programs.map(({ pid }) => usageOf(pid ?? -1).cpuSeconds);
    const before = used();
    await wait(quietSeconds * 1_000);
    const [watching = Number.NaN, polling = Number.NaN] = used().map(
      (seconds, place) => ((seconds - (before[place] ?? 0)) / quietSeconds) * 100,
    );
    return { watching, polling };
  } finally {
    for (const program of programs) program.kill('SIGKILL');
  }
}
