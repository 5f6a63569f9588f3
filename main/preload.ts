import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import { pageChannel, pageProtocol, type PageView } from '../src/contract/shell.ts';

/** `window.usher`: exactly the requests of the page protocol, by name. What they carry is checked in main. */
const requests = Object.fromEntries(
  Object.keys(pageProtocol.requests).map((name) => [
    name,
    (params: unknown): Promise<unknown> => ipcRenderer.invoke(pageChannel(name), params),
  ]),
);

contextBridge.exposeInMainWorld('usher', {
  ...requests,
  onViewChanged(listener: (view: PageView) => void): () => void {
    const channel = pageChannel('viewChanged');
    const forward = (_event: IpcRendererEvent, view: PageView): void => listener(view);
    ipcRenderer.on(channel, forward);
    return () => {
      ipcRenderer.off(channel, forward);
    };
  },
});
