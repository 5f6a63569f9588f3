import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { usherCommand } from '../../tools/launch/usher-command.ts';
import { startSchool, type RunningSchool } from '../support/day/running-school.ts';
import { acceptIsOpen, acceptThePolicy, fillForm, goOn, sayWhoYouAre, sign } from '../support/day/staff.ts';
import { everyLook } from '../support/every-look.ts';
import { revisedPolicy } from '../support/revised-pack.ts';

const reader = { audience: 'Staff', teaching: true };
const signing = { name: 'Robin Ashdown', jobTitle: 'Teacher', signature: 'typed' } as const;

let school: RunningSchool;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'usher-versions-'));
  school = await startSchool({ settings: { pollSeconds: '1' } });
});
afterAll(async () => {
  await school.close();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'who accepted an earlier version is shown first what changed, and may accept once that was read',
  { timeout: 120_000 },
  async () => {
    const shell = await school.openShell({ displays: ['1280x800'] });
    await acceptThePolicy(await shell.page('gate'), reader, signing);
    await goOn(await shell.page('gate'));

    const file = join(folder, 'revised.json');
    const reading = { toEnd: true, minimumSeconds: 120, changesSuffice: { minimumSeconds: 1 } };
    writeFileSync(file, JSON.stringify(revisedPolicy({ reading })));
    const { machine } = school;
    const result = await usherCommand(['policy', 'publish', file, '--server', machine.origin], machine.environment);
    expect(result.errors).toBe('');

    const gate = await shell.page('gate', 20_000);
    await sayWhoYouAre(gate, reader);
    await gate.getByText('This version is new.').waitFor();
    const changes = gate.getByRole('region', { name: /^What changed since you accepted it on/ });
    await changes.waitFor();
    const items = changes.getByRole('listitem');
    expect((await items.locator('.change-mark').allInnerTexts()).map((text) => text.trim())).toEqual([
      'Reworded',
      'Added',
      'Reworded',
      'Taken out',
      'Moved',
      'Changed',
      'Changed',
    ]);
    const first = items.first();
    expect(await first.locator('ins').textContent()).toContain('[added: sixteen end of added]');
    expect(await first.locator('del').textContent()).toContain('[taken out: twelve end of taken out]');
    expect(await items.nth(5).innerText()).toContain('When screens lock');

    expect(await acceptIsOpen(gate)).toBe(false);
    expect(await gate.locator('#answer-status').innerText()).toContain('Read what changed to its end');
    expect(await everyLook(gate, 'what-changed')).toEqual([]);

    // By keyboard alone: to a clause in the policy, back up, and down to the end of what changed.
    await first.getByRole('link', { name: 'Show it in the policy' }).focus();
    await gate.keyboard.press('Enter');
    expect(await gate.evaluate(() => document.activeElement?.id)).toBe('at-accounts.2');
    await expect.poll(() => acceptIsOpen(gate), { timeout: 10_000 }).toBe(true);
    await fillForm(gate, signing);
    await sign(gate);
  },
);
