import { app } from './api/app.ts';
import { startViewer } from './control/start.ts';
import { playTheSystemsLock } from './system-lock.ts';

/**
 * The stand-in for Electron's main process: ordinary main code runs on Node, its windows are Chromium pages.
 * What it cannot show: content protection, `sendSync`, custom protocols, cancelling keys in `before-input-event`.
 * What crosses to a page is JSON, where Electron uses structured clone.
 */
export { app } from './api/app.ts';
export { dialog } from './api/dialog.ts';
export { Menu } from './api/menu.ts';
export { nativeImage } from './api/native-image.ts';
export { powerMonitor } from './api/power-monitor.ts';
export { screen } from './api/screen.ts';
export { session } from './api/session.ts';
export { globalShortcut, Notification, shell } from './api/system.ts';
export { Tray } from './api/tray.ts';
export { BrowserWindow } from './window/browser-window.ts';
export { ipcMain } from './window/ipc-main.ts';

playTheSystemsLock();
app.holdReady(startViewer());
