import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import type { PageRequest, PageView } from '../src/contract/shell.ts';

/**
 * Channel of each request and notification of the page protocol, put in by the build from `pageProtocol` itself, so
 * that this script carries names only. What the calls hold is checked in main.
 */
declare const USHER_PAGE_CHANNELS: {
  requests: Readonly<Record<PageRequest, string>>;
  viewChanged: string;
};

const requests = Object.fromEntries(
  Object.entries(USHER_PAGE_CHANNELS.requests).map(([name, channel]) => [
    name,
    (params: unknown): Promise<unknown> => ipcRenderer.invoke(channel, params),
  ]),
);

/** `window.usher`, as `PageBridge` describes it. */
contextBridge.exposeInMainWorld('usher', {
  ...requests,
  onViewChanged(listener: (view: PageView) => void): () => void {
    const forward = (_event: IpcRendererEvent, view: PageView): void => listener(view);
    ipcRenderer.on(USHER_PAGE_CHANNELS.viewChanged, forward);
    return () => {
      ipcRenderer.off(USHER_PAGE_CHANNELS.viewChanged, forward);
    };
  },
});
