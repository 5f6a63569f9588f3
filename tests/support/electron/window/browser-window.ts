import { EventEmitter } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrowserWindowConstructorOptions } from 'electron';
import { chromium } from '../chromium/index.ts';
import type { FromPage } from '../page-world/preload-side.ts';
import { cancellable } from './cancellable.ts';
import { ipcMain } from './ipc-main.ts';
import { openWindows } from './open-windows.ts';
import { Page } from './page.ts';
import { standReal } from './real-window.ts';
import { watchRequests } from './requests.ts';
import type { Bounds } from './target.ts';
import { WebContents } from './web-contents.ts';

let lastId = 0;

/** A window: a Chromium page that is placed on a display, real or simulated. */
export class BrowserWindow extends EventEmitter {
  readonly id = (lastId += 1);
  readonly webContents: WebContents;
  readonly page: Promise<Page>;
  private readonly options: BrowserWindowConstructorOptions;
  private bounds: Bounds;
  private title: string;
  private kiosk: boolean;
  private fullScreen: boolean;
  private onTop: boolean;
  private visible: boolean;
  private minimised = false;
  private destroyed = false;
  private contentProtected = false;

  static getAllWindows(): BrowserWindow[] {
    return [...openWindows.all];
  }
  static getFocusedWindow(): BrowserWindow | null {
    return openWindows.focused;
  }
  static fromWebContents(contents: WebContents): BrowserWindow | null {
    return openWindows.all.find((window) => window.webContents === contents) ?? null;
  }
  static fromId(id: number): BrowserWindow | null {
    return openWindows.all.find((window) => window.id === id) ?? null;
  }

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super();
    this.options = options;
    this.bounds = {
      x: options.x ?? 80,
      y: options.y ?? 60,
      width: options.width ?? 800,
      height: options.height ?? 600,
    };
    this.title = options.title ?? 'Electron';
    this.kiosk = options.kiosk ?? false;
    this.fullScreen = this.kiosk || (options.fullscreen ?? false);
    this.onTop = options.alwaysOnTop ?? false;
    this.visible = options.show !== false;
    this.page = Page.open({
      bounds: this.bounds,
      preload: options.webPreferences?.preload,
      onMessage: (message, isMainFrame) => void this.fromPage(message, isMainFrame),
    });
    this.webContents = new WebContents(this.page);
    this.page.then((page) => this.begin(page)).catch((error: unknown) => this.lost(error));
    openWindows.add(this);
    if (this.visible && this.options.focusable !== false) this.focus();
  }

  loadFile(path: string, options: { query?: Record<string, string>; hash?: string } = {}): Promise<void> {
    const url = pathToFileURL(resolve(path));
    for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
    if (options.hash !== undefined) url.hash = options.hash;
    return this.loadURL(url.href);
  }

  async loadURL(url: string): Promise<void> {
    await this.webContents.load(url);
    this.emit('ready-to-show');
  }

  /** Asks as the window's close button or Alt+F4 does; listeners may prevent it. */
  close(): void {
    if (this.destroyed) return;
    const event = cancellable({});
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    void this.page.then((page) => page.cdp.tell('Page.close')).catch(() => undefined);
    this.webContents.markDestroyed();
    this.emit('closed');
    openWindows.remove(this);
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }
  isVisible(): boolean {
    return this.visible && !this.destroyed;
  }
  isMinimized(): boolean {
    return this.minimised;
  }
  isKiosk(): boolean {
    return this.kiosk;
  }
  isFullScreen(): boolean {
    return this.fullScreen;
  }
  isAlwaysOnTop(): boolean {
    return this.onTop;
  }
  isFocused(): boolean {
    return openWindows.focused === this;
  }
  isClosable(): boolean {
    return this.options.closable !== false;
  }
  getBounds(): Bounds {
    return { ...this.bounds };
  }
  getTitle(): string {
    return this.title;
  }
  setTitle(title: string): void {
    this.title = title;
    openWindows.changed();
  }

  show(): void {
    this.visible = true;
    this.stand();
    this.emit('show');
    this.focus();
  }
  showInactive(): void {
    this.visible = true;
    this.stand();
    this.emit('show');
  }
  hide(): void {
    this.visible = false;
    this.stand();
    this.emit('hide');
  }
  minimize(): void {
    this.minimised = true;
    this.stand();
    this.emit('minimize');
  }
  restore(): void {
    this.minimised = false;
    this.stand();
    this.emit('restore');
  }
  focus(): void {
    openWindows.raise(this);
    openWindows.focus(this);
  }
  blur(): void {
    if (this.isFocused()) openWindows.focus(null);
  }
  moveTop(): void {
    openWindows.raise(this);
  }
  setBounds(bounds: Partial<Bounds>): void {
    this.bounds = { ...this.bounds, ...bounds };
    this.stand();
  }
  setKiosk(kiosk: boolean): void {
    this.kiosk = kiosk;
    this.setFullScreen(kiosk);
  }
  setFullScreen(fullScreen: boolean): void {
    const left = this.fullScreen && !fullScreen;
    this.fullScreen = fullScreen;
    this.stand();
    if (left) this.emit('leave-full-screen');
  }
  setAlwaysOnTop(onTop: boolean): void {
    this.onTop = onTop;
    this.stand();
  }
  setVisibleOnAllWorkspaces(): void {}
  setMenu(): void {}
  removeMenu(): void {}
  setMenuBarVisibility(): void {}
  setSkipTaskbar(): void {}
  setClosable(): void {}
  setContentProtection(protectedNow: boolean): void {
    this.contentProtected = protectedNow;
  }
  isContentProtected(): boolean {
    return this.contentProtected;
  }

  /** Told by the stack of windows. */
  focusChanged(focused: boolean): void {
    void this.page
      .then((page) => page.cdp.tell('Emulation.setFocusEmulationEnabled', { enabled: focused }))
      .catch(() => undefined);
    this.emit(focused ? 'focus' : 'blur');
  }

  private begin(page: Page): void {
    const { cdp } = page;
    watchRequests(cdp, {
      session: this.webContents.session,
      mainFrameId: () => page.mainFrameId,
      isOwnLoad: () => this.webContents.isLoadingByMain,
      navigationPrevented: (url, isMainFrame) => this.webContents.navigationPrevented(url, isMainFrame),
    });
    cdp.on('Page.frameNavigated', ({ frame }) => {
      if (frame.parentId !== undefined) return;
      this.webContents.mainFrame.url = frame.url + (frame.urlFragment ?? '');
      this.webContents.emit('did-navigate', {}, frame.url);
    });
    cdp.on('Page.domContentEventFired', () => void this.readTitle(page));
    cdp.on('Inspector.targetCrashed', () =>
      this.webContents.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }),
    );
    cdp.on('Inspector.detached', () => this.destroy());
    void chromium.then(({ program }) => {
      if (program.hasWindows) guardRealClose(page, () => this.close());
    });
    if (this.isFocused()) cdp.tell('Emulation.setFocusEmulationEnabled', { enabled: true });
    this.stand();
  }

  private async readTitle(page: Page): Promise<void> {
    this.webContents.emit('dom-ready');
    // A window may be gone again before its page has said its title.
    const answer = await page.cdp.send('Runtime.evaluate', { expression: 'document.title' }).catch(() => null);
    const result = answer?.result ?? { value: '' };
    if (typeof result.value === 'string' && result.value !== '') this.setTitle(result.value);
  }

  private async fromPage(message: FromPage, isMainFrame: boolean): Promise<void> {
    if (message.kind === 'close') return this.close();
    const frame = isMainFrame ? this.webContents.mainFrame : { url: '', parent: this.webContents.mainFrame };
    const event = { sender: this.webContents, senderFrame: frame };
    if (message.kind === 'send') return void ipcMain.emit(message.channel, event, ...message.values);
    const page = await this.page;
    const { id } = message;
    try {
      const value = await ipcMain.invoke(message.channel, event, message.values);
      page.send({ kind: 'answer', id, ok: true, value });
    } catch (error) {
      page.send({ kind: 'answer', id, ok: false, message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** Brings the page to where the window now is. */
  private stand(): void {
    openWindows.changed();
    const { bounds, fullScreen, visible, minimised } = this;
    void Promise.all([chromium, this.page])
      .then(async ([{ program }, page]) => {
        if (program.hasWindows)
          return standReal(page, { bounds, fullScreen, visible, minimised }, this.title, this.onTop);
        await page.cdp.send('Emulation.setDeviceMetricsOverride', {
          width: bounds.width,
          height: bounds.height,
          deviceScaleFactor: 1,
          mobile: false,
        });
      })
      .catch(() => undefined);
  }

  private lost(error: unknown): void {
    if (this.destroyed) return;
    this.webContents.emit('did-fail-load', {}, -2, String(error), '', true);
    this.destroy();
  }
}

/** In a real window the person's Close arrives as a `beforeunload` question, which is answered by `close`. */
function guardRealClose(page: Page, close: () => void): void {
  page.cdp.on('Page.javascriptDialogOpening', ({ type }) => {
    if (type !== 'beforeunload') return;
    page.cdp.tell('Page.handleJavaScriptDialog', { accept: false });
    close();
  });
  page.cdp.on('Page.loadEventFired', () => {
    const expression =
      "addEventListener('beforeunload', (event) => { event.preventDefault(); event.returnValue = 'x'; })";
    page.cdp.tell('Runtime.evaluate', { expression, userGesture: true });
  });
}
