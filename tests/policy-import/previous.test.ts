import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ImportedPolicy } from '../../src/contract/imported-policy.ts';
import { policy } from '../../src/contract/policy.ts';
import { carryIds, importPolicyText, toPolicy } from '../../src/policy-import/index.ts';
import { clausesOf, valueOf } from '../support/policies/imported.ts';

const read = (...points: string[]) =>
  valueOf(importPolicyText(`Rules\n\n${points.map((text, index) => `${index + 1}. ${text}`).join('\n')}\n`, 'txt'));
const idOf = (imported: ImportedPolicy, text: string) => clausesOf(imported).find((clause) => clause.text === text)?.id;

const lock = 'Lock the screen whenever you leave the computer, for however short a time.';
const sticks = 'No sticks or other storage may be connected to any computer of the school.';
const passwords = 'Keep your password to yourself and change it when somebody may know it.';
const printing = 'Print on both sides, and collect at once what you print.';

describe('a revised file keeps the ids of an earlier version', () => {
  const before = read(lock, sticks, passwords, printing);

  test('where the words are the same, wherever they stand now', () => {
    const after = carryIds(read(printing, lock, passwords, sticks), before);
    for (const text of [lock, sticks, passwords, printing]) expect(idOf(after, text)).toBe(idOf(before, text));
    expect(after.sincePrevious).toMatchObject({ kept: 4, reworded: [], added: [], gone: [] });
    expect(after.sincePrevious?.moved).toHaveLength(2);
  });

  test('where a clause says it in other words', () => {
    const shorter = 'Lock the screen whenever you leave the computer, and at ten minutes it locks itself.';
    const after = carryIds(read(shorter, sticks, passwords, printing), before);
    expect(idOf(after, shorter)).toBe(idOf(before, lock));
    expect(after.sincePrevious?.reworded).toEqual([{ id: idOf(before, lock), before: lock }]);
    expect(after.trace.some(({ to }) => to === idOf(before, lock))).toBe(true);
  });

  test('where a clause was reworded and moved, when only one is like it', () => {
    const moved = 'No sticks or other storage may ever be connected to any computer of the school.';
    const after = carryIds(read(lock, passwords, printing, moved), before);
    expect(idOf(after, moved)).toBe(idOf(before, sticks));
    expect(after.sincePrevious?.moved).toEqual([idOf(before, sticks)]);
  });

  test('but gives an id of its own to what is new, and to what could have been either of two', () => {
    const twins = read('You must not use the lab in the morning.', 'You must not use the lab in the evening.');
    const either = 'You must not use the lab at noon.';
    const after = carryIds(read(either), twins);
    expect(clausesOf(twins).map(({ id }) => id)).not.toContain(idOf(after, either));
    expect(after.sincePrevious?.gone).toHaveLength(2);
  });

  test('and keeps several reworded clauses of one stretch apart by their order', () => {
    const rooms = (when: string) =>
      ['lab', 'library', 'hall'].map((room) => `Leave the ${room} as you found it ${when}.`);
    const first = read(...rooms('when you go'));
    const after = carryIds(read(...rooms('at the end of each lesson')), first);
    expect(clausesOf(after).map(({ id }) => id)).toEqual(clausesOf(first).map(({ id }) => id));
  });

  test('and never gives an id again that a clause had which is gone, even when its words come back', () => {
    const without = carryIds(read(lock, passwords, printing), before);
    expect(without.retiredIds).toEqual([idOf(before, sticks)]);
    const again = carryIds(read(lock, sticks, passwords, printing), without);
    expect(idOf(again, sticks)).not.toBe(idOf(before, sticks));
    expect(again.retiredIds).toEqual([idOf(before, sticks)]);
    expect(again.sincePrevious?.added).toEqual([idOf(again, sticks)]);
  });

  test('also through a published policy, which carries the ids that were given up', () => {
    const published = valueOf(toPolicy(carryIds(read(lock, passwords, printing), before))).policy;
    expect(policy.parse(published).retiredIds).toEqual([idOf(before, sticks)]);
    const again = carryIds(read(lock, sticks, passwords, printing), published);
    expect(idOf(again, sticks)).not.toBe(idOf(before, sticks));
    expect(idOf(again, lock)).toBe(idOf(before, lock));
  });

  test('and of a section whose heading was changed over the same clauses', () => {
    const text = (heading: string) =>
      `Staff IT policy\n\n# ${heading}\n\n${lock}\n\n${sticks}\n\n# Other\n\n${printing}\n`;
    const first = valueOf(importPolicyText(text('Computers'), 'md'));
    const after = carryIds(valueOf(importPolicyText(text('Machines and what hangs on them'), 'md')), first);
    expect(after.sections.map(({ id }) => id)).toEqual(first.sections.map(({ id }) => id));
  });
});

test('whatever was changed, ids stay unique, kept words keep theirs, and the answer is always the same', () => {
  const words = fc.constantFrom('lock', 'screen', 'stick', 'head', 'never', 'always', 'room', 'print', 'share', 'tell');
  const clause = fc.array(words, { minLength: 2, maxLength: 9 }).map((parts) => `${parts.join(' ')} it.`);
  const version = fc.uniqueArray(clause, { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(version, version, version, (one, two, three) => {
      const first = read(...one);
      const second = carryIds(read(...two), first);
      const third = carryIds(read(...three), second);
      for (const [before, after] of [
        [first, second],
        [second, third],
      ] as const) {
        const ids = clausesOf(after).map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        for (const { id, text } of clausesOf(before)) {
          const same = idOf(after, text);
          if (same !== undefined) expect(same).toBe(id);
        }
        const retired = new Set(before.retiredIds ?? []);
        expect(ids.filter((id) => retired.has(id))).toEqual([]);
      }
      expect(carryIds(read(...three), second)).toEqual(third);
    }),
    { numRuns: 200 },
  );
});
