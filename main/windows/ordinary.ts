import type { BrowserWindow } from 'electron';
import type { OpenableWindow } from '../open-argument.ts';
import type { PageWindows } from './page-window.ts';

const titles: Readonly<Record<OpenableWindow, string>> = {
  policy: 'The policy',
  receipts: 'My receipts',
  about: 'About Usher',
};
const sizes: Readonly<Record<OpenableWindow, { width: number; height: number }>> = {
  policy: { width: 960, height: 760 },
  receipts: { width: 820, height: 720 },
  about: { width: 560, height: 560 },
};

/** The windows a person opens from the tray: one of each at most. */
export class OrdinaryWindows {
  private readonly pages: PageWindows;
  private readonly open = new Map<OpenableWindow, BrowserWindow>();

  constructor(pages: PageWindows) {
    this.pages = pages;
  }

  /** Opens the window, or brings the one that is open to the front. */
  show(name: OpenableWindow): void {
    const already = this.open.get(name);
    if (already !== undefined && !already.isDestroyed()) {
      if (already.isMinimized()) already.restore();
      already.show();
      already.focus();
      return;
    }
    const window = this.pages.open(name, { ...sizes[name], minWidth: 420, minHeight: 400, title: titles[name] });
    this.open.set(name, window);
    window.on('closed', () => {
      if (this.open.get(name) === window) this.open.delete(name);
    });
  }

  closeAll(): void {
    for (const window of this.open.values()) window.destroy();
    this.open.clear();
  }
}
