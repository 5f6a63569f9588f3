import { screen } from '../api/screen.ts';
import { trays } from '../api/tray.ts';
import type { BrowserWindow } from '../window/browser-window.ts';
import { openWindows } from '../window/open-windows.ts';

export interface WindowState {
  id: number;
  title: string;
  url: string;
  bounds: { x: number; y: number; width: number; height: number };
  displayId: number;
  kiosk: boolean;
  alwaysOnTop: boolean;
  visible: boolean;
  focused: boolean;
  /** Left out of screen shares; kept by the stand-in, but without effect there. */
  contentProtected: boolean;
}
export interface TrayItemState {
  index: number;
  type: string;
  label: string;
  enabled: boolean;
}
export interface TrayState {
  toolTip: string;
  icon: string;
  items: TrayItemState[];
}
export interface DisplayState {
  id: number;
  label: string;
  bounds: { x: number; y: number; width: number; height: number };
}

/** The windows, lowest first. */
export function windowStates(): WindowState[] {
  return openWindows.all.map((window) => ({
    id: window.id,
    title: window.getTitle(),
    url: window.webContents.getURL(),
    bounds: window.getBounds(),
    displayId: displayOf(window),
    kiosk: window.isKiosk(),
    alwaysOnTop: window.isAlwaysOnTop(),
    visible: window.isVisible() && !window.isMinimized(),
    focused: window.isFocused(),
    contentProtected: window.isContentProtected(),
  }));
}

/** The tray icon and its menu; null when there is none. */
export function trayState(): TrayState | null {
  const [tray] = trays.all;
  if (tray === undefined) return null;
  const items = (tray.menu?.items ?? []).filter((item) => item.visible);
  return {
    toolTip: tray.toolTip,
    icon: tray.image.toDataURL({ scaleFactor: 2 }),
    items: items.map(({ type, label, enabled }, index) => ({ index, type, label, enabled })),
  };
}

/** @throws Error when there is no such item, or it cannot be chosen. */
export function chooseTrayItem(index: number): void {
  const [tray] = trays.all;
  const item = (tray?.menu?.items ?? []).filter((one) => one.visible)[index];
  if (item === undefined || item.type === 'separator') throw new Error(`The tray's menu has no item ${index}.`);
  if (!item.enabled) throw new Error(`"${item.label}" cannot be chosen now.`);
  item.choose();
}

export function displayStates(): DisplayState[] {
  return screen.getAllDisplays().map(({ id, label, bounds }) => ({ id, label, bounds }));
}

function displayOf(window: BrowserWindow): number {
  const { x, y } = window.getBounds();
  const inside = screen
    .getAllDisplays()
    .find(
      ({ bounds }) => x >= bounds.x && x < bounds.x + bounds.width && y >= bounds.y && y < bounds.y + bounds.height,
    );
  return (inside ?? screen.getPrimaryDisplay()).id;
}
