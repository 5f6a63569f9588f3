import { z } from 'zod';
import { app } from '../api/app.ts';
import { nextAnswers } from '../api/dialog.ts';
import { powerMonitor } from '../api/power-monitor.ts';
import { screen } from '../api/screen.ts';
import { openedExternally, shownNotifications } from '../api/system.ts';
import { BrowserWindow } from '../window/browser-window.ts';
import { ipcMain } from '../window/ipc-main.ts';
import { chooseTrayItem, displayStates, trayState, windowStates } from './state.ts';
import { screencastsRunning } from './screencast.ts';

const withWindow = z.object({ id: z.int() });
const size = z.string().regex(/^\d{2,5}x\d{2,5}$/, 'must be a size such as 1920x1080');
const done = { ok: true };

function windowOf(body: unknown): BrowserWindow {
  const { id } = withWindow.parse(body);
  const window = BrowserWindow.fromId(id);
  if (window === null) throw new Error(`There is no window ${id}.`);
  return window;
}

/** What tests may do: each as a person, the system or an attacker would, never past the shell's own code. */
const routes: Record<string, (body: unknown) => object | Promise<object>> = {
  'GET /windows': async () => {
    const targets = await Promise.all(
      BrowserWindow.getAllWindows().map(async (window) => ({ id: window.id, targetId: (await window.page).targetId })),
    );
    return windowStates().map((state) => ({
      ...state,
      targetId: targets.find(({ id }) => id === state.id)?.targetId ?? null,
    }));
  },
  'GET /tray': () => trayState() ?? { toolTip: '', icon: '', items: [] },
  'POST /tray/choose': (body) => {
    const { label } = z.object({ label: z.string() }).parse(body);
    const item = trayState()?.items.find((one) => one.label === label);
    if (item === undefined) throw new Error(`The tray's menu has no "${label}".`);
    chooseTrayItem(item.index);
    return done;
  },
  'GET /displays': () => displayStates(),
  'POST /displays/add': (body) => ({ id: screen.plugIn(z.object({ size }).parse(body).size).id }),
  'POST /displays/remove': (body) => ({ ok: screen.unplug(withWindow.parse(body).id) }),
  'POST /displays/resize': (body) => {
    const given = z.object({ id: z.int(), size }).parse(body);
    return { ok: screen.resize(given.id, given.size) };
  },
  /** As Alt+F4 or the close button. */
  'POST /windows/close': (body) => {
    const window = windowOf(body);
    window.close();
    return { closed: window.isDestroyed() };
  },
  'POST /windows/minimise': (body) => {
    const window = windowOf(body);
    window.minimize();
    return { minimised: window.isMinimized() };
  },
  'POST /windows/leave-full-screen': (body) => {
    const window = windowOf(body);
    window.setKiosk(false);
    return { kiosk: window.isKiosk() };
  },
  /** Another program takes the focus. */
  'POST /windows/blur': (body) => {
    windowOf(body).blur();
    return done;
  },
  'POST /windows/crash': async (body) => {
    (await windowOf(body).page).cdp.tell('Page.crash');
    return done;
  },
  /** A call as a page taken over by an attacker could send it, past the preload script. */
  'POST /windows/invoke': async (body) => {
    const given = z
      .object({
        id: z.int(),
        channel: z.string(),
        values: z.array(z.unknown()),
        frame: z.enum(['main', 'inner', 'gone']),
        address: z.string().optional(),
      })
      .parse(body);
    const sender = windowOf(given).webContents;
    if (given.address !== undefined) sender.mainFrame.url = given.address;
    const inner = { url: sender.mainFrame.url, parent: sender.mainFrame };
    const senderFrame = given.frame === 'main' ? sender.mainFrame : given.frame === 'inner' ? inner : null;
    const before = sender.getURL();
    try {
      return { answer: await ipcMain.invoke(given.channel, { sender, senderFrame }, given.values) };
    } catch (error) {
      return { rejected: error instanceof Error ? error.message : String(error) };
    } finally {
      sender.mainFrame.url = before;
    }
  },
  'POST /second-instance': (body) => {
    app.emit('second-instance', {}, z.object({ argv: z.array(z.string()) }).parse(body).argv, process.cwd());
    return done;
  },
  'POST /idle': (body) => {
    const given = z.object({ seconds: z.number().min(0), frozen: z.boolean().optional() }).parse(body);
    powerMonitor.setIdleSeconds(given.seconds, given.frozen);
    return done;
  },
  'POST /power': (body) => {
    const { event } = z.object({ event: z.enum(['suspend', 'resume', 'lock-screen', 'unlock-screen']) }).parse(body);
    if (event === 'lock-screen' || event === 'unlock-screen') powerMonitor.setLocked(event === 'lock-screen');
    else powerMonitor.emit(event);
    return done;
  },
  'POST /dialog/save': (body) => {
    nextAnswers.save = z.object({ canceled: z.boolean(), filePath: z.string() }).parse(body);
    return done;
  },
  'GET /seen': () => ({ openedExternally, shownNotifications, screencasts: screencastsRunning() }),
  'POST /quit': () => {
    setImmediate(() => app.quit());
    return done;
  },
  'POST /kill': () => {
    setImmediate(() => process.kill(process.pid, 'SIGKILL'));
    return done;
  },
};

/** Answers one control request; undefined when there is no such one. */
export async function answerControl(request: string, body: unknown): Promise<object | undefined> {
  return routes[request]?.(body);
}
