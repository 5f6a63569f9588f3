import { app, BrowserWindow, type BrowserWindowConstructorOptions, type WebContents } from 'electron';
import { pageChannel, type PageName, type PageView } from '../../src/contract/shell.ts';
import { lockContents } from '../lockdown.ts';
import type { ShellFiles } from '../page-files.ts';

const retryLoadMs = 500;

/** Opens windows on our own pages, with every door shut, and knows which are ours. */
export class PageWindows {
  private readonly files: ShellFiles;
  private readonly onNote: (note: string) => void;
  private readonly pages = new Map<number, { name: PageName; window: BrowserWindow }>();

  constructor(files: ShellFiles, onNote: (note: string) => void) {
    this.files = files;
    this.onNote = onNote;
  }

  open(name: PageName, options: BrowserWindowConstructorOptions): BrowserWindow {
    const window = new BrowserWindow({
      autoHideMenuBar: true,
      ...options,
      webPreferences: {
        preload: this.files.preload,
        contextIsolation: true,
        sandbox: true,
        nodeIntegration: false,
        webSecurity: true,
        spellcheck: false,
        navigateOnDragDrop: false,
        backgroundThrottling: false,
        devTools: !app.isPackaged,
      },
    });
    const contents = window.webContents;
    const contentsId = contents.id;
    this.pages.set(contentsId, { name, window });
    window.on('closed', () => this.pages.delete(contentsId));
    lockContents(contents);
    this.keepAlive(window, name);
    this.load(window, name);
    return window;
  }

  /** Which of our pages these contents show; null when they are not ours. */
  pageOf(contents: WebContents): PageName | null {
    const page = this.pages.get(contents.id);
    return page !== undefined && page.window.webContents === contents ? page.name : null;
  }

  windowOf(contents: WebContents): BrowserWindow | null {
    return this.pages.get(contents.id)?.window ?? null;
  }

  /** Tells every open page what to show now. */
  broadcast(view: PageView): void {
    for (const { window } of this.pages.values()) {
      if (!window.isDestroyed()) window.webContents.send(pageChannel('viewChanged'), view);
    }
  }

  private load(window: BrowserWindow, name: PageName): void {
    window.loadFile(this.files.page(name)).catch((error: unknown) => {
      if (window.isDestroyed()) return;
      this.onNote(`The page "${name}" did not load: ${error instanceof Error ? error.message : String(error)}`);
      setTimeout(() => {
        if (!window.isDestroyed()) this.load(window, name);
      }, retryLoadMs);
    });
  }

  /** A page that crashed comes back by itself; what was read is kept by the service. */
  private keepAlive(window: BrowserWindow, name: PageName): void {
    window.webContents.on('render-process-gone', (_event, details) => {
      this.onNote(`The page "${name}" stopped (${details.reason}) and is loaded again.`);
      setTimeout(() => {
        if (!window.isDestroyed()) this.load(window, name);
      }, retryLoadMs);
    });
  }
}
