import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { startServer, type RunningServer } from '../../src/server/index.ts';
import { usherCommand } from '../../tools/launch/usher-command.ts';
import { revisedPolicy, starterPolicy } from '../support/revised-pack.ts';

let folder: string;
let server: RunningServer;
let environment: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'usher-versions-'));
  server = await startServer({ stateFolder: folder, consoleFolder: join(folder, 'console') });
  environment = { USHER_STATE: folder };
  await server.publish(starterPolicy());
  await server.publish(revisedPolicy());
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const policy = (...words: string[]) => usherCommand(['policy', ...words, '--server', server.origin], environment);

test('usher policy compare says what differs, clause by clause, with the words marked', async () => {
  const { code, output } = await policy('compare', '1', 'primary-staff-aup@2');
  expect(code).toBe(0);
  expect(output).toContain('Acceptable use policy for staff, version 1 → Acceptable use policy for staff, version 2');
  expect(output).toContain(
    'Reworded: 2.2, Accounts and passwords\n  Choose a password of at least [-twelve-]{+sixteen+} characters',
  );
  expect(output).toContain('Taken out: 4.4, USB sticks and other devices\n  [-If you find a stick');
  expect(output).toContain('Moved: 4.3, Equipment and software');
  expect(output).toContain('It was in “USB sticks and other devices” before.');
  expect(output).toContain('Screens lock after [-10-]{+5+} minutes without use');
  expect(output).toContain('Review due on\n  {+1 September 2025+}');
});

test('usher policy compare takes files, too, and says when there is no difference', async () => {
  const made = mkdtempSync(join(tmpdir(), 'usher-compare-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  const file = join(made, 'policy.json');
  writeFileSync(file, JSON.stringify(revisedPolicy()));
  const { code, output } = await policy('compare', '2', file);
  expect([code, output.trim().split('\n').at(-1)]).toEqual([0, 'They say the same.']);
});

describe('usher policy history and rollback', () => {
  test('history names each version, what is in force, and a review that is overdue', async () => {
    const { code, output } = await policy('history');
    expect(code).toBe(0);
    expect(output).toMatch(/^primary-staff-aup@2 {2}Acceptable use policy for staff {2}IN FORCE/);
    expect(output).toMatch(/REVIEW OVERDUE: it was due on 1 September 2025, \d+ days ago\. Owner: Headteacher\./);
    expect(output).toContain('primary-staff-aup@1  Acceptable use policy for staff  no longer in force');
    expect(output).toContain('by Usher, without approval in the console; 0 acceptances.');
  });

  test('rollback needs a reason and a version that exists, then publishes it again as another version', async () => {
    expect((await policy('rollback', '1')).errors).toContain("required option '--reason <words>' not specified");
    const strange = await policy('rollback', '7', '--reason', 'It confused people.');
    expect([strange.code, strange.errors.trim()]).toEqual([
      1,
      'No published version is called "7". There is primary-staff-aup@2, primary-staff-aup@1. A file needs its ending, such as .json.',
    ]);
    const current = await policy('rollback', '2', '--reason', 'It confused people.');
    expect([current.code, current.errors]).toEqual([1, expect.stringContaining('there is nothing to go back to')]);

    const { code, output } = await policy('rollback', '1', '--reason', 'It confused people.');
    expect(code).toBe(0);
    expect(output).toMatch(/^Version 1 of "Acceptable use policy for staff" is back as version 3 \([0-9a-f]{12}\)\./);
    expect((await policy('history')).output).toContain('Brings version 1 back: It confused people.');
    const same = await policy('compare', '1', '3');
    expect(same.output).toContain('Change history');
    expect(same.output).toContain('1 change.');
  });
});

test('usher policy publish --as-draft puts it forward, and nobody is asked for it', async () => {
  const made = mkdtempSync(join(tmpdir(), 'usher-draft-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  const file = join(made, 'policy.json');
  writeFileSync(file, JSON.stringify(revisedPolicy({ title: 'A draft' })));
  const before = (await server.currentPolicy())?.hash;
  const { code, output } = await policy('publish', file, '--as-draft', '--note', 'Longer passwords');
  expect(code).toBe(0);
  expect(output).toMatch(/^"A draft" \([0-9a-f]{12}\) waits to be approved, in the console under Policies\./);
  expect((await server.currentPolicy())?.hash).toBe(before);
  expect((await policy('history')).output).toMatch(
    /Draft of A draft, put forward on .* by Operator, waits to be approved\. Longer passwords/,
  );
});
