import { goTo } from '../../tests/support/day/reviewer.ts';
import { pictureOf, simulated, trayLines, waitFor, type DayParts } from './day-parts.ts';
import { consoleOf } from './review-on-the-console.ts';
import type { ScriptedDay } from './steps.ts';

/** 14:00: somebody presents, goes away without locking, and comes back. */
export async function leaveTheRoom(day: ScriptedDay, parts: DayParts): Promise<void> {
  await day.step('A lesson with the projector: the screen stays open, and says for how long', async (step) => {
    const shell = parts.shell();
    await simulated(parts).setIdleSeconds(0);
    await shell.clickTray('Present for 15 minutes');
    const strip = await shell.page('presenting');
    await strip.getByText('Presenting').waitFor();
    step.saw(`The strip says "${(await strip.locator('p').innerText()).trim()}"`);
    await step.picture('presenting', pictureOf(strip));
    await strip.getByRole('button', { name: 'End' }).click();
    await waitFor('the strip to go', async () => ((await shell.windows()).length === 0 ? true : null));
  });

  await day.step('The room is left with the screen open: a countdown, then the lock', async (step) => {
    const shell = parts.shell();
    const standIn = simulated(parts);
    await standIn.setIdleSeconds(0);
    const next = (await trayLines(shell)).find((line) => line.startsWith('Locks'));
    step.check(next !== undefined, `The tray says "${next ?? ''}"`);
    const warning = await shell.page('idleWarning', 40_000);
    await warning.getByRole('heading', { level: 1 }).waitFor();
    await step.picture('idle-warning', pictureOf(warning));
    await waitFor(
      'the screen to lock',
      async () => ((await trayLines(shell)).includes('Locked') ? true : null),
      20_000,
    );
    step.saw('Nobody came back, and the computer locked itself');
    await standIn.power('unlock-screen');
    await waitFor('the screen to be unlocked', async () => ((await trayLines(shell)).includes('Locked') ? null : true));
    const page = consoleOf(parts);
    await goTo(page, 'Events');
    const row = page.getByRole('row').filter({ hasText: /without use/i });
    await row.first().waitFor({ timeout: 10_000 });
    step.saw(`The console shows it: "${(await row.first().innerText()).split('\n').join(' ').trim()}"`);
    await goTo(page, 'Machines');
    await step.picture('console-machines', pictureOf(page));
  });
}
