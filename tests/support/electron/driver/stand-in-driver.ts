import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { z } from 'zod';
import { shellReady } from '../../../../src/contract/launcher.ts';
import { pageOfAddress } from './page-of-address.ts';
import type { ShellDriver, ShellOptions } from './shell-driver.ts';
import { ShellProcess } from './shell-process.ts';
import { StandInControl } from './stand-in-control.ts';

const project = resolve(import.meta.dirname, '../../../..');
const register = resolve(import.meta.dirname, '../register.ts');
const readyWithinMs = 30_000;
const standInReady = z.object({
  control: z.url(),
  viewer: z.url(),
  devTools: z.string(),
  chromiumProcessId: z.int(),
});

/** Starts the shell on the stand-in, headless, whatever displays this computer has. */
export async function startOnStandIn(options: ShellOptions): Promise<ShellDriver> {
  const appData = options.appData ?? (await mkdtemp(join(tmpdir(), 'usher-shell-data-')));
  const main = options.mainFile ?? join(project, 'dist/main/main.js');
  const command = ['--import', register, main];
  const env = {
    ...process.env,
    STANDIN_HEADLESS: '1',
    STANDIN_CONTROL: '1',
    STANDIN_APP_DATA: appData,
    STANDIN_DISPLAYS: (options.displays ?? ['1280x800']).join(','),
    ...options.env,
  };
  const shell = new ShellProcess(process.execPath, [...command, ...(options.args ?? [])], env);
  const tidy = async (): Promise<void> => {
    if (options.appData === undefined) await rm(appData, { recursive: true, force: true });
  };
  try {
    const addresses = standInReady.parse(await shell.announcement('standin-ready', readyWithinMs));
    shellReady.parse(await shell.announcement('usher-ready', readyWithinMs));
    return driverOf(shell, addresses, { command, env, tidy });
  } catch (error) {
    await shell.kill();
    await tidy();
    throw error;
  }
}

interface Start {
  command: string[];
  env: Record<string, string | undefined>;
  tidy(): Promise<void>;
}

function driverOf(shell: ShellProcess, addresses: z.infer<typeof standInReady>, start: Start): ShellDriver {
  const standIn = new StandInControl(addresses.control, addresses.chromiumProcessId);
  let connecting: Promise<Browser> | null = null;
  const browser = (): Promise<Browser> => (connecting ??= chromium.connectOverCDP(addresses.devTools));
  const disconnect = async (): Promise<void> => {
    const connected = await connecting?.catch(() => null);
    await connected?.close().catch(() => undefined);
  };
  const windows = async () =>
    (await standIn.windows()).map((window) => ({ ...window, page: pageOfAddress(window.url) }));

  return {
    kind: 'stand-in',
    processId: shell.child.pid ?? -1,
    viewer: addresses.viewer,
    standIn,
    output: () => shell.output(),
    windows,
    async page(name, timeoutMs = 10_000) {
      const until = performance.now() + timeoutMs;
      for (;;) {
        const window = (await windows()).find((one) => one.page === name);
        const targetId = window?.targetId ?? null;
        const page = targetId === null ? null : await pageWithTarget(await browser(), targetId);
        if (page !== null) {
          await page.waitForLoadState('load');
          return page;
        }
        if (performance.now() > until) throw new Error(`No window with the page "${name}" came up:\n${shell.output()}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    async tray() {
      const { items } = await standIn.tray();
      return items.filter(({ type }) => type !== 'separator').map(({ label, enabled }) => ({ label, enabled }));
    },
    async clickTray(label) {
      await standIn.chooseTrayItem(label);
    },
    async tryClose(name) {
      const window = (await windows()).find((one) => one.page === name);
      if (window === undefined) throw new Error(`There is no window with the page "${name}".`);
      return (await standIn.close(window.id)).closed;
    },
    async startAgain(args) {
      await new ShellProcess(process.execPath, [...start.command, ...args], start.env).ended;
    },
    async kill() {
      await disconnect();
      await shell.kill();
      await start.tidy();
    },
    async quit() {
      await disconnect();
      await shell.terminate();
      await start.tidy();
    },
  };
}

async function pageWithTarget(browser: Browser, targetId: string): Promise<Page | null> {
  for (const page of browser.contexts().flatMap((context) => context.pages())) {
    if ((await targetOf(page)) === targetId) return page;
  }
  return null;
}

const targets = new WeakMap<Page, string>();

async function targetOf(page: Page): Promise<string | null> {
  const known = targets.get(page);
  if (known !== undefined) return known;
  try {
    const session = await page.context().newCDPSession(page);
    const { targetInfo } = await session.send('Target.getTargetInfo');
    await session.detach();
    targets.set(page, targetInfo.targetId);
    return targetInfo.targetId;
  } catch {
    return null;
  }
}
