import { launchChromium, type Chromium } from './launch.ts';

/** The one Chromium of this process; started when the stand-in is imported, so that it is there when first needed. */
export const chromium: Promise<Chromium> = launchChromium();
chromium.catch(() => undefined);
