import {
  acceptIsOpen,
  fillForm,
  readToTheEnd,
  sayWhoYouAre,
  sign,
  verificationCodeOn,
  goOn,
} from '../../tests/support/day/staff.ts';
import { startOnStandIn } from '../../tests/support/electron/driver/stand-in-driver.ts';
import { pictureOf, staff, trayLines, waitFor, type DayParts } from './day-parts.ts';
import type { ScriptedDay } from './steps.ts';

/** 08:20: somebody signs in, reads the policy, signs it with the keyboard and has a receipt. */
export async function acceptInTheMorning(day: ScriptedDay, parts: DayParts): Promise<void> {
  await day.step('Usher starts, enrols this computer and publishes the starter pack', async (step) => {
    const machine = await parts.startMachine();
    step.check(machine.published !== null, 'The starter pack was published, signed by the central endpoint');
    step.check(/^[0-9a-f]{32}$/.test(machine.deviceId), `This computer is enrolled as ${machine.deviceId}`);
  });

  await day.step('Somebody signs in: the policy covers every display and cannot be closed', async (step) => {
    const { environment } = parts.machine();
    const shell = await startOnStandIn({ env: environment, displays: ['1280x800', '1920x1080'] });
    parts.setShell(shell);
    const gate = await shell.page('gate');
    const cover = await shell.page('cover');
    await cover.getByText('Please read the policy on the main screen').waitFor();
    step.saw('The main display shows the policy, the other one says to read it there');
    step.check(!(await shell.tryClose('gate')), 'Closing the window does nothing');
    await step.picture('who-are-you', pictureOf(gate));
    await step.picture('second-display', pictureOf(cover));
    await sayWhoYouAre(gate, { audience: 'Staff', teaching: true });
    await gate.getByRole('button', { name: 'Accept', exact: true }).waitFor();
    step.check(!(await acceptIsOpen(gate)), 'Accept is closed until the policy was read');
    await step.picture('policy', pictureOf(gate));
  });

  await day.step('They read it to the end with the keyboard', async (step) => {
    const gate = await parts.shell().page('gate');
    const presses = await readToTheEnd(gate);
    step.check(presses > 1, `Accept opened after ${presses} presses of Page Down`);
    await step.picture('read-to-the-end', pictureOf(gate));
  });

  await day.step('They fill in the form, type their signature, and it is recorded', async (step) => {
    const gate = await parts.shell().page('gate');
    await fillForm(gate, { ...staff, signature: 'typed' });
    await step.picture('form-typed', pictureOf(gate));
    await sign(gate);
    const code = await verificationCodeOn(gate);
    parts.codes = [code];
    step.saw(`The page says "${await gate.getByRole('heading', { level: 1 }).innerText()}" with the code ${code}`);
    await step.picture('recorded', pictureOf(gate));
    await goOn(gate);
    await waitFor('the gate to go away', async () => ((await parts.shell().windows()).length === 0 ? true : null));
    step.saw('Continue gives the computer back');
  });

  await day.step('The tray shows the state, and the receipt is there to read again', async (step) => {
    const shell = parts.shell();
    const synced = await waitFor('the tray to say when it last synced', async () =>
      (await trayLines(shell)).find((line) => line.startsWith('Last synced')),
    );
    step.saw(`The tray says "${(await trayLines(shell))[0]}" and "${synced}"`);
    await shell.clickTray('My receipts');
    const receipts = await shell.page('receipts');
    const [code = ''] = parts.codes ?? [];
    await receipts.getByText(code).first().waitFor();
    step.saw(`My receipts shows the code ${code}`);
    await step.picture('my-receipts', pictureOf(receipts));
    await shell.clickTray('Read the policy');
    await step.picture('policy-again', pictureOf(await shell.page('policy')));
    await shell.clickTray('About Usher');
    await step.picture('about', pictureOf(await shell.page('about')));
  });
}
