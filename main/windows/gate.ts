import { BrowserWindow, screen } from 'electron';
import { gateWindowPlan, type DisplayPlace, type GatePageName, type GateWindowPlace, type Place } from './gate-plan.ts';
import type { PageWindows } from './page-window.ts';

interface GateWindow {
  window: BrowserWindow;
  page: GatePageName;
  displayId: number;
  bounds: Place;
}

const focusAgainMs = 150;

/** The kiosk windows of the gate: on every display, above everything, and not to be closed by the person. */
export class GateWindows {
  private readonly pages: PageWindows;
  private readonly windows = new Map<number, GateWindow>();
  private up = false;
  private shuttingDown = false;
  private dialogs = 0;
  private focusTimer: NodeJS.Timeout | null = null;

  constructor(pages: PageWindows) {
    this.pages = pages;
    const displaysChanged = (): void => this.arrange();
    screen.on('display-added', displaysChanged);
    screen.on('display-removed', displaysChanged);
    screen.on('display-metrics-changed', displaysChanged);
  }

  /** Raises or takes down the gate. Safe to call again with the same answer. */
  show(up: boolean): void {
    this.up = up;
    this.arrange();
  }

  get isUp(): boolean {
    return this.up;
  }

  /** From now on the windows may close, because the shell itself ends. */
  allowClosing(): void {
    this.shuttingDown = true;
  }

  /** Runs something that opens a system dialog over the gate, without the gate taking the focus back. */
  async withDialog<T>(run: () => Promise<T>): Promise<T> {
    this.dialogs += 1;
    try {
      return await run();
    } finally {
      this.dialogs -= 1;
      this.focusSoon();
    }
  }

  /** Brings the page with the policy to the front. */
  focus(): void {
    for (const { window, page } of this.windows.values()) {
      if (page !== 'gate' || window.isDestroyed()) continue;
      window.moveTop();
      window.focus();
    }
  }

  private arrange(): void {
    const plan = gateWindowPlan(displayPlaces(), [...this.places()], this.up);
    for (const { windowId, displayId, bounds } of plan.move) this.move(windowId, displayId, bounds);
    for (const { page, displayId, bounds } of plan.open) this.open(page, displayId, bounds);
    for (const { windowId } of plan.close) this.take(windowId);
  }

  private *places(): Generator<GateWindowPlace> {
    for (const [windowId, { page, displayId, bounds }] of this.windows) yield { windowId, page, displayId, bounds };
  }

  private open(page: GatePageName, displayId: number, bounds: Place): void {
    const window = this.pages.open(page, {
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
      focusable: true,
      enableLargerThanScreen: true,
      title: 'Usher',
    });
    window.setAlwaysOnTop(true, 'screen-saver');
    window.setVisibleOnAllWorkspaces(true, { visibleOnFullScreen: true });
    this.windows.set(window.id, { window, page, displayId, bounds });
    this.hold(window);
    if (page === 'gate') this.focusSoon();
  }

  /** Puts the window back whenever something moves, minimises, covers or tries to close it. */
  private hold(window: BrowserWindow): void {
    const id = window.id;
    const reassert = (): void => {
      if (!this.windows.has(id) || window.isDestroyed() || this.dialogs > 0) return;
      if (window.isMinimized()) window.restore();
      if (!window.isVisible()) window.show();
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
      this.focusSoon();
    });
  }

  private focusSoon(): void {
    if (this.focusTimer !== null) return;
    this.focusTimer = setTimeout(() => {
      this.focusTimer = null;
      const focused = BrowserWindow.getFocusedWindow();
      const ours = focused !== null && this.windows.get(focused.id)?.page === 'gate';
      if (!ours && this.dialogs === 0) this.focus();
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
