import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '../chromium/index.ts';
import { environment } from '../environment.ts';
import { cancellable } from '../window/cancellable.ts';
import { openWindows } from '../window/open-windows.ts';
import { claimSingleInstance, type SingleInstance } from './single-instance.ts';

class CommandLine {
  private readonly switches = new Map<string, string>();
  appendSwitch(name: string, value = ''): void {
    this.switches.set(name, value);
  }
  hasSwitch(name: string): boolean {
    return this.switches.has(name);
  }
  getSwitchValue(name: string): string {
    return this.switches.get(name) ?? '';
  }
  appendArgument(): void {}
}

/** The application: life cycle, paths, single instance. */
class App extends EventEmitter {
  readonly isPackaged = false;
  readonly commandLine = new CommandLine();
  readonly dock = undefined;
  private name = 'Electron';
  private ready = false;
  private quitting = false;
  private exiting = false;
  private instance: SingleInstance | null = null;
  private readonly paths = new Map<string, string>();
  private readonly beforeReady: Promise<void>[] = [];
  private readyPromise: Promise<void> | null = null;

  /** Something the stand-in itself needs before the application is ready. */
  holdReady(until: Promise<void>): void {
    this.beforeReady.push(until);
  }

  whenReady(): Promise<void> {
    this.readyPromise ??= this.becomeReady();
    return this.readyPromise;
  }

  isReady(): boolean {
    return this.ready;
  }

  requestSingleInstanceLock(): boolean {
    this.instance = claimSingleInstance(this.getPath('userData'), (argv) =>
      this.emit('second-instance', {}, argv, process.cwd()),
    );
    return this.instance.isFirst;
  }
  releaseSingleInstanceLock(): void {
    this.instance?.release();
  }

  /** Asks everything to close; anything may prevent it. */
  quit(): void {
    if (this.quitting || this.exiting) return;
    const before = cancellable({});
    this.emit('before-quit', before);
    if (before.defaultPrevented) return;
    this.quitting = true;
    for (const window of [...openWindows.all]) window.close();
    if (openWindows.all.length > 0) {
      this.quitting = false;
      return;
    }
    const will = cancellable({});
    this.emit('will-quit', will);
    if (will.defaultPrevented) {
      this.quitting = false;
      return;
    }
    this.exit(0);
  }

  exit(code = 0): void {
    if (this.exiting) return;
    this.exiting = true;
    this.emit('quit', {}, code);
    void this.leave(code);
  }

  getName(): string {
    return this.name;
  }
  setName(name: string): void {
    this.name = name;
  }
  getVersion(): string {
    return '0.0.0';
  }
  getLocale(): string {
    return 'en-GB';
  }
  getAppPath(): string {
    return process.cwd();
  }
  getPath(name: string): string {
    const known = this.paths.get(name);
    if (known !== undefined) return known;
    const folder = defaultFolder(name, this.name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path);
  }
  setLoginItemSettings(): void {}
  getLoginItemSettings(): { openAtLogin: boolean } {
    return { openAtLogin: false };
  }
  enableSandbox(): void {}
  setAppUserModelId(): void {}
  disableHardwareAcceleration(): void {}
  focus(): void {}

  private async becomeReady(): Promise<void> {
    await Promise.all(this.beforeReady);
    this.ready = true;
    this.emit('ready');
  }

  private async leave(code: number): Promise<void> {
    await this.instance?.told;
    if (this.instance?.isFirst === true) this.instance.release();
    await chromium.then((browser) => browser.close()).catch(() => undefined);
    process.exit(code);
  }
}

function defaultFolder(name: string, application: string): string {
  const appData = environment.STANDIN_APP_DATA ?? join(tmpdir(), `usher-standin-data-${process.getuid?.() ?? 'user'}`);
  switch (name) {
    case 'appData':
      return appData;
    case 'userData':
      return join(appData, application);
    case 'home':
      return homedir();
    case 'temp':
      return tmpdir();
    case 'downloads':
      return environment.STANDIN_DOWNLOADS ?? join(homedir(), 'Downloads');
    default:
      return join(appData, application, name);
  }
}

export const app = new App();

openWindows.on('allClosed', () => {
  if (app.listenerCount('window-all-closed') > 0) app.emit('window-all-closed');
  else app.quit();
});
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
process.on('uncaughtException', (error) => {
  console.error(error);
  app.exit(1);
});
process.on('unhandledRejection', (error) => {
  console.error(error);
  app.exit(1);
});
chromium.catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
