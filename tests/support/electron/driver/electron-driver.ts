import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type Page } from 'playwright-core';
import { pageOfAddress } from './page-of-address.ts';
import type { ShellDriver, ShellOptions } from './shell-driver.ts';
import { ShellProcess } from './shell-process.ts';

const project = resolve(import.meta.dirname, '../../../..');

/** Words of the tray's menu, as arguments of a second start. */
const openArguments: Record<string, string> = {
  'Read the policy': '--open=policy',
  'My receipts': '--open=receipts',
  'About Usher': '--open=about',
};

/** Starts the shell on the real Electron program. */
export async function startOnElectron(program: string, options: ShellOptions): Promise<ShellDriver> {
  const appData = options.appData ?? (await mkdtemp(join(tmpdir(), 'usher-shell-data-')));
  const main = options.mainFile ?? join(project, 'dist/main/main.js');
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const env = inherited({ XDG_CONFIG_HOME: appData, ...options.env });
  const application = await _electron.launch({
    executablePath: program,
    args: [...sandbox, main, ...(options.args ?? [])],
    env,
  });
  let text = '';
  const child = application.process();
  child.stdout?.on('data', (part: Buffer) => (text += part.toString('utf8')));
  child.stderr?.on('data', (part: Buffer) => (text += part.toString('utf8')));
  const tidy = async (): Promise<void> => {
    if (options.appData === undefined) await rm(appData, { recursive: true, force: true });
  };
  const startAgain = async (args: string[]): Promise<void> => {
    await new ShellProcess(program, [...sandbox, main, ...args], env).ended;
  };
  const openPage = (name: string): Page | undefined =>
    application.windows().find((page) => pageOfAddress(page.url()) === name);

  return {
    kind: 'electron',
    processId: child.pid ?? -1,
    viewer: null,
    standIn: null,
    output: () => text,
    startAgain,
    async page(name, timeoutMs = 15_000) {
      const until = performance.now() + timeoutMs;
      for (;;) {
        const page = openPage(name);
        if (page !== undefined) {
          await page.waitForLoadState('load');
          return page;
        }
        if (performance.now() > until) throw new Error(`No window with the page "${name}" came up:\n${text}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
    async windows() {
      const states = await application.evaluate(({ BrowserWindow, screen }) =>
        BrowserWindow.getAllWindows().map((window) => ({
          id: window.id,
          title: window.getTitle(),
          url: window.webContents.getURL(),
          bounds: window.getBounds(),
          displayId: screen.getDisplayMatching(window.getBounds()).id,
          kiosk: window.isKiosk(),
          alwaysOnTop: window.isAlwaysOnTop(),
          visible: window.isVisible(),
          focused: window.isFocused(),
          contentProtected: window.isContentProtected(),
        })),
      );
      return states.map((state) => ({ ...state, page: pageOfAddress(state.url) }));
    },
    tray: () => Promise.reject(new Error("The tray's menu belongs to the system and cannot be read on real Electron.")),
    async clickTray(label) {
      const argument = openArguments[label];
      if (argument === undefined) throw new Error(`"${label}" cannot be chosen on real Electron.`);
      await startAgain([argument]);
    },
    async tryClose(name) {
      const page = openPage(name);
      if (page === undefined) throw new Error(`There is no window with the page "${name}".`);
      const window = await application.browserWindow(page);
      await window.evaluate((one) => one.close());
      await new Promise((done) => setTimeout(done, 300));
      return page.isClosed();
    },
    async kill() {
      child.kill('SIGKILL');
      await application.waitForEvent('close').catch(() => undefined);
      await tidy();
    },
    async quit() {
      await application.close();
      await tidy();
    },
  };
}

function inherited(over: Record<string, string>): Record<string, string> {
  const entries = Object.entries({ ...process.env, ...over });
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
