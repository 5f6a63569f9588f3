import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { startOnElectron } from './electron/driver/electron-driver.ts';
import type { ShellDriver, ShellOptions } from './electron/driver/shell-driver.ts';
import { startOnStandIn } from './electron/driver/stand-in-driver.ts';

export type { ShellDriver, ShellOptions, TrayLine } from './electron/driver/shell-driver.ts';

/** The real Electron program, where npm could fetch it; else null. */
export function electronProgram(): string | null {
  const folder = resolve(import.meta.dirname, '../../node_modules/electron');
  const pathFile = resolve(folder, 'path.txt');
  if (!existsSync(pathFile)) return null;
  const program = resolve(folder, 'dist', readFileSync(pathFile, 'utf8').trim());
  return existsSync(program) ? program : null;
}

/**
 * Starts the built shell and drives it: on real Electron where its program and a display are present, else on the
 * stand-in. The same spec runs on both; what only the stand-in can do is in `standIn`.
 */
export function startShell(options: ShellOptions): Promise<ShellDriver> {
  const program = electronProgram();
  const hasDisplay =
    process.platform !== 'linux' || (process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'] ?? '') !== '';
  return program !== null && hasDisplay && options.displays === undefined
    ? startOnElectron(program, options)
    : startOnStandIn(options);
}
