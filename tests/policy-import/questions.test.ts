import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ImportedPolicy } from '../../src/contract/imported-policy.ts';
import { importPolicyFile, importPolicyText, keepAnswers, mappingPath } from '../../src/policy-import/index.ts';
import { asRead, temporaryFile, valueOf } from '../support/policies/imported.ts';
import { accountedWords, wordsOf } from './accounted-words.ts';

const read = (text: string, answers: Record<string, string> = {}) => valueOf(importPolicyText(text, 'txt', answers));
const only = (policy: ImportedPolicy) => {
  const [question, ...others] = policy.questions;
  if (question === undefined || others.length > 0) throw new Error(`${policy.questions.length} questions`);
  return question;
};

describe('what an import is unsure of is a question, and an answer changes the result', () => {
  const broken =
    'ICT policy\n\nWords used here\n\n1. Devices are computers, phones and any other, similar.\n2. technologies as they come up.\n3. Staff are all who work here.\n';

  test('a point that seems to be broken in two', () => {
    const before = read(broken);
    const question = only(before);
    expect(question).toMatchObject({
      kind: 'joined',
      place: { unit: 'line', number: 6 },
      saw: '2. technologies as they come up.',
      assumed: 'apart',
    });
    expect(asRead(before)).toHaveLength(3);
    const after = read(broken, { [question.id]: 'join' });
    expect(asRead(after)).toEqual([
      '1. Devices are computers, phones and any other, similar. technologies as they come up.',
      '3. Staff are all who work here.',
    ]);
    expect(accountedWords(after)).toEqual(wordsOf(broken));
    expect(only(after)).toMatchObject({ id: question.id, answered: 'join' });
  });

  test('a sentence that stops in the middle before an empty line', () => {
    const text =
      'ICT policy\n\nDo not use whatever could show publicly\n\nwhere somebody is who belongs to the school.\n\nSign out when you leave the room.\n';
    const question = only(read(text));
    expect(question.assumed).toBe('apart');
    expect(asRead(read(text, { [question.id]: 'join' }))[0]).toBe(
      'Do not use whatever could show publicly where somebody is who belongs to the school.',
    );
  });

  test('the title, where there is none', () => {
    const text = 'Lock the screen whenever you leave the room, even for a moment.\n';
    const question = only(read(text));
    expect(question).toMatchObject({ id: 'title', freely: 'words', choices: [] });
    expect(read(text, { title: 'Screens' }).title).toBe('Screens');
  });

  test('a heading with nothing under it', () => {
    const text = '# ICT policy\n\n## Printing\n\n## Screens\n\nLock yours whenever you leave it.\n';
    const markdown = (answers = {}) => valueOf(importPolicyText(text, 'md', answers));
    const question = only(markdown());
    expect(question).toMatchObject({ kind: 'heading', saw: 'Printing', assumed: 'heading' });
    expect(asRead(markdown({ [question.id]: 'text' }))).toEqual(['Printing', 'Lock yours whenever you leave it.']);
  });

  test('a line above the title that is no address', () => {
    const text =
      'Acorn Primary School\nWe all learn here\nStaff ICT policy\n\nLock the screen whenever you leave the room, even for a moment.\n';
    const question = only(read(text));
    expect(question).toMatchObject({ kind: 'leftOut', saw: 'We all learn here' });
    expect(asRead(read(text, { [question.id]: 'keep' }))[0]).toBe('We all learn here');
  });

  test('which of two forms is for staff', () => {
    const form = (who: string) =>
      `${who} agreement\n\nI agree to this policy.\n\nName: ________\nSignature: ________\nDate: ________\n\n`;
    const gap = 'Lock the screen whenever you leave the room, even for a moment.\n\n'.repeat(9);
    const text = `Staff ICT policy\n\n${gap}${form('Staff')}${gap}${form('Volunteer')}`;
    const question = only(read(text));
    expect(question.choices.map(({ answer }) => answer)).toEqual(['form-1', 'form-2']);
    const other = question.assumed === 'form-1' ? 'form-2' : 'form-1';
    const linesOf = (policy: ImportedPolicy) =>
      policy.trace.filter(({ to }) => to === 'signature').map(({ line }) => line);
    expect(linesOf(read(text, { [question.id]: other }))).not.toEqual(linesOf(read(text)));
  });

  test('whose a second signature is', () => {
    const text =
      'Staff ICT policy\n\nLock the screen whenever you leave the room.\n\nI agree to this policy.\n\nSignature: ________\nDate: ________\nSignature: ________\nDate: ________\n';
    const question = only(read(text));
    expect(read(text).form.counterSigned).toHaveLength(2);
    expect(read(text, { [question.id]: 'same' }).form.counterSigned).toBeUndefined();
  });

  test('words in brackets that may be a blank', () => {
    const text = 'Staff ICT policy\n\nThe people of [School name] lock their screens whenever they leave them.\n';
    const question = only(read(text));
    expect(read(text).variables).toHaveLength(1);
    expect(read(text, { [question.id]: 'text' }).variables).toEqual([]);
  });

  test('a date without a day', () => {
    const text =
      'Staff ICT policy\nNext review: May 2027\n\nLock the screen whenever you leave the room, even for a moment.\n';
    const question = only(read(text));
    expect(read(text).lifecycle).toEqual({});
    expect(read(text, { [question.id]: '2027-05-14' }).lifecycle).toEqual({ reviewDueOn: '2027-05-14' });
  });

  test('keeps its key when the file is revised elsewhere', () => {
    const revised = broken
      .replace('ICT policy', 'ICT policy of the school')
      .replace('1. Devices', 'A line more than before.\n\n1. Devices');
    expect(read(revised).questions.map(({ id }) => id)).toContain(only(read(broken)).id);
  });

  test('but an answer that it does not take is refused, naming the question and what it takes', () => {
    const { id } = only(read(broken));
    const outcome = importPolicyText(broken, 'txt', { [id]: 'yes' });
    expect(outcome.ok ? null : outcome.problem).toEqual({
      code: 'import.answerNotFit',
      field: `answers.${id}`,
      detail: `The answer "yes" does not fit the question ${id} about "2. technologies as they come up.". It takes "join" (it is the rest of that point, and its number is left out) or "apart" (it is a point of its own).`,
    });
  });

  test('and an answer to what is no longer asked is told', () => {
    const { warnings } = read('Rules\n\n1. Lock the screen.\n', { 'joined-0123456789': 'join' });
    expect(warnings.join('\n')).toContain(
      'The answer kept for joined-0123456789 fits no question of this file any more',
    );
  });
});

describe('the mapping file beside a source', () => {
  const text = 'Lock the screen whenever you leave the room, even for a moment.\n';
  const source = () => temporaryFile('policy.txt', text);

  test('is named after it, kept by the import, and read with it', async () => {
    const file = source();
    expect(mappingPath(file)).toBe(file.replace('policy.txt', 'policy.mapping.json'));
    expect(await keepAnswers(file, { format: 'usher/import-answers/1', answers: { title: 'Screens' } })).toBeNull();
    expect(valueOf(await importPolicyFile(file)).title).toBe('Screens');
    expect(JSON.parse(readFileSync(mappingPath(file), 'utf8'))).toEqual({
      format: 'usher/import-answers/1',
      answers: { title: 'Screens' },
    });
  });

  test('is refused when it is no JSON or of another shape, naming the file and the field', async () => {
    const refusalFor = async (content: string) => {
      const file = source();
      writeFileSync(mappingPath(file), content);
      const outcome = await importPolicyFile(file);
      return outcome.ok ? 'taken' : outcome.problem.detail.replace(mappingPath(file), 'MAPPING');
    };
    expect(await refusalFor('{"answers": ')).toBe(
      'MAPPING is not whole JSON. Correct it, or delete it and answer again with --answer.',
    );
    expect(await refusalFor('{"format": "usher/import-answers/1", "answers": {"title": 7}}')).toMatch(
      /^MAPPING: answers\.title: .* It looks like \{"format"/,
    );
    expect(await refusalFor('{"answers": {}}')).toMatch(/^MAPPING: format: /);
  });
});
