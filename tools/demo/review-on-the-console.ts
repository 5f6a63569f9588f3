import {
  chartsDrawn,
  goTo,
  openLatestAcceptance,
  signInByLink,
  verificationOn,
} from '../../tests/support/day/reviewer.ts';
import { pictureOf, staff, type DayParts } from './day-parts.ts';
import type { ScriptedDay } from './steps.ts';

/** 09:00: IT signs in to the console and finds what was signed. */
export async function reviewOnTheConsole(day: ScriptedDay, parts: DayParts): Promise<void> {
  await day.step('IT signs in to the console with the one-time link', async (step) => {
    const link = parts.machine().signInLink;
    const page = await signInByLink(parts.browser(), link);
    parts.console = page;
    step.saw(`The overview says "${(await page.getByRole('heading', { level: 1 }).first().innerText()).trim()}"`);
    await chartsDrawn(page);
    await step.picture('console-overview', pictureOf(page));
    const second = await parts.browser().newPage();
    await second.goto(link);
    await second.getByText('That link does not work any more.').waitFor();
    step.saw('The same link does not sign in a second time');
    await second.close();
  });

  await day.step('They find the acceptance, see what was signed, and it verifies', async (step) => {
    const page = consoleOf(parts);
    await goTo(page, 'People');
    await page.getByRole('row').filter({ hasText: staff.name }).first().waitFor();
    await step.picture('console-people', pictureOf(page));
    await openLatestAcceptance(page, staff.name);
    const { verdict, checks } = await verificationOn(page);
    const failed = checks.filter((check) => !check.startsWith('yes: '));
    step.check(
      verdict === 'Sound' && checks.length > 0 && failed.length === 0,
      `The console finds it "${verdict}": ${checks.length} checks, ${failed.length} failed`,
    );
    await step.picture('console-acceptance', pictureOf(page));
  });
}

export function consoleOf(parts: DayParts) {
  if (parts.console === undefined) throw new Error('Nobody is signed in to the console');
  return parts.console;
}
