import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * What axe finds against WCAG 2.2 A and AA on a page, one line for each element.
 * With `colours`, only what depends on them: contrast, and links told apart by colour alone.
 */
export async function accessibilityFaults(
  page: Page,
  about: 'everything' | 'colours' = 'everything',
): Promise<string[]> {
  const axe =
    about === 'everything'
      ? new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      : new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']);
  // Pages of the shell are reached over DevTools, where axe cannot open a page of its own.
  const { violations } = await axe.setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.split('\n')[1]?.trim() ?? ''}`,
    ),
  );
}

/** What reaches past the right edge of the page once it is laid out, if it scrolls sideways. */
export const scrollsSideways = (page: Page): Promise<string | null> =>
  page.evaluate(async () => {
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const wide = [...document.body.querySelectorAll('*')].filter(
      (one) => one.getBoundingClientRect().right > clientWidth + 1,
    );
    return wide
      .map((one) => `${one.tagName}.${one.className}`)
      .slice(0, 5)
      .join(' > ');
  });
