import { fileURLToPath } from 'node:url';
import { delimiter } from 'node:path';
import { powerMonitor } from './api/power-monitor.ts';
import { hasRealDisplay } from './environment.ts';

/**
 * Where there is no real display, the stand-in plays the operating system's lock as well: the program with which a shell
 * locks from inside the session (`xdg-screensaver`, found first on the path) tells it so by a signal.
 */
export function playTheSystemsLock(): void {
  if (hasRealDisplay || process.platform === 'win32') return;
  const programs = fileURLToPath(new URL('./system-programs', import.meta.url));
  process.env['PATH'] = [programs, process.env['PATH'] ?? ''].join(delimiter);
  process.env['STANDIN_PROCESS'] = String(process.pid);
  process.on('SIGUSR2', () => powerMonitor.setLocked(true));
}
