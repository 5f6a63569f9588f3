import type { Page } from 'playwright-core';
import { accessibilityFaults, scrollsSideways } from './accessibility.ts';

/** A laptop, a large display and a telephone. */
const everySize = [
  [1280, 800],
  [1920, 1080],
  [390, 844],
] as const;

/** Folder for a picture of every look, for looking at with one's own eyes; none are taken when it is not set. */
const pictures = process.env['USHER_TEST_PICTURES'];

/**
 * Looks at the page as it is, light and dark, at each size. Dark differs in nothing but colours, so only those are
 * looked at there. @returns what is wrong, one line for each fault.
 */
export async function everyLook(
  page: Page,
  name: string,
  sizes: readonly (readonly [width: number, height: number])[] = everySize,
): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [width, height] of sizes) {
      await page.setViewportSize({ width, height });
      const where = `${name} ${colorScheme} ${width}`;
      const sideways = await scrollsSideways(page);
      if (sideways !== null) faults.push(`${where}: scrolls sideways: ${sideways}`);
      const found = await accessibilityFaults(page, colorScheme === 'light' ? 'everything' : 'colours');
      faults.push(...found.map((fault) => `${where}: ${fault}`));
      if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${where.replaceAll(' ', '-')}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  const [[width, height] = [1280, 800]] = sizes;
  await page.setViewportSize({ width, height });
  return faults;
}
