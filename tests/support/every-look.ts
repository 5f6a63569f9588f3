import type { Page } from 'playwright-core';
import { accessibilityFaults, scrollsSideways } from './accessibility.ts';

/** A laptop, a large display and a telephone. */
const everySize = [
  [1280, 800],
  [1920, 1080],
  [390, 844],
] as const;

/** Looks at the page as it is, light and dark, at each size. @returns what is wrong, one line for each fault. */
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
      faults.push(...(await accessibilityFaults(page)).map((fault) => `${where}: ${fault}`));
    }
  }
  const [[width, height] = [1280, 800]] = sizes;
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: 'light' });
  return faults;
}
