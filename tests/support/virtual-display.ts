import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';

const programs = ['Xvfb', 'openbox', 'xdotool', 'chromium'];
const missing =
  process.platform === 'linux' ? programs.filter((name) => spawnSync('which', [name]).status !== 0) : programs;

/** Can real windows be shown on a virtual display here? */
export const hasVirtualDisplay = missing.length === 0;
/** For a test's name, where it cannot run. */
export const needsVirtualDisplay = hasVirtualDisplay ? '' : ` (skipped: needs ${missing.join(', ')})`;

export interface VirtualDisplay {
  name: string;
  /** Runs xdotool on it. @returns what it printed. */
  xdotool(...args: string[]): string;
  close(): void;
}

/** Starts Xvfb with a window manager; `close` ends both. */
export async function virtualDisplay(size = '1280x800'): Promise<VirtualDisplay> {
  const number = 90 + Math.floor(process.pid % 100);
  const name = `:${number}`;
  const children: ChildProcess[] = [];
  const close = (): void => {
    for (const child of children.splice(0).reverse()) child.kill('SIGKILL');
  };
  process.once('exit', close);
  children.push(spawn('Xvfb', [name, '-screen', '0', `${size}x24`, '-nolisten', 'tcp'], { stdio: 'ignore' }));
  const until = performance.now() + 10_000;
  while (!existsSync(`/tmp/.X11-unix/X${number}`)) {
    if (performance.now() > until) throw new Error(`Xvfb did not open the display ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const environment = { ...process.env, DISPLAY: name };
  children.push(spawn('openbox', [], { env: environment, stdio: 'ignore' }));
  return {
    name,
    close,
    xdotool: (...args) => spawnSync('xdotool', args, { env: environment, encoding: 'utf8' }).stdout,
  };
}
