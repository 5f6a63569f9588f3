import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { signInLinkAnswer } from '../../../src/contract/console.ts';
import type { SettingName } from '../../../src/contract/settings.ts';
import { startMachine, type RunningMachine } from '../../../tools/launch/machine.ts';
import type { FakeBus } from '../usb/fake-bus.ts';
import { startShell, type ShellDriver, type ShellOptions } from '../shell-driver.ts';

/** The built server and service on a state folder of their own, and what can be done to them. */
export interface RunningSchool {
  stateFolder: string;
  machine: RunningMachine;
  openShell(options?: Partial<ShellOptions>): Promise<ShellDriver>;
  /** A fresh one-time link to the console. */
  signInLink(): Promise<string>;
  /** Stops everything, as Ctrl+C does, and starts the machine again on the same state. */
  restartMachine(): Promise<void>;
  /** Stops everything and removes the state. */
  close(): Promise<void>;
}

export interface SchoolOptions {
  policyFile?: string;
  settings?: Partial<Record<SettingName, string>>;
  tell?: (line: string) => void;
  /** Address of a message bus with a session service on it; none when absent. */
  systemBus?: string;
  /** A USB bus of its own for the service. */
  usb?: FakeBus;
}

/** Nothing is there: a test must never lock the screen of whoever runs it. */
export const noSystemBus = 'unix:path=/dev/null';

export async function startSchool(options: SchoolOptions = {}): Promise<RunningSchool> {
  const stateFolder = mkdtempSync(path.join(tmpdir(), 'usher-school-'));
  const { tell = () => undefined, settings = {}, policyFile } = options;
  const environment = { ...options.usb?.environment, DBUS_SYSTEM_BUS_ADDRESS: options.systemBus ?? noSystemBus };
  const start = (port: number, file?: string) =>
    startMachine({ stateFolder, port, policyFile: file, settings, environment, within: options.usb, tell });
  const shells = new Set<ShellDriver>();
  const school: RunningSchool = {
    stateFolder,
    machine: await start(0, policyFile),
    async openShell(shellOptions = {}) {
      const shell = await startShell({ ...shellOptions, env: { ...school.machine.environment, ...shellOptions.env } });
      shells.add(shell);
      return shell;
    },
    async signInLink() {
      const token = readFileSync(path.join(stateFolder, 'server', 'operator-token'), 'utf8').trim();
      const answer = await fetch(`${school.machine.origin}/v1/sign-in-links`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: '{}',
      });
      return signInLinkAnswer.parse(await answer.json()).signInLink;
    },
    async restartMachine() {
      const port = Number(new URL(school.machine.origin).port);
      await school.machine.stop();
      school.machine = await start(port);
    },
    async close() {
      for (const shell of shells) await shell.quit();
      await school.machine.stop();
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
  return school;
}
