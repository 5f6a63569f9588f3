import { execFile } from 'node:child_process';
import type { PageView } from '../src/contract/shell.ts';
import type { ServicePresence } from './service-presence.ts';

/**
 * What locks the screen from inside a session: `LockWorkStation` on Windows
 * (https://learn.microsoft.com/windows/win32/api/winuser/nf-winuser-lockworkstation), turning the display off on macOS
 * (pmset(1); it locks where a password is required at once), xdg-utils' script on a Linux desktop without logind.
 */
export function lockProgram(platform: NodeJS.Platform): [program: string, parameters: string[]] {
  switch (platform) {
    case 'win32':
      return ['rundll32.exe', ['user32.dll,LockWorkStation']];
    case 'darwin':
      return ['/usr/bin/pmset', ['displaysleepnow']];
    default:
      return ['xdg-screensaver', ['lock']];
  }
}

const timeoutMs = 2_500;

/** Locks from inside the session when the service says that it has to be done here, once for each of its tries. */
export class ScreenLock {
  private readonly service: Pick<ServicePresence, 'call'>;
  private done = 0;

  constructor(service: Pick<ServicePresence, 'call'>) {
    this.service = service;
  }

  viewed(view: PageView): void {
    const lock = view.view?.lock;
    const attempt = lock?.phase === 'locking' || lock?.phase === 'covered' ? lock.inSession : null;
    if (attempt === null) {
      if (lock?.phase !== 'locking' && lock?.phase !== 'covered') this.done = 0;
      return;
    }
    if (view.service !== 'connected' || attempt <= this.done) return;
    this.done = attempt;
    this.lock(attempt);
  }

  private lock(attempt: number): void {
    const [program, parameters] = lockProgram(process.platform);
    execFile(program, parameters, { timeout: timeoutMs, windowsHide: true }, (error) => {
      if (error === null) return;
      const missing = error.code === 'ENOENT' ? `${program} is not installed` : `${program} failed`;
      void this.service.call('lockAttemptFailed', { attempt, why: `The screen could not be locked: ${missing}` });
    });
  }
}
