import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, TextRun } from 'docx';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ImportedPolicy } from '../../src/contract/imported-policy.ts';
import type { Outcome } from '../../src/contract/problem.ts';
import { importPolicyFile, importPolicyText, toPolicy } from '../../src/policy-import/index.ts';
import { accountedWords, keptTexts, wordsOf } from './accounted-words.ts';

const fixture = (name: string) => resolve(import.meta.dirname, '../fixtures/policies', name);

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome.value;
}

function temporaryFile(name: string, content: Buffer | string): string {
  const folder = mkdtempSync(join(tmpdir(), 'usher-import-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

const titles = (imported: ImportedPolicy) =>
  imported.sections.map((section) => [section.title, ...(section.sections ?? []).map(({ title }) => title)]);

describe('a plain text file with headings nobody marked', () => {
  const read = async () => valueOf(await importPolicyFile(fixture('two-level-headings.txt')));

  test('has its title, its sections and their points', async () => {
    const imported = await read();
    expect(imported.title).toBe('IT Policy for Staff');
    expect(titles(imported).flat()).toEqual(
      expect.arrayContaining(['Purpose', 'Using computers', 'Signing in', 'Printing']),
    );
    const clauses = keptTexts(imported);
    expect(clauses).toContain('Collect what you print at once, because other people pass the printer.');
  });

  test('ends in a form: what is agreed to, and the blank lines as fields', async () => {
    const { form } = await read();
    expect(form.statements.map(({ text }) => text)).toEqual([
      'I have read this policy and I will follow it.',
      'I know that use of the computers is recorded.',
    ]);
    expect(form.fields.map(({ kind }) => kind)).toEqual(['printedName', 'jobTitle', 'signature', 'date']);
  });

  test('leaves out page furniture and the contents list, and says why', async () => {
    const { leftOut } = await read();
    expect(leftOut.some(({ text, reason }) => /Page 1 of 2/.test(text) && reason === 'page number')).toBe(true);
    expect(leftOut.some(({ reason }) => /contents list/.test(reason))).toBe(true);
  });

  test('has a blank for the school to fill', async () => {
    const { variables } = await read();
    expect(variables).toEqual([{ name: 'headteacher', label: 'Headteacher', placeholder: '(name of headteacher)' }]);
  });

  test('accounts for every word, in order', async () => {
    const source = readFileSync(fixture('two-level-headings.txt'), 'utf8');
    expect(accountedWords(await read())).toEqual(wordsOf(source));
  });
});

test('a Markdown file keeps its own headings, numbers and strong words', async () => {
  const imported = valueOf(await importPolicyFile(fixture('marked.md')));
  expect(imported.title).toBe('Acceptable use of computers');
  expect(keptTexts(imported)).toContain('**Never lend it.**');
  expect(titles(imported).flat().join('|')).toContain('At home');
  expect(imported.form.fields.map(({ kind }) => kind)).toEqual(['printedName', 'signature', 'date']);
  expect(imported.variables.map(({ placeholder }) => placeholder)).toEqual(['[insert ICT contact]']);
  const source = readFileSync(fixture('marked.md'), 'utf8');
  for (const word of wordsOf(source).filter((one) => !/^\d+$/.test(one)))
    expect(accountedWords(imported)).toContain(word);
});

describe('a Word document', () => {
  const words = [
    'Staff IT policy',
    'Accounts',
    'Your account is yours alone.',
    'Sign out when you leave.',
    'Devices',
    'Sticks',
    'not allowed',
    'Headsets',
    'allowed',
    'Agreement',
    'I have read this and I will follow it.',
  ];
  const bytes = async () => {
    const cell = (text: string) => new TableCell({ children: [new Paragraph(text)] });
    const heading = (text: string) => new Paragraph({ text, heading: HeadingLevel.HEADING_1 });
    const numbered = (text: string) => new Paragraph({ text, numbering: { reference: 'points', level: 0 } });
    return Packer.toBuffer(
      new Document({
        numbering: {
          config: [{ reference: 'points', levels: [{ level: 0, format: 'decimal', text: '%1.' }] }],
        },
        sections: [
          {
            children: [
              new Paragraph({ text: 'Staff IT policy', heading: HeadingLevel.TITLE }),
              heading('Accounts'),
              numbered('Your account is yours alone.'),
              numbered('Sign out when you leave.'),
              heading('Devices'),
              new Table({
                rows: [
                  new TableRow({ children: [cell('Sticks'), cell('not allowed')] }),
                  new TableRow({ children: [cell('Headsets'), cell('allowed')] }),
                ],
              }),
              heading('Agreement'),
              new Paragraph({ children: [new TextRun('I have read this and I will follow it.')] }),
              new Paragraph('Name: ____________________'),
              new Paragraph('Signature: ________________  Date: __________'),
            ],
          },
        ],
      }),
    );
  };

  test('gives headings, real numbering, tables and the form', async () => {
    const imported = valueOf(await importPolicyFile(temporaryFile('policy.docx', await bytes())));
    expect(imported.title).toBe('Staff IT policy');
    const [accounts] = imported.sections;
    expect(accounts?.clauses.map(({ number, text }) => [number, text])).toEqual([
      ['1.', 'Your account is yours alone.'],
      ['2.', 'Sign out when you leave.'],
    ]);
    expect(imported.form.fields.map(({ kind }) => kind)).toEqual(['printedName', 'signature', 'date']);
    const kept = keptTexts(imported);
    for (const text of words) expect(kept).toContain(text);
  });

  test('cut off, encrypted, or something else with its ending is refused in a sentence', async () => {
    const whole = await bytes();
    const ole = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_048)]);
    const refusals = await Promise.all(
      [whole.subarray(0, whole.length / 2), ole, Buffer.from('hello'), Buffer.alloc(0)].map(async (content) => {
        const outcome = await importPolicyFile(temporaryFile('policy.docx', content));
        return outcome.ok ? 'taken' : outcome.problem.detail.replace(/^\S*policy\.docx/, 'FILE');
      }),
    );
    expect(refusals).toEqual([
      'The Word document is damaged or cut off. Open it in Word, save it again and import that.',
      'The Word document has a password, or is in the old .doc format. Open it in Word, take the password off, save it as .docx and import that.',
      'The file ends in .docx but is no Word document. Open it in Word, save it as .docx and import that.',
      'FILE is empty. Check that it was saved and copied whole.',
    ]);
  });

  test('with a byte overwritten anywhere is read or refused, never worse', async () => {
    const whole = await bytes();
    for (let place = 0; place < whole.length; place += 37) {
      const damaged = Buffer.from(whole);
      damaged[place] = (damaged[place] ?? 0) ^ 0xff;
      const outcome = await importPolicyFile(temporaryFile('policy.docx', damaged));
      if (!outcome.ok) expect(outcome.problem.detail).toMatch(/\.$/);
    }
  }, 60_000);
});

describe('a file that is no policy', () => {
  const refusal = async (file: string) => {
    const outcome = await importPolicyFile(file);
    return outcome.ok ? 'taken' : outcome.problem.detail.replace(file, 'FILE');
  };
  test('of 50 MB is refused by its size, unread', async () => {
    const file = temporaryFile('huge.txt', Buffer.alloc(50 * 1024 * 1024, 0x61));
    expect(await refusal(file)).toBe(
      'FILE has 50 MB; at most 20 MB are read. Take large pictures out and save it again.',
    );
  });
  test('that is a PDF says so', async () => {
    expect(await refusal(temporaryFile('policy.txt', '%PDF-1.7\n%\xe2\xe3'))).toBe(
      'This is a PDF. Give its name the ending .pdf and import that.',
    );
  });
  test('of another kind, absent, or without words', async () => {
    expect(await refusal(temporaryFile('policy.xlsx', 'x'))).toBe(
      'FILE is not of a kind that can be imported. Save the policy as .docx, .pdf, .md or .txt.',
    );
    expect(await refusal('/no/such/policy.txt')).toBe('There is no file FILE. Check the path.');
    expect(await refusal(temporaryFile('policy.txt', ' \n\n '))).toBe(
      'There are no words in the file. Check that it is the right one.',
    );
  });
});

test('no word of any text is lost, and their order is kept', () => {
  const word = fc.stringMatching(/^[a-zA-Z]{1,9}$/);
  const line = fc.oneof(
    fc.array(word, { minLength: 1, maxLength: 14 }).map((words) => words.join(' ')),
    fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => `${words.join(' ')}: ________`),
    fc.tuple(fc.integer({ min: 1, max: 40 }), word).map(([number, text]) => `${number}. ${text}`),
    fc.tuple(word, word, word).map((cells) => cells.join('\t')),
    fc.constantFrom('', '', 'Contents', 'Page 3 of 9', 'I agree to this policy.', '• point', '(a) sub point'),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), (lines) => {
      const text = lines.join('\n');
      fc.pre(wordsOf(text).length > 0);
      const imported = importPolicyText(text, 'txt');
      if (!imported.ok) throw new Error(imported.problem.detail);
      expect(accountedWords(imported.value)).toEqual(wordsOf(text));
    }),
    { numRuns: 300 },
  );
});

test('a revised file keeps the ids of what did not change', () => {
  const before = valueOf(importPolicyText('Rules\n\n1. Lock the screen.\n2. Sign out.\n', 'txt'));
  const after = valueOf(importPolicyText('Rules\n\n1. Be kind.\n2. Lock the screen.\n3. Sign out.\n', 'txt'));
  const idsOf = (imported: ImportedPolicy) =>
    new Map(imported.sections.flatMap(({ clauses }) => clauses.map(({ id, text }) => [text, id])));
  for (const [text, id] of idsOf(before)) expect(idsOf(after).get(text)).toBe(id);
});

describe('publishing what was imported', () => {
  test('adds the usual form where there is none, and says so', () => {
    const imported = valueOf(importPolicyText('Rules\n\n1. Lock the screen.\n2. Sign out.\n', 'txt'));
    const { policy, notes } = valueOf(toPolicy(imported));
    expect(policy.form.fields.map(({ kind }) => kind)).toEqual(['printedName', 'signature', 'date']);
    expect(notes.join('\n')).toContain('The file has no statement to agree to');
  });

  test('fills in blanks that are given', async () => {
    const imported = valueOf(await importPolicyFile(fixture('two-level-headings.txt')));
    const { policy, notes } = valueOf(toPolicy(imported, { values: { headteacher: 'Ms Example' } }));
    expect(policy.variables[0]?.value).toBe('Ms Example');
    expect(notes.join('\n')).not.toContain('Still to fill in');
  });
});
