import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SettingName } from '../../../src/contract/settings.ts';
import { startMachine, type RunningMachine } from '../../../tools/launch/machine.ts';
import { startShell, type ShellDriver, type ShellOptions } from '../shell-driver.ts';

/** The built server and service on a state folder of their own, and what can be done to them. */
export interface RunningSchool {
  stateFolder: string;
  machine: RunningMachine;
  openShell(options?: Partial<ShellOptions>): Promise<ShellDriver>;
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
}

/** Nothing is there: a test must never lock the screen of whoever runs it. */
export const noSystemBus = 'unix:path=/dev/null';

export async function startSchool(options: SchoolOptions = {}): Promise<RunningSchool> {
  const stateFolder = mkdtempSync(path.join(tmpdir(), 'usher-school-'));
  const { tell = () => undefined, settings = {}, policyFile } = options;
  const environment = { DBUS_SYSTEM_BUS_ADDRESS: options.systemBus ?? noSystemBus };
  const start = (port: number, file?: string) =>
    startMachine({ stateFolder, port, policyFile: file, settings, environment, tell });
  const shells = new Set<ShellDriver>();
  const school: RunningSchool = {
    stateFolder,
    machine: await start(0, policyFile),
    async openShell(shellOptions = {}) {
      const shell = await startShell({ ...shellOptions, env: { ...school.machine.environment, ...shellOptions.env } });
      shells.add(shell);
      return shell;
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
