import type { Browser, Page } from 'playwright-core';
import type { FakeBus } from '../../tests/support/usb/fake-bus.ts';
import type { StandInControl } from '../../tests/support/electron/driver/stand-in-control.ts';
import type { ShellDriver } from '../../tests/support/shell-driver.ts';
import type { RunningMachine } from '../launch/machine.ts';

/** What the steps of the day share. Each getter throws when its part is not running. */
export interface DayParts {
  stateFolder: string;
  machine(): RunningMachine;
  shell(): ShellDriver;
  browser(): Browser;
  /** The USB bus the service is on, where one could be laid. */
  bus(): FakeBus;
  startMachine(): Promise<RunningMachine>;
  stopMachine(): Promise<void>;
  setShell(shell: ShellDriver | null): void;
  /** The administrator's console, once signed in. */
  console?: Page;
  /** Verification codes of the receipts, oldest first. */
  codes?: string[];
}

export const staff = { name: 'Robin Ashdown', jobTitle: 'Class teacher' } as const;

/** Takes a picture of a page into a file. */
export const pictureOf = (page: Page) => (file: string) => page.screenshot({ path: file, animations: 'disabled' });

/** The tray's menu as lines. */
export const trayLines = async (shell: ShellDriver): Promise<string[]> =>
  (await shell.tray()).map(({ label }) => label);

/** Waits until `find` gives something. @throws Error naming what was waited for. */
export async function waitFor<T>(
  what: string,
  find: () => Promise<T | null | undefined>,
  withinMs = 10_000,
): Promise<T> {
  const until = performance.now() + withinMs;
  for (;;) {
    const found = await find();
    if (found !== null && found !== undefined) return found;
    if (performance.now() > until) throw new Error(`Waited ${withinMs / 1000} s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The simulated computer's own knobs. @throws Error on a real Electron. */
export function simulated(parts: DayParts): StandInControl {
  const { standIn } = parts.shell();
  if (standIn === null) throw new Error('The day is played on the stand-in');
  return standIn;
}
