import { electronProgram } from '../../tools/launch/electron-program.ts';
import { startOnElectron } from './electron/driver/electron-driver.ts';
import type { ShellDriver, ShellOptions } from './electron/driver/shell-driver.ts';
import { startOnStandIn } from './electron/driver/stand-in-driver.ts';

export type { ShellDriver, ShellOptions, TrayLine } from './electron/driver/shell-driver.ts';

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
