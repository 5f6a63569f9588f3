import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { policy } from '../../src/contract/policy.ts';
import { goTo } from '../../tests/support/day/reviewer.ts';
import { fillForm, readToTheEnd, sayWhoYouAre, sign, verificationCodeOn, goOn } from '../../tests/support/day/staff.ts';
import { starterPack } from '../launch/machine.ts';
import { usherCommand } from '../launch/usher-command.ts';
import { pictureOf, simulated, staff, waitFor, type DayParts } from './day-parts.ts';
import { consoleOf } from './review-on-the-console.ts';
import type { ScriptedDay } from './steps.ts';

/** 12:10: a new version is published; it is asked for at once, signed by hand, and seen live on the open console. */
export async function publishAndAcceptAgain(day: ScriptedDay, parts: DayParts): Promise<void> {
  await day.step('A new version is published and the computer asks for it', async (step) => {
    const revised = path.join(parts.stateFolder, 'revised.json');
    writeFileSync(revised, JSON.stringify(revisedPack()));
    const { machine, shell } = { machine: parts.machine(), shell: parts.shell() };
    await simulated(parts).setIdleSeconds(0);
    const result = await usherCommand(['policy', 'publish', revised, '--server', machine.origin], machine.environment);
    step.check(result.code === 0, `usher policy publish: ${(result.output || result.errors).trim().split('\n')[0]}`);
    const gate = await shell.page('gate', 15_000);
    await sayWhoYouAre(gate, { audience: 'Staff', teaching: true });
    await gate.getByText('This version is new.').first().waitFor();
    step.saw('The gate is back and says that this version is new');
    await step.picture('new-version', pictureOf(gate));
  });

  await day.step('They sign it by hand, and the open console shows it without reloading', async (step) => {
    const page = consoleOf(parts);
    await goTo(page, 'Events');
    const accepted = page.getByRole('row').filter({ hasText: /accepted .*version 2/ });
    step.check((await accepted.count()) === 0, 'The console shows no acceptance of version 2 yet');
    const gate = await parts.shell().page('gate');
    // What is typed by a script is no input to the simulated computer, and the new policy locks after 30 seconds.
    await simulated(parts).setIdleSeconds(0);
    await readToTheEnd(gate);
    await fillForm(gate, { ...staff, signature: 'drawn' });
    await step.picture('form-drawn', pictureOf(gate));
    await simulated(parts).setIdleSeconds(0);
    await sign(gate);
    const code = await verificationCodeOn(gate);
    parts.codes = [...(parts.codes ?? []), code];
    const began = performance.now();
    await accepted.first().waitFor({ timeout: 5_000 });
    step.saw(`Recorded with the code ${code}; on the console within ${Math.round(performance.now() - began)} ms`);
    await step.picture('console-live-events', pictureOf(page));
    await goOn(gate);
    await waitFor('the gate to go away', async () =>
      (await parts.shell().windows()).some((one) => one.page === 'gate') ? null : true,
    );
  });
}

/** The starter pack with one clause said more strictly, and an idle lock short enough to wait for. */
function revisedPack() {
  const pack = policy.parse(JSON.parse(readFileSync(starterPack, 'utf8')));
  const [first, ...others] = pack.sections;
  const clause = first?.clauses[0];
  if (first === undefined || clause === undefined) throw new Error('The starter pack has no clause to revise');
  const clauses = [{ ...clause, text: `${clause.text} This holds at home as well.` }, ...first.clauses.slice(1)];
  const idleLock = { clause: 'screens.1', warnAfterSeconds: 20, lockAfterSeconds: 30 };
  return { ...pack, sections: [{ ...first, clauses }, ...others], rules: { ...pack.rules, idleLock } };
}
