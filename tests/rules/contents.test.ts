import { describe, expect, test } from 'vitest';
import type { Section } from '../../src/contract/policy.ts';
import { contentsOf, entriesLeft } from '../../src/rules/contents.ts';
import { minutesToRead, wordsIn, wordsPerMinute } from '../../src/rules/reading-time.ts';

const section = (id: string, sections: Section[] = [], text = 'Lock the screen.'): Section => ({
  id,
  title: `About ${id}`,
  clauses: [{ id: `${id}-1`, text }],
  sections,
});

describe('the contents list', () => {
  test('lists the outermost sections, each standing for those within', () => {
    const contents = contentsOf([section('a', [section('a1')]), section('b')]);
    expect(contents.map((entry) => entry.covers)).toEqual([['a', 'a1'], ['b']]);
  });

  test('lists the sections within when one section holds the whole document', () => {
    const contents = contentsOf([section('all', [section('a'), section('b')])]);
    expect(contents.map((entry) => [entry.id, entry.covers])).toEqual([
      ['a', ['all', 'a']],
      ['b', ['b']],
    ]);
  });

  test('counts a line as read only when everything it stands for was read', () => {
    const contents = contentsOf([section('a', [section('a1')]), section('b')]);
    expect(entriesLeft(contents, [])).toBe(2);
    expect(entriesLeft(contents, ['a'])).toBe(2);
    expect(entriesLeft(contents, ['a', 'a1'])).toBe(1);
    expect(entriesLeft(contents, ['a', 'a1', 'b', 'gone'])).toBe(0);
  });
});

describe('the time a policy takes to read', () => {
  test('counts the words of headings and clauses, not their punctuation', () => {
    expect(wordsIn([section('a', [], '**Lock** the screen — always · (don’t share it)')])).toBe(2 + 7);
  });

  test('says one minute for the shortest policy and rounds a longer one', () => {
    expect(minutesToRead([section('a')])).toBe(1);
    expect(minutesToRead([section('a', [], 'word '.repeat(wordsPerMinute * 6))])).toBe(6);
  });
});
