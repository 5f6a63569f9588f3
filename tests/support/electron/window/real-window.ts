import { execFile } from 'node:child_process';
import { chromium } from '../chromium/index.ts';
import type { Page } from './page.ts';
import type { Bounds } from './target.ts';

/** How a window should stand on a real display. */
export interface Stance {
  bounds: Bounds;
  fullScreen: boolean;
  visible: boolean;
  minimised: boolean;
}

/**
 * Makes a real window stand so, as far as DevTools can: place, full screen, minimised. "Above the others" needs
 * `wmctrl` on X11 and is left out where that is not installed.
 */
export async function standReal(page: Page, stance: Stance, title: string, alwaysOnTop: boolean): Promise<void> {
  const browser = (await chromium).connection.browser;
  const { windowId } = await browser.send('Browser.getWindowForTarget', { targetId: page.targetId });
  const set = (bounds: object) => browser.send('Browser.setWindowBounds', { windowId, bounds });
  await set({ windowState: 'normal' });
  if (!stance.visible || stance.minimised) {
    await set({ windowState: 'minimized' });
    return;
  }
  const { x, y, width, height } = stance.bounds;
  await set({ left: x, top: y, width, height });
  if (stance.fullScreen) await set({ windowState: 'fullscreen' });
  if (alwaysOnTop) execFile('wmctrl', ['-r', title, '-b', 'add,above'], () => undefined);
}
