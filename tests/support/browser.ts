import { chromium, type Browser } from 'playwright-core';
import { unpackedChromium } from './electron/chromium/unpack.ts';
import { installedChromium } from './electron/chromium/program.ts';

/** A headless browser of its own: the Chromium that comes with the dependencies, else one that is installed. */
export async function openBrowser(): Promise<Browser> {
  const unpacked = await unpackedChromium();
  const installed = unpacked === null ? installedChromium() : null;
  const executablePath = unpacked?.path ?? installed;
  if (executablePath === null || executablePath === undefined)
    throw new Error('No Chromium was found. Run "npm install" again so that @sparticuz/chromium is there.');
  return chromium.launch({
    executablePath,
    headless: true,
    env: { ...stringsOf(process.env), ...unpacked?.environment },
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-color-profile=srgb',
    ],
  });
}

function stringsOf(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
