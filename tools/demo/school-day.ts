import type { Browser } from 'playwright-core';
import { openBrowser } from '../../tests/support/browser.ts';
import { hasFakeBus, layBus, type FakeBus } from '../../tests/support/usb/fake-bus.ts';
import type { ShellDriver } from '../../tests/support/shell-driver.ts';
import { noSystemBus } from '../../tests/support/day/running-school.ts';
import { startMachine, type RunningMachine } from '../launch/machine.ts';
import { acceptInTheMorning } from './accept-in-the-morning.ts';
import { leaveTheRoom } from './leave-the-room.ts';
import { plugInAStick } from './plug-in-a-stick.ts';
import { proveTheRecord } from './prove-the-record.ts';
import { publishAndAcceptAgain } from './publish-and-accept-again.ts';
import { reviewOnTheConsole } from './review-on-the-console.ts';
import { startAgain } from './start-again.ts';
import type { ScriptedDay } from './steps.ts';
import type { DayParts } from './day-parts.ts';

/** Everything the day needs to be stopped, in the order it was started. */
interface Running {
  machine: RunningMachine | null;
  shell: ShellDriver | null;
  browser: Browser | null;
  bus: FakeBus | null;
}

/** Plays the day from the first start to the second, and stops whatever still runs at its end. */
export async function runSchoolDay(day: ScriptedDay, stateFolder: string): Promise<void> {
  const running: Running = { machine: null, shell: null, browser: null, bus: null };
  const need = <T>(part: T | null, name: string): T => {
    if (part === null) throw new Error(`The ${name} is not running`);
    return part;
  };
  const parts: DayParts = {
    stateFolder,
    machine: () => need(running.machine, 'service'),
    shell: () => need(running.shell, 'shell'),
    browser: () => need(running.browser, 'browser'),
    bus: () => need(running.bus, 'USB bus'),
    async startMachine() {
      running.machine = await startMachine({
        stateFolder,
        port: 0,
        settings: { pollSeconds: '2', schoolName: 'Example Primary School' },
        environment: { ...running.bus?.environment, DBUS_SYSTEM_BUS_ADDRESS: noSystemBus },
        within: running.bus ?? undefined,
        tell: () => undefined,
      });
      return running.machine;
    },
    async stopMachine() {
      await running.machine?.stop();
      running.machine = null;
    },
    setShell: (shell) => (running.shell = shell),
  };
  try {
    if (hasFakeBus) running.bus = await layBus();
    running.browser = await openBrowser();
    await acceptInTheMorning(day, parts);
    await reviewOnTheConsole(day, parts);
    await publishAndAcceptAgain(day, parts);
    await leaveTheRoom(day, parts);
    await plugInAStick(day, parts);
    await proveTheRecord(day, parts);
    await startAgain(day, parts);
  } finally {
    await running.shell?.quit();
    await running.browser?.close();
    await running.machine?.stop();
    running.bus?.close();
  }
}
