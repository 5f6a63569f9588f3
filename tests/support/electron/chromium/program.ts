import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { environment, hasRealDisplay } from '../environment.ts';
import { unpackedChromium } from './unpack.ts';

/** A Chromium that can be started. */
export interface ChromiumProgram {
  path: string;
  /** Shows real windows on a real display; otherwise there is only the viewer. */
  hasWindows: boolean;
  /** Extra environment it needs. */
  environment: Record<string, string>;
  /** For people: what shows the windows. */
  describedAs: string;
}

const systemNames = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'msedge',
];
const systemPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** A Chromium, Chrome or Edge installed on this computer; null when there is none. */
export function installedChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [...folders.flatMap((folder) => systemNames.map((name) => join(folder, name))), ...systemPlaces];
  return candidates.find((path) => existsSync(path)) ?? null;
}

/**
 * Chooses what shows the windows: an installed Chromium with real windows where there is a display, else the headless
 * Chromium that came with the dependencies, else an installed one without windows.
 * @throws Error saying what to install, when there is none at all.
 */
export async function chooseChromium(): Promise<ChromiumProgram> {
  const installed = environment.STANDIN_CHROMIUM ?? installedChromium();
  if (hasRealDisplay && installed !== null) {
    return { path: installed, hasWindows: true, environment: {}, describedAs: `windows of ${installed}` };
  }
  const unpacked = environment.STANDIN_CHROMIUM === undefined ? await unpackedChromium() : null;
  if (unpacked !== null) {
    return { ...unpacked, hasWindows: false, describedAs: 'a Chromium without a display, seen through the viewer' };
  }
  if (installed !== null) {
    return {
      path: installed,
      hasWindows: false,
      environment: {},
      describedAs: `${installed}, seen through the viewer`,
    };
  }
  throw new Error(
    'No Chromium was found. Run "npm install" again so that @sparticuz/chromium is there, or install Chromium or Chrome.',
  );
}
