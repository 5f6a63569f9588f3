import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { CdpSession } from '../chromium/connection.ts';
import type { Chromium } from '../chromium/launch.ts';

export interface Bounds {
  x: number;
  y: number;
  width: number;
  height: number;
}

const windowWithinMs = 10_000;

/** Opens an empty Chromium page: with a window of its own where there is a display. */
export async function openTarget(browser: Chromium, bounds: Bounds): Promise<{ targetId: string; cdp: CdpSession }> {
  const targetId = browser.program.hasWindows ? await openAppWindow(browser) : await openHeadless(browser, bounds);
  const { sessionId } = await browser.connection.browser.send('Target.attachToTarget', { targetId, flatten: true });
  return { targetId, cdp: browser.connection.session(sessionId) };
}

async function openHeadless(browser: Chromium, { width, height }: Bounds): Promise<string> {
  const { targetId } = await browser.connection.browser.send('Target.createTarget', {
    url: 'about:blank',
    width,
    height,
  });
  return targetId;
}

/** A window without tabs or address bar can only be asked for on the command line (`--app`). */
async function openAppWindow(browser: Chromium): Promise<string> {
  const address = `data:text/html,<title>usher-${randomUUID()}</title>`;
  const main = browser.connection.browser;
  await main.send('Target.setDiscoverTargets', { discover: true });
  const opened = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('Chromium did not open a window in time.')), windowWithinMs);
    const stop = main.on('Target.targetCreated', ({ targetInfo }) => check(targetInfo));
    const stopChanges = main.on('Target.targetInfoChanged', ({ targetInfo }) => check(targetInfo));
    const check = (target: { type: string; url: string; targetId: string }): void => {
      if (target.type !== 'page' || target.url !== address) return;
      clearTimeout(late);
      stop();
      stopChanges();
      resolve(target.targetId);
    };
  });
  spawn(browser.program.path, [...browser.flags, `--app=${address}`], { stdio: 'ignore' }).unref();
  return opened;
}
