import type { Page } from 'playwright-core';
import type { PageName } from '../../../../src/contract/shell.ts';
import type { WindowState } from '../control/state.ts';
import type { StandInControl } from './stand-in-control.ts';

/** A line of the tray's menu. */
export interface TrayLine {
  label: string;
  enabled: boolean;
}

export interface ShellOptions {
  /** Environment of the shell, over this process's own: `USHER_STATE`, `USHER_SOCKET` … */
  env: Record<string, string>;
  /** Sizes of simulated displays, from the left (stand-in only). One of 1280x800 when absent. */
  displays?: string[];
  /** The built main bundle; `dist/main/main.js` of this project when absent. */
  mainFile?: string;
  /** Command-line arguments of the shell, such as `--open=policy`. */
  args?: string[];
  /** Folder for what the shell keeps for itself; a temporary one, removed at the end, when absent. */
  appData?: string;
}

/** Drives a running shell as a person and the system would. The same on real Electron and on the stand-in. */
export interface ShellDriver {
  readonly kind: 'electron' | 'stand-in';
  readonly processId: number;
  /** What the shell printed so far, both streams. */
  output(): string;
  /** Address where a browser shows and operates the windows; null on real Electron. */
  readonly viewer: string | null;
  /** Waits for a window with this page and gives it. @throws Error when there is none within `timeoutMs`. */
  page(name: PageName, timeoutMs?: number): Promise<Page>;
  /** Which pages are open now, lowest window first. */
  windows(): Promise<(WindowState & { page: PageName | null })[]>;
  /** The tray's menu. @throws Error on real Electron, whose menu belongs to the system and cannot be read. */
  tray(): Promise<TrayLine[]>;
  /** Chooses from the tray's menu. On real Electron by a second start with `--open=`, because the menu cannot be clicked. */
  clickTray(label: string): Promise<void>;
  /** Asks a window to close, as Alt+F4 does. True when it did. */
  tryClose(name: PageName): Promise<boolean>;
  /** Starts the shell a second time with these arguments; resolves when the second one has ended. */
  startAgain(args: string[]): Promise<void>;
  /** Ends the process at once, as a crash does. */
  kill(): Promise<void>;
  /** Ends it in order. */
  quit(): Promise<void>;
  /** Displays, dialogs, idle time, attackers: what only the stand-in can simulate. Null on real Electron. */
  readonly standIn: StandInControl | null;
}
