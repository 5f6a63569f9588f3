import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everySection, type Clause, type Policy, type Section } from '../../src/contract/policy.ts';
import { compareItems } from '../../src/rules/compare-policies/compare-items.ts';
import type { ComparedLine } from '../../src/rules/compare-policies/compare-lines.ts';
import { comparePolicies, saysTheSame } from '../../src/rules/compare-policies/compare-policies.ts';
import { compareTexts, readBack } from '../../src/rules/compare-policies/compare-texts.ts';
import { policyLines, type PolicyLine } from '../../src/rules/compare-policies/policy-lines.ts';
import { testPolicy } from '../support/test-device.ts';

const words = [
  'you',
  'never',
  'share',
  'a',
  'password',
  'with',
  'pupils',
  'the',
  'staff',
  'lock',
  '**always**',
  'Mr. O’Neill',
];
const sentence = fc
  .array(fc.constantFrom(...words), { minLength: 1, maxLength: 12 })
  .map((some) => `${some.join(' ')}.`);
const anyText = fc.oneof(sentence, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }));

/** Documents whose ids meet often, so that every kind of change comes up. */
const document = fc
  .array(
    fc.record({
      number: fc.option(fc.constantFrom('1', '2', '3'), { nil: undefined }),
      title: sentence,
      clauses: fc.array(
        fc.record({
          name: fc.integer({ min: 0, max: 14 }),
          number: fc.option(fc.constantFrom('1.1', '1.2', '(a)'), { nil: undefined }),
          text: fc.oneof(
            { weight: 4, arbitrary: sentence },
            { weight: 1, arbitrary: fc.constant('Ask (name of head).') },
          ),
          teachingOnly: fc.option(fc.constant(true), { nil: undefined }),
        }),
        { maxLength: 5 },
      ),
      inside: fc.boolean(),
      name: fc.integer({ min: 0, max: 6 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts): Section[] => {
    const known = new Set<string>();
    const fresh = (id: string): boolean => !known.has(id) && known.add(id).size > 0;
    const top: Section[] = [];
    for (const { name, number, title, clauses, inside } of parts) {
      if (!fresh(`s${name}`)) continue;
      const section: Section = {
        id: `s${name}`,
        number,
        title,
        clauses: clauses.flatMap(({ name: clause, ...rest }) =>
          fresh(`c${clause}`) ? [{ id: `c${clause}`, ...rest }] : [],
        ),
      };
      const last = top.at(-1);
      if (inside && last !== undefined) last.sections = [...(last.sections ?? []), section];
      else top.push(section);
    }
    return top;
  });

const policyOf = (sections: Section[], head?: string): Policy => ({
  ...testPolicy(),
  sections,
  variables: [{ name: 'head', label: 'Head', placeholder: '(name of head)', value: head }],
});

const lineOrder = (lines: readonly ComparedLine[], side: 'older' | 'newer'): (PolicyLine | null)[] =>
  lines.filter(({ place }) => place === 'both' || place === side).map((line) => line[side]);

/** Puts the sections of a document together again from its lines. */
function sectionsOf(lines: readonly (PolicyLine | null)[]): Section[] {
  const top: Section[] = [];
  const byId = new Map<string, Section>();
  for (const line of lines) {
    if (line === null) continue;
    const { id, number, written, audience, teachingOnly, parent } = line;
    const into = byId.get(parent ?? '');
    if (line.kind === 'clause') {
      into?.clauses.push({ id, number, text: written, audience: audience && [...audience], teachingOnly } as Clause);
      continue;
    }
    const section: Section = { id, number, title: written, clauses: [] };
    byId.set(id, section);
    if (into === undefined) top.push(section);
    else into.sections = [...(into.sections ?? []), section];
  }
  return top;
}

const changesOf = (older: Section[], newer: Section[]): Record<string, string[]> =>
  Object.fromEntries(
    comparePolicies(policyOf(older), policyOf(newer))
      .lines.filter(({ changes, place, newer: into }) => changes.length > 0 && (place !== 'older' || into === null))
      .map(({ older: was, newer: is, changes }) => [(is ?? was)?.id ?? '', [...changes]]),
  );

const passwords: Section = {
  id: 'passwords',
  number: '1',
  title: 'Passwords',
  clauses: [
    { id: 'a', number: '1.1', text: 'Your password is yours alone.' },
    { id: 'b', number: '1.2', text: 'Change your password every 90 days.' },
    { id: 'c', number: '1.3', text: 'Tell nobody your password.' },
  ],
};
const email: Section = {
  id: 'email',
  number: '2',
  title: 'Email',
  clauses: [
    { id: 'd', number: '2.1', text: 'Write to parents from your school address only.' },
    { id: 'e', number: '2.2', text: 'Report strange messages.' },
  ],
};
const withClauses = (section: Section, ...clauses: Clause[]): Section => ({ ...section, clauses });

describe('two texts compared word by word', () => {
  test('whatever the texts, both can be read back out of the comparison', () => {
    fc.assert(
      fc.property(anyText, anyText, (older, newer) => {
        const runs = compareTexts(older, newer);
        expect(readBack(runs, 'older')).toBe(older);
        expect(readBack(runs, 'newer')).toBe(newer);
        expect(runs.some(({ text }) => text === '')).toBe(false);
        if (older === newer) expect(runs.every(({ kind }) => kind === 'same')).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('only the words that changed are marked', () => {
    expect(compareTexts('Change it every 90 days.', 'Change it every 60 days.')).toEqual([
      { kind: 'same', text: 'Change it every ' },
      { kind: 'removed', text: '90' },
      { kind: 'added', text: '60' },
      { kind: 'same', text: ' days.' },
    ]);
  });

  test('neighbouring changes are marked as one, not word for word', () => {
    expect(compareTexts('Lock the quick brown screen now.', 'Lock the slow red screen now.')).toEqual([
      { kind: 'same', text: 'Lock the ' },
      { kind: 'removed', text: 'quick brown' },
      { kind: 'added', text: 'slow red' },
      { kind: 'same', text: ' screen now.' },
    ]);
  });

  test('texts with next to nothing in common are struck out and put in as a whole', () => {
    const runs = compareTexts('Ask the office for a key.', 'Portable storage is not used in any of our schools.');
    expect(runs.map(({ kind }) => kind)).toEqual(['removed', 'added']);
  });

  test('the longest texts a clause may have are compared without delay', () => {
    const long = (seed: number): string =>
      Array.from({ length: 3_300 }, (_, place) => words[(place * seed + (place >> 3)) % words.length]).join(' ');
    const from = performance.now();
    const runs = compareTexts(long(5), long(7));
    expect(readBack(runs, 'newer')).toBe(long(7));
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});

describe('two versions of a policy compared', () => {
  test('whatever the versions, both are read back whole, in their order', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const [older, newer] = [policyOf(before, 'Ms A'), policyOf(after, 'Mr B')];
        const { lines } = comparePolicies(older, newer);
        expect(lineOrder(lines, 'older')).toEqual(policyLines(older));
        expect(lineOrder(lines, 'newer')).toEqual(policyLines(newer));
        expect(sectionsOf(lineOrder(lines, 'older'))).toEqual(before);
        expect(sectionsOf(lineOrder(lines, 'newer'))).toEqual(after);
        for (const { older: was, newer: is, words: marked } of lines) {
          if (marked === null) continue;
          expect(readBack(marked, 'older')).toBe(was?.text);
          expect(readBack(marked, 'newer')).toBe(is?.text);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('every clause is told once: as added, as removed, or as one that stayed', () => {
    fc.assert(
      fc.property(document, document, (before, after) => {
        const { lines } = comparePolicies(policyOf(before), policyOf(after));
        const count = (sections: Section[]): number =>
          [...everySection(sections)].reduce((sum, { clauses }) => sum + clauses.length, 0);
        const told = lines.filter(({ kind }) => kind === 'clause');
        const added = told.filter(({ changes }) => changes.includes('added')).length;
        const removed = told.filter(({ changes }) => changes.includes('removed')).length;
        expect(count(before) - removed).toBe(count(after) - added);
        // A line that differs is never passed over, and one that does not is never reported.
        for (const { older, newer, changes, place } of told) {
          if (older === null || newer === null || place === 'older') continue;
          const differs = older.text !== newer.text || older.number !== newer.number;
          if (differs) expect(changes.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('a version compared with itself shows nothing', () => {
    fc.assert(
      fc.property(document, (sections) => {
        const same = comparePolicies(policyOf(sections), structuredClone(policyOf(sections)));
        expect(saysTheSame(same)).toBe(true);
        expect(same.lines.every(({ changes, words: marked }) => changes.length === 0 && marked === null)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('added, removed, reworded, renumbered and moved are told apart', () => {
    const newer = [
      withClauses(
        passwords,
        { id: 'a', number: '1.1', text: 'Your password is yours alone.' },
        { id: 'x', number: '1.2', text: 'Use the password manager.' },
        { id: 'b', number: '1.3', text: 'Change your password every 60 days.' },
      ),
      withClauses(
        email,
        { id: 'e', number: '2.1', text: 'Report strange messages.' },
        { id: 'd', number: '2.2', text: 'Write to parents from your school address only.' },
      ),
    ];
    const changes = changesOf([passwords, email], newer);
    expect(changes).toEqual({
      x: ['added'],
      b: ['reworded', 'renumbered'],
      c: ['removed'],
      // Two clauses changed places: one of them is said to have moved.
      ...(changes['e']?.includes('moved') ? { e: ['moved', 'renumbered'], d: ['renumbered'] } : {}),
      ...(changes['d']?.includes('moved') ? { d: ['moved', 'renumbered'], e: ['renumbered'] } : {}),
    });
    expect([...(changes['d'] ?? []), ...(changes['e'] ?? [])].filter((one) => one === 'moved')).toHaveLength(1);
  });

  test('a clause that went to another section moved; clauses that go along with their section did not', () => {
    const [a, b, c] = passwords.clauses as [Clause, Clause, Clause];
    expect(
      changesOf([passwords, email], [withClauses(passwords, a, b), withClauses(email, c, ...email.clauses)]),
    ).toEqual({ c: ['moved'] });
    expect(changesOf([passwords, email], [email, passwords])).toEqual({ email: ['moved'] });
  });

  test('a clause that an import gave another id is still the same clause, reworded', () => {
    const reimported = withClauses(
      { ...passwords, id: 'password-rules', title: 'Password rules' },
      { id: 'a', number: '1.1', text: 'Your password is yours alone.' },
      { id: 'change-your-0f', number: '1.2', text: 'Change your password every 60 days.' },
      { id: 'tell-nobody-9e', number: '1.3', text: 'Tell nobody your password.' },
    );
    expect(changesOf([passwords, email], [reimported, email])).toEqual({
      'password-rules': ['reworded'],
      'change-your-0f': ['reworded'],
    });
  });

  test('what was taken out stands where it stood, before what came in its place', () => {
    const replacedClause = withClauses(passwords, passwords.clauses[0] as Clause, {
      id: 'n',
      text: 'Sign in with the card that you were given on your first day.',
    });
    const order = comparePolicies(policyOf([passwords, email]), policyOf([replacedClause, email])).lines.map(
      ({ older, newer }) => (newer ?? older)?.id,
    );
    expect(order).toEqual(['passwords', 'a', 'b', 'c', 'n', 'email', 'd', 'e']);
  });

  test('a reader is shown what changed for them alone', () => {
    const forTeachers = withClauses(passwords, ...passwords.clauses, {
      id: 't',
      text: 'Lock the register.',
      teachingOnly: true,
    });
    const [older, newer] = [policyOf([passwords]), policyOf([forTeachers])];
    const added = (teaching: boolean): number =>
      comparePolicies(older, newer, { audience: 'staff', teaching }).lines.filter(({ changes }) =>
        changes.includes('added'),
      ).length;
    expect([added(false), added(true)]).toEqual([0, 1]);
  });

  test('the school’s own words in the blanks are compared as they are read', () => {
    const section = withClauses(passwords, { id: 'h', text: 'Ask (name of head).' });
    const { lines, facts } = comparePolicies(policyOf([section], 'Ms A'), policyOf([section], 'Mr B'));
    expect(lines.at(-1)?.words).toEqual([
      { kind: 'same', text: 'Ask ' },
      { kind: 'removed', text: 'Ms A' },
      { kind: 'added', text: 'Mr B' },
      { kind: 'same', text: '.' },
    ]);
    expect(facts.map(({ path }) => path)).toEqual([['variables']]);
  });

  test('bold alone is told as emphasis', () => {
    const bold = withClauses(passwords, { id: 'a', number: '1.1', text: 'Your password is **yours alone**.' });
    expect(changesOf([withClauses(passwords, passwords.clauses[0] as Clause)], [bold])).toEqual({ a: ['emphasis'] });
  });
});

describe('what a policy says beside its document', () => {
  const idleLock = { clause: 'a', warnAfterSeconds: 540, lockAfterSeconds: 600 };
  const before: Policy = { ...policyOf([passwords]), rules: { idleLock } };

  test('each difference is named with what was and what is, and nothing else is', () => {
    const after: Policy = {
      ...before,
      title: 'Another title',
      form: { ...before.form, statements: [{ id: 'agree', text: 'I agree.' }] },
      rules: { idleLock: { ...idleLock, lockAfterSeconds: 300, warnAfterSeconds: 240 } },
      renewal: { kind: 'everyDays', days: 365 },
      lifecycle: { ...before.lifecycle, owner: 'The business manager' },
    };
    const { facts } = comparePolicies(before, after);
    expect(facts.map(({ path }) => path.join('.')).sort()).toEqual([
      'form.statements',
      'lifecycle.owner',
      'renewal',
      'rules.idleLock',
      'title',
    ]);
    expect(facts.find(({ path }) => path[1] === 'idleLock')).toMatchObject({
      older: { lockAfterSeconds: 600 },
      newer: { lockAfterSeconds: 300 },
    });
  });

  test('putting each difference into the older version gives the newer', () => {
    const part = fc.record(
      {
        title: sentence,
        contacts: fc.array(
          fc.record({
            purpose: fc.constantFrom('faults' as const, 'viruses' as const),
            label: sentence,
            how: sentence,
          }),
          { maxLength: 2 },
        ),
        rules: fc.record(
          { idleLock: fc.constantFrom(idleLock, { ...idleLock, lockAfterSeconds: 900 }) },
          { requiredKeys: [] },
        ),
        lifecycle: fc.record(
          { owner: sentence, reviewDueOn: fc.constantFrom('2027-01-01', '2028-01-01') },
          { requiredKeys: [] },
        ),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(part, part, (one, other) => {
        const [older, newer]: Policy[] = [
          { ...policyOf([passwords]), ...one } as Policy,
          { ...policyOf([passwords]), ...other } as Policy,
        ];
        const applied = structuredClone(older) as unknown as Record<string, unknown>;
        for (const { path, newer: value } of comparePolicies(older as Policy, newer as Policy).facts) {
          const [name, member] = path;
          if (member === undefined) applied[name] = value;
          else applied[name] = { ...(applied[name] as object | undefined), [member]: value };
        }
        const said = (policy: unknown): unknown => JSON.parse(JSON.stringify({ rules: {}, ...(policy as object) }));
        expect(said(applied)).toEqual(said(newer));
      }),
      { numRuns: 300 },
    );
  });

  test('a list’s items are set side by side by their key', () => {
    const item = (id: string, text: string) => ({ id, text });
    expect(compareItems([item('a', '1'), item('b', '2')], [item('c', '3'), item('a', '9')], ({ id }) => id)).toEqual([
      { older: undefined, newer: item('c', '3') },
      { older: item('a', '1'), newer: item('a', '9') },
      { older: item('b', '2'), newer: undefined },
    ]);
  });
});
