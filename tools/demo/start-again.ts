import { startOnStandIn } from '../../tests/support/electron/driver/stand-in-driver.ts';
import { trayLines, waitFor, type DayParts } from './day-parts.ts';
import type { ScriptedDay } from './steps.ts';

/** The next morning: everything was switched off, and nobody is asked again. */
export async function startAgain(day: ScriptedDay, parts: DayParts): Promise<void> {
  await day.step('Everything is switched off and on again: nobody is asked twice', async (step) => {
    const before = parts.machine().deviceId;
    await parts.shell().quit();
    parts.setShell(null);
    await parts.stopMachine();
    const machine = await parts.startMachine();
    step.check(machine.deviceId === before, 'It is the same computer to the school, with the same record');
    step.check(machine.published === null, 'Nothing was published a second time');
    const shell = await startOnStandIn({ env: machine.environment });
    parts.setShell(shell);
    const line = await waitFor('the tray to name the version', async () =>
      (await trayLines(shell)).find((one) => one.endsWith('version 2')),
    );
    step.check(
      (await shell.windows()).every(({ page }) => page !== 'gate'),
      `The tray says "${line}" and no gate came up`,
    );
  });
}
