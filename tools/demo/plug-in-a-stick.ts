import { hasFakeBus, needsFakeBus } from '../../tests/support/usb/fake-bus.ts';
import { pretend } from '../../tests/support/usb/usb-devices.ts';
import { goTo } from '../../tests/support/day/reviewer.ts';
import { pictureOf, waitFor, type DayParts } from './day-parts.ts';
import { consoleOf } from './review-on-the-console.ts';
import type { ScriptedDay } from './steps.ts';

const reason = 'Slides for assembly';

/** 15:00: a USB stick from home, held until IT agrees. */
export async function plugInAStick(day: ScriptedDay, parts: DayParts): Promise<void> {
  const name = 'A USB stick comes in: it is held, the person asks, IT agrees, and it may be used';
  if (!hasFakeBus) return day.leaveOut(name, `No USB bus can be laid on this computer${needsFakeBus}`);
  await day.step(name, async (step) => {
    const bus = parts.bus();
    const usable = () => bus.read('1-1', 'authorized');
    await bus.add('1-1', pretend.stick());
    const notice = await parts.shell().page('notice');
    await notice.getByRole('heading', { name: 'This USB stick was not opened' }).waitFor();
    step.check((await usable()) === '0', 'The system keeps the stick from every program (authorized 0)');
    await step.picture('usb-notice', pictureOf(notice));
    await notice.getByRole('button', { name: 'Ask permission' }).click();
    await notice.getByRole('textbox', { name: 'What do you need it for?' }).fill(reason);
    await notice.getByRole('button', { name: 'Send to IT' }).click();

    const page = consoleOf(parts);
    await goTo(page, 'Devices');
    await page.getByRole('navigation', { name: 'Devices' }).getByRole('link', { name: 'Requests' }).click();
    await page.getByRole('row').filter({ hasText: reason }).getByRole('link').click();
    await step.picture('usb-request', pictureOf(page));
    const asked = performance.now();
    await page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click();
    await waitFor('the stick to be let in', async () => ((await usable()) === '1' ? true : null));
    step.saw(`The stick may be used ${((performance.now() - asked) / 1000).toFixed(1)} s after IT agreed`);
    await (await parts.shell().page('notice')).getByRole('heading', { name: 'You may use this USB stick' }).waitFor();
    await bus.remove('1-1');
    await goTo(page, 'Events');
    const row = page.getByRole('row').filter({ hasText: 'was unplugged' });
    await row.first().waitFor();
    step.saw(`The console shows it: "${(await row.first().innerText()).split('\n').join(' ').trim()}"`);
  });
}
