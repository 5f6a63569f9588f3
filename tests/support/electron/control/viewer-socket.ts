import type { WebSocket } from 'ws';
import { z } from 'zod';
import { powerMonitor } from '../api/power-monitor.ts';
import { screen } from '../api/screen.ts';
import { trays } from '../api/tray.ts';
import { BrowserWindow } from '../window/browser-window.ts';
import { openWindows } from '../window/open-windows.ts';
import { watchScreen } from './screencast.ts';
import { chooseTrayItem, displayStates, trayState, windowStates } from './state.ts';
import { forwardInput, viewerInput } from './viewer-input.ts';

const request = z.discriminatedUnion('kind', [
  /** Show this window from now on; null for none. */
  z.object({ kind: z.literal('watch'), id: z.int().nullable() }),
  z.object({ kind: z.literal('input'), id: z.int(), input: viewerInput }),
  z.object({ kind: z.literal('tray'), index: z.int().min(0) }),
  z.object({ kind: z.literal('close'), id: z.int() }),
  z.object({ kind: z.literal('unlock') }),
  /** The mouse moved or a key was pressed somewhere on the simulated computer. */
  z.object({ kind: z.literal('touch') }),
]);

/** Frames not yet sent over which new ones are dropped, so that a slow watcher sees the present. */
const backlogBytes = 2 * 1024 * 1024;

/** Speaks with one watcher: tells what there is, films the window it looks at, does what it does. */
export function converse(client: WebSocket): void {
  let watching: { id: number; stop(): void } | null = null;
  let told = '';
  let due: NodeJS.Immediate | null = null;

  const send = (message: object): void => {
    if (client.readyState === client.OPEN) client.send(JSON.stringify(message));
  };
  const tell = (): void => {
    due = null;
    const state = {
      kind: 'state',
      windows: windowStates(),
      displays: displayStates(),
      tray: trayState(),
      locked: powerMonitor.isLocked,
    };
    const text = JSON.stringify(state);
    if (text === told) return;
    told = text;
    send(state);
  };
  const changed = (): void => {
    due ??= setImmediate(tell);
  };

  const watch = async (id: number | null): Promise<void> => {
    watching?.stop();
    watching = null;
    const window = id === null ? null : BrowserWindow.fromId(id);
    if (window === null) return;
    const page = await window.page;
    if (client.readyState !== client.OPEN || window.isDestroyed()) return;
    const stop = watchScreen(page, (jpeg) => {
      if (client.bufferedAmount < backlogBytes) send({ kind: 'frame', id: window.id, jpeg });
    });
    watching = { id: window.id, stop };
  };

  const obey = async (text: string): Promise<void> => {
    const given = request.parse(JSON.parse(text));
    if (given.kind === 'watch') return watch(given.id);
    powerMonitor.input();
    if (given.kind === 'touch') return;
    if (given.kind === 'unlock') return powerMonitor.setLocked(false);
    if (powerMonitor.isLocked) return;
    if (given.kind === 'tray') return chooseTrayItem(given.index);
    const window = BrowserWindow.fromId(given.id);
    if (window === null) return;
    if (given.kind === 'close') return window.close();
    if (given.input.kind === 'mouse' && given.input.type === 'mousePressed') window.focus();
    forwardInput(await window.page, given.input);
  };

  client.on('message', (data) => {
    obey(String(data)).catch((error: unknown) => {
      send({ kind: 'problem', sentence: error instanceof Error ? error.message.slice(0, 300) : 'That did not work.' });
    });
  });
  openWindows.on('changed', changed);
  trays.on('changed', changed);
  powerMonitor.on('stand-in-changed', changed);
  for (const event of ['display-added', 'display-removed', 'display-metrics-changed']) screen.on(event, changed);
  client.on('error', () => undefined);
  client.on('close', () => {
    watching?.stop();
    openWindows.off('changed', changed);
    trays.off('changed', changed);
    powerMonitor.off('stand-in-changed', changed);
    for (const event of ['display-added', 'display-removed', 'display-metrics-changed']) screen.off(event, changed);
  });
  tell();
}
