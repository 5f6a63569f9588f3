import { BrowserWindow, screen } from 'electron';
import type { PageName } from '../../src/contract/shell.ts';
import { kioskWindowPlan, type DisplayPlace, type KioskRole, type KioskWindowPlace, type Place } from './kiosk-plan.ts';
import type { PageWindows } from './page-window.ts';

interface KioskWindow {
  window: BrowserWindow;
  role: KioskRole;
  displayId: number;
  bounds: Place;
}

const focusAgainMs = 150;

export interface KioskOptions {
  /** Page on the primary display, and on each further one. */
  main: PageName;
  other: PageName;
  /** Takes the focus and holds its place: what is behind cannot be used. Otherwise it only shows. */
  holds: boolean;
}

/** Windows on every display, above everything, and not to be closed by the person. */
export class KioskWindows {
  private readonly pages: PageWindows;
  private readonly options: KioskOptions;
  private readonly windows = new Map<number, KioskWindow>();
  private up = false;
  private shuttingDown = false;
  private dialogs = 0;
  private focusTimer: NodeJS.Timeout | null = null;
  private resting = false;

  constructor(pages: PageWindows, options: KioskOptions) {
    this.pages = pages;
    this.options = options;
    const displaysChanged = (): void => this.arrange();
    screen.on('display-added', displaysChanged);
    screen.on('display-removed', displaysChanged);
    screen.on('display-metrics-changed', displaysChanged);
  }

  /** Raises the windows or takes them down. Safe to call again with the same answer. */
  show(up: boolean): void {
    this.up = up;
    this.arrange();
  }

  get isUp(): boolean {
    return this.up;
  }

  /** Other kiosk windows are above these: they stay, and do not fight for the focus. */
  rest(resting: boolean): void {
    if (this.resting === resting) return;
    this.resting = resting;
    if (!resting && this.up) this.focusSoon();
  }

  /** From now on the windows may close, because the shell itself ends. */
  allowClosing(): void {
    this.shuttingDown = true;
  }

  /** Runs something that opens a system dialog over the windows, without their taking the focus back. */
  async withDialog<T>(run: () => Promise<T>): Promise<T> {
    this.dialogs += 1;
    try {
      return await run();
    } finally {
      this.dialogs -= 1;
      this.focusSoon();
    }
  }

  /** Brings the main page to the front. */
  focus(): void {
    for (const { window, role } of this.windows.values()) {
      if (role !== 'main' || window.isDestroyed()) continue;
      window.moveTop();
      window.focus();
    }
  }

  private arrange(): void {
    const plan = kioskWindowPlan(displayPlaces(), [...this.places()], this.up);
    for (const { windowId, displayId, bounds } of plan.move) this.move(windowId, displayId, bounds);
    for (const { role, displayId, bounds } of plan.open) this.open(role, displayId, bounds);
    for (const { windowId } of plan.close) this.take(windowId);
  }

  private *places(): Generator<KioskWindowPlace> {
    for (const [windowId, { role, displayId, bounds }] of this.windows) yield { windowId, role, displayId, bounds };
  }

  private open(role: KioskRole, displayId: number, bounds: Place): void {
    const { holds } = this.options;
    const window = this.pages.open(this.options[role], {
      ...bounds,
      kiosk: true,
      frame: false,
      alwaysOnTop: true,
      skipTaskbar: true,
      closable: false,
      minimizable: false,
      maximizable: false,
      movable: false,
      resizable: false,
      focusable: holds,
      show: holds,
      enableLargerThanScreen: true,
      title: 'Usher',
    });
    window.setAlwaysOnTop(true, 'screen-saver');
    window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
    // What stands here is nobody else's business: it is left out of screen shares and recordings.
    if (!holds) window.setContentProtection(true);
    this.windows.set(window.id, { window, role, displayId, bounds });
    this.hold(window);
    if (!holds) window.showInactive();
    else if (role === 'main') this.focusSoon();
  }

  /** Puts the window back whenever something moves, minimises, covers or tries to close it. */
  private hold(window: BrowserWindow): void {
    const id = window.id;
    const reassert = (): void => {
      if (!this.windows.has(id) || window.isDestroyed() || this.dialogs > 0 || this.resting) return;
      if (window.isMinimized()) window.restore();
      if (!window.isVisible() && this.options.holds) window.show();
      if (!window.isVisible()) window.showInactive();
      if (!window.isKiosk()) window.setKiosk(true);
      window.setAlwaysOnTop(true, 'screen-saver');
    };
    window.on('close', (event) => {
      if (this.windows.has(id) && !this.shuttingDown) event.preventDefault();
    });
    window.on('closed', () => {
      const wasHeld = this.windows.delete(id);
      if (wasHeld && !this.shuttingDown) this.arrange();
    });
    window.on('minimize', reassert);
    window.on('hide', reassert);
    window.on('leave-full-screen', reassert);
    window.on('blur', () => {
      reassert();
      if (this.options.holds) this.focusSoon();
    });
  }

  private focusSoon(): void {
    if (this.focusTimer !== null) return;
    this.focusTimer = setTimeout(() => {
      this.focusTimer = null;
      const focused = BrowserWindow.getFocusedWindow();
      const ours = focused !== null && this.windows.get(focused.id)?.role === 'main';
      if (!ours && this.dialogs === 0 && !this.resting) this.focus();
    }, focusAgainMs);
  }

  private move(windowId: number, displayId: number, bounds: Place): void {
    const held = this.windows.get(windowId);
    if (held === undefined) return;
    this.windows.set(windowId, { ...held, displayId, bounds });
    held.window.setKiosk(false);
    held.window.setBounds(bounds);
    held.window.setKiosk(true);
    held.window.setAlwaysOnTop(true, 'screen-saver');
  }

  private take(windowId: number): void {
    const held = this.windows.get(windowId);
    this.windows.delete(windowId);
    held?.window.destroy();
  }
}

function displayPlaces(): DisplayPlace[] {
  const primaryId = screen.getPrimaryDisplay().id;
  return screen.getAllDisplays().map(({ id, bounds }) => ({ id, primary: id === primaryId, bounds }));
}
