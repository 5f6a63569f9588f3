import type { Browser, Page } from 'playwright-core';

/** Opens the console with a one-time link, as an administrator does. The page is at the overview then. */
export async function signInByLink(browser: Browser, link: string, width = 1280, height = 800): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('navigation', { name: 'Pages' }).waitFor();
  return page;
}

/** Goes to a page by the rail. */
export async function goTo(
  page: Page,
  name: 'Overview' | 'People' | 'Events' | 'Machines' | 'Devices' | 'Policies' | 'Settings',
): Promise<void> {
  await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
}

/** Finds somebody among the people and opens their latest acceptance. */
export async function openLatestAcceptance(page: Page, printedName: string): Promise<void> {
  await goTo(page, 'People');
  await page.getByRole('row').filter({ hasText: printedName }).getByRole('link').first().click();
  await giveReason(page);
  await page.getByRole('dialog').getByRole('link').first().click();
  await page.getByRole('region', { name: 'Verification' }).waitFor();
}

/** Opens the record of the person whose panel is open, where that has not been done yet. */
export async function giveReason(page: Page, reason = 'Checking what was signed this morning'): Promise<void> {
  const panel = page.getByRole('dialog');
  const asked = panel.getByRole('textbox', { name: 'Why' });
  await asked
    .or(panel.getByRole('heading', { name: 'Acceptances' }))
    .first()
    .waitFor();
  if (!(await asked.isVisible())) return;
  await asked.fill(reason);
  await panel.getByRole('button', { name: 'Open their record' }).click();
  await panel.getByRole('heading', { name: 'Acceptances' }).waitFor();
}

/** What the console says of the open acceptance: its verdict and every check with its outcome. */
export async function verificationOn(page: Page): Promise<{ verdict: string; checks: string[] }> {
  const region = page.getByRole('region', { name: 'Verification' });
  const checks = await region
    .locator('li[data-ok]')
    .evaluateAll((items) =>
      items.map((item) => `${item.getAttribute('data-ok') ?? ''}: ${item.querySelector('strong')?.textContent ?? ''}`),
    );
  return { verdict: await region.getByRole('heading').first().innerText(), checks };
}

/** Waits until the overview's pictures are drawn: they are loaded after the page, and ECharts marks its drawings so. */
export async function chartsDrawn(page: Page): Promise<void> {
  await page.locator('svg[baseProfile="full"]').nth(1).waitFor();
}
