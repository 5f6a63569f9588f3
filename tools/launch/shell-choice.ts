import { existsSync } from 'node:fs';

/** How the shell is shown on this computer, and why in one sentence for the person who started it. */
export type ShellChoice =
  | { kind: 'electron'; program: string; sentence: string }
  | { kind: 'window'; browser: string; sentence: string }
  | { kind: 'headless'; sentence: string };

export interface ShellSituation {
  electron: { program: string } | { missing: string };
  hasDisplay: boolean;
  /** A Chromium, Chrome or Edge installed on this computer. */
  browser: string | null;
}

/** Electron if it can be had, else a stand-in in a window, else a stand-in without one. */
export function chooseShell(situation: ShellSituation): ShellChoice {
  const { electron, hasDisplay, browser } = situation;
  if ('program' in electron && hasDisplay) {
    return { kind: 'electron', program: electron.program, sentence: 'Electron, because its program is installed.' };
  }
  const why = 'missing' in electron ? electron.missing : 'Electron needs a display';
  if (hasDisplay && browser !== null) {
    return {
      kind: 'window',
      browser,
      sentence: `a stand-in for Electron in a Chromium window, because ${lowerFirst(why)}.`,
    };
  }
  const noWindow = hasDisplay ? 'no Chromium is installed to show a window with' : 'this computer has no display';
  const reasons = [why, noWindow];
  return {
    kind: 'headless',
    sentence: `a stand-in for Electron without a window, because ${reasons.map(lowerFirst).join(' and ')}.`,
  };
}

/** "Electron" keeps its capital. */
function lowerFirst(sentence: string): string {
  return sentence.startsWith('Electron') ? sentence : sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

const browserPaths: Record<string, readonly string[]> = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/microsoft-edge'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
    'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

export function installedBrowser(platform: NodeJS.Platform): string | null {
  return browserPaths[platform]?.find((path) => existsSync(path)) ?? null;
}

/** Windows and macOS always have one; Linux says so in the environment. */
export function hasDisplay(platform: NodeJS.Platform, environment: Record<string, string | undefined>): boolean {
  return platform !== 'linux' || Boolean(environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY']);
}
