import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { importedPolicy } from '../../src/contract/imported-policy.ts';
import { usherCommand } from '../../tools/launch/usher-command.ts';

const root = resolve(import.meta.dirname, '../..');
const vectors = z
  .array(z.object({ file: z.string(), exitCode: z.int(), at: z.object({ epoch: z.int(), seq: z.int() }).nullable() }))
  .parse(JSON.parse(readFileSync(join(root, 'docs/vectors/index.json'), 'utf8')));

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'usher-cli-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

describe('usher verify', () => {
  test.each(vectors)('$file ends with $exitCode and names the first bad record', async ({ file, exitCode, at }) => {
    const { code, output } = await usherCommand(['verify', join(root, 'docs/vectors', file)], {});
    expect(code).toBe(exitCode);
    if (at !== null) expect(output).toContain(`First bad record: seq ${at.seq} of epoch ${at.epoch}.`);
  });

  test('a file that is not there is unreadable', async () => {
    const { code, output } = await usherCommand(['verify', '/no/such/file'], {});
    expect(code).toBe(2);
    expect(output).toContain('/no/such/file could not be read. Check the path and that you may open it.');
  });
});

test('usher export without a journal says which folder it looked in, and writes nothing', async () => {
  const state = folder();
  const out = join(state, 'record.jsonl');
  const { code, errors } = await usherCommand(['export', '--state', state, '--out', out], {});
  expect(code).toBe(1);
  expect(errors.trim()).toBe(
    `There is no journal in ${join(state, 'service')}. Name the state folder of a machine on which Usher has run, with --state.`,
  );
  expect(() => readFileSync(out)).toThrow();
});

describe('usher policy', () => {
  test('import --json prints the whole import', async () => {
    const file = join(root, 'tests/fixtures/policies/two-level-headings.txt');
    const { code, output } = await usherCommand(['policy', 'import', file, '--json'], {});
    expect(code).toBe(0);
    expect(importedPolicy.parse(JSON.parse(output)).form.fields).toHaveLength(4);
  });

  test('import keeps an answer beside the file, reads with it, and compares with an earlier version', async () => {
    const file = join(folder(), 'policy.txt');
    const points = '1. Devices are computers, phones and any other, similar.\n2. technologies as they come up.\n';
    writeFileSync(file, `ICT policy\n\nWords used here\n\n${points}`);
    const before = await usherCommand(['policy', 'import', file, '--json'], {});
    const earlier = file.replace('policy.txt', 'earlier.json');
    writeFileSync(earlier, before.output);
    const asked = await usherCommand(['policy', 'import', file], {});
    const key = /--answer (joined-[0-9a-f]{10}=join)/.exec(asked.output)?.[1] ?? 'not asked';
    const answered = await usherCommand(['policy', 'import', file, '--answer', key, '--previous', earlier], {});
    expect(answered.output).toContain('Since the earlier version: 0 kept, 1 reworded, 0 new, 1 gone');
    expect(answered.output).toContain(`1 question is answered in ${file.replace('.txt', '.mapping.json')}.`);
    const wrong = await usherCommand(['policy', 'import', file, '--answer', key.replace('join', 'glued')], {});
    expect(wrong.code).toBe(1);
    expect(wrong.errors).toContain('asks no question');
    expect(JSON.parse(readFileSync(file.replace('.txt', '.mapping.json'), 'utf8'))).toEqual({
      format: 'usher/import-answers/1',
      answers: Object.fromEntries([key.split('=')]),
    });
  });

  test('publish refuses a broken pack by the name of its field, before any server is asked', async () => {
    const file = join(folder(), 'pack.json');
    writeFileSync(file, JSON.stringify({ format: 'usher/policy/1', id: 'x', title: '' }));
    const { code, errors } = await usherCommand(['policy', 'publish', file], { USHER_STATE: folder() });
    expect(code).toBe(1);
    expect(errors).toMatch(/^title: /);
  });

  test('publish --rules names the clause that is not there, and the field, before any server is asked', async () => {
    const rules = join(folder(), 'rules.json');
    writeFileSync(rules, JSON.stringify({ idleLock: { clause: 'x.9', warnAfterSeconds: 60, lockAfterSeconds: 90 } }));
    const pack = join(root, 'packs/primary-staff-aup.json');
    const { code, errors } = await usherCommand(['policy', 'publish', pack, '--rules', rules], {
      USHER_STATE: folder(),
    });
    expect(code).toBe(1);
    expect(errors).toMatch(/^rules\.idleLock\.clause: /);
    expect(errors).toContain('x.9');
  });

  test('publish without a central endpoint says where it looked', async () => {
    const state = folder();
    const { code, errors } = await usherCommand(['policy', 'publish', join(root, 'packs/primary-staff-aup.json')], {
      USHER_STATE: state,
    });
    expect(code).toBe(1);
    expect(errors.trim()).toBe(
      `The central endpoint has not run on this state folder yet: there is no ${join(state, 'server/origin')}. Name the folder with --state.`,
    );
  });
});

test('usher config shows every setting, and never the enrolment token', async () => {
  const { output } = await usherCommand(['config'], {
    USHER_ENROLMENT_TOKEN: 'usher1.secret',
    USHER_SERVER_PORT: '5000',
  });
  expect(output).toMatch(/USHER_SERVER_PORT\s+5000\s+default: 4180/);
  expect(output).not.toContain('usher1.secret');
  const wrong = await usherCommand(['config'], { USHER_SERVER_PORT: 'many' });
  expect(wrong.code).toBe(1);
  expect(wrong.errors).toContain('USHER_SERVER_PORT');
});
