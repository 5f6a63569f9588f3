import { screen, type BrowserWindow, type Display } from 'electron';
import type { PageName } from '../../src/contract/shell.ts';
import type { Place } from './kiosk-plan.ts';
import type { PageWindows } from './page-window.ts';

export interface CornerOptions {
  page: PageName;
  width: number;
  height: number;
  /** `top`: in the middle of the upper edge. `corner`: at the lower right. */
  where: 'top' | 'corner';
  title: string;
}

const marginPx = 16;

/** A small window on the person's own display that does not take the focus; it stays above others. */
export class CornerWindow {
  private readonly pages: PageWindows;
  private readonly options: CornerOptions;
  private window: BrowserWindow | null = null;
  private up = false;

  constructor(pages: PageWindows, options: CornerOptions) {
    this.pages = pages;
    this.options = options;
    screen.on('display-added', () => this.place());
    screen.on('display-removed', () => this.place());
    screen.on('display-metrics-changed', () => this.place());
  }

  show(up: boolean): void {
    this.up = up;
    if (!up) {
      this.window?.destroy();
      this.window = null;
    } else if (this.window === null) this.open();
  }

  private open(): void {
    const { page, title } = this.options;
    const window = this.pages.open(page, {
      ...this.bounds(),
      show: false,
      frame: false,
      alwaysOnTop: true,
      skipTaskbar: true,
      minimizable: false,
      maximizable: false,
      resizable: false,
      fullscreenable: false,
      title,
    });
    window.setAlwaysOnTop(true, 'floating');
    // It is for the person at the computer, not for those who watch a shared screen.
    window.setContentProtection(true);
    window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
    window.on('closed', () => {
      if (this.window !== window) return;
      this.window = null;
      if (this.up) this.open();
    });
    this.window = window;
    window.showInactive();
  }

  private place(): void {
    this.window?.setBounds(this.bounds());
  }

  private bounds(): Place {
    const { width, height, where } = this.options;
    const { workArea } = ownDisplay(screen.getAllDisplays(), screen.getPrimaryDisplay());
    const fits = Math.min(width, workArea.width);
    return {
      width: fits,
      height,
      x: workArea.x + (where === 'top' ? Math.round((workArea.width - fits) / 2) : workArea.width - fits - marginPx),
      y: workArea.y + (where === 'top' ? 0 : Math.max(0, workArea.height - height - marginPx)),
    };
  }
}

/** The display the person sits at: a laptop's own, else the primary one; not a projector beside it. */
export function ownDisplay(displays: readonly Display[], primary: Display): Display {
  return displays.find(({ internal }) => internal) ?? primary;
}
