import type { WorldLink } from './connect-worlds.ts';

/** What main sends into a page. */
export type ToPage =
  | { kind: 'answer'; id: number; ok: true; value: unknown }
  | { kind: 'answer'; id: number; ok: false; message: string }
  | { kind: 'message'; channel: string; values: unknown[] };

/** What a page sends to main. */
export type FromPage =
  | { kind: 'invoke'; id: number; channel: string; values: unknown[] }
  | { kind: 'send'; channel: string; values: unknown[] }
  | { kind: 'close' };

type Preload = (require: (name: string) => unknown, module: { exports: object }, exports: object) => void;

/**
 * Runs in the isolated world: gives the preload script `contextBridge` and `ipcRenderer`. What goes to main and back is
 * JSON here, where Electron uses structured clone.
 */
export function preloadSide(link: WorldLink, key: string, preload: Preload): void {
  type Listener = (event: object, ...values: unknown[]) => void;
  const listeners = new Map<string, Set<Listener>>();
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const exposed: { name: string; value: unknown }[] = [];
  let invocations = 0;

  const post = (message: FromPage): void => {
    const binding: unknown = Reflect.get(globalThis, `${key}Post`);
    if (typeof binding === 'function') binding(JSON.stringify(message));
  };
  const expose = ({ name, value }: { name: string; value: unknown }): void =>
    link.send('expose', { name, value: link.encode(value) });

  const contextBridge = {
    exposeInMainWorld(name: string, value: unknown): void {
      exposed.push({ name, value });
      expose({ name, value });
    },
  };
  const ipcRenderer = {
    invoke: (channel: string, ...values: unknown[]): Promise<unknown> =>
      new Promise((resolve, reject) => {
        invocations += 1;
        waiting.set(invocations, {
          resolve,
          reject: (error) => reject(new Error(`Error invoking remote method '${channel}': ${error.message}`)),
        });
        post({ kind: 'invoke', id: invocations, channel, values });
      }),
    send: (channel: string, ...values: unknown[]): void => post({ kind: 'send', channel, values }),
    on(channel: string, listener: Listener) {
      listeners.set(channel, (listeners.get(channel) ?? new Set()).add(listener));
      return ipcRenderer;
    },
    off(channel: string, listener: Listener) {
      listeners.get(channel)?.delete(listener);
      return ipcRenderer;
    },
    removeListener: (channel: string, listener: Listener) => ipcRenderer.off(channel, listener),
  };

  link.on('page-ready', () => exposed.forEach(expose));
  link.on('close-window', () => post({ kind: 'close' }));
  Reflect.set(globalThis, `${key}Receive`, (message: ToPage) => {
    if (message.kind === 'message') {
      for (const listener of listeners.get(message.channel) ?? []) listener({ sender: ipcRenderer }, ...message.values);
      return;
    }
    const answered = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.ok) answered?.resolve(message.value);
    else answered?.reject(new Error(message.message));
  });

  const module = { exports: {} };
  const provide = (name: string): unknown => {
    if (name === 'electron' || name === 'electron/renderer') return { contextBridge, ipcRenderer };
    throw new Error(`A sandboxed preload script may not load "${name}".`);
  };
  preload(provide, module, module.exports);
}
