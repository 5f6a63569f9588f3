import type { Clause, Policy, Section } from '../src/contract/policy.ts';
import { testPolicy } from '../tests/support/test-device.ts';

/** Words on a printed page of a policy, headings and white space between clauses included. */
const wordsOnPage = 500;
const wordsInClause = 40;
const clausesInSection = 12;

const vocabulary =
  `you must not share your password with anybody at school or at home and report every loss of a device to the office
  on the same day staff lock the screen before they leave the room pupils are never asked to sign in for a teacher data
  about children stays on the shared drive and is deleted when it is no longer needed ask the network manager before any
  software is installed personal accounts are not used for school business messages to parents go through the platform`.split(
    /\s+/,
  );

/** A policy of so many pages. `revision` rewords, adds, takes out and moves about a quarter of its clauses. */
export function longPolicy(pages: number, revision: 0 | 1 = 0): Policy {
  const clauses = Math.round((pages * wordsOnPage) / wordsInClause);
  const sections: Section[] = [];
  for (let place = 0; place < Math.ceil(clauses / clausesInSection); place += 1) {
    const own = Array.from({ length: clausesInSection }, (_, index) => place * clausesInSection + index);
    sections.push({
      id: `section-${place}`,
      number: String(place + 1),
      title: wordsFrom(place * 31, 4),
      clauses: own.flatMap((number, index) => clausesFor(number, `${place + 1}.${index + 1}`, revision)),
    });
  }
  if (revision === 1) {
    // One section goes to the end, and one clause of every fifth into the section after it.
    const [first, ...others] = sections;
    if (first !== undefined) sections.splice(0, sections.length, ...others, first);
    for (let place = 0; place + 1 < sections.length; place += 5) {
      const moved = sections[place]?.clauses.pop();
      if (moved !== undefined) sections[place + 1]?.clauses.unshift(moved);
    }
  }
  return { ...testPolicy(), sections };
}

function clausesFor(number: number, printed: string, revision: 0 | 1): Clause[] {
  const clause = { id: `clause-${number}`, number: printed, text: `${wordsFrom(number * 7, wordsInClause)}.` };
  if (revision === 0) return [clause];
  if (number % 25 === 7) return [];
  if (number % 25 === 11) {
    return [clause, { id: `added-${number}`, text: `${wordsFrom(number * 13, wordsInClause)}.` }];
  }
  return number % 6 === 0 ? [{ ...clause, text: reworded(clause.text) }] : [clause];
}

const wordsFrom = (start: number, count: number): string =>
  Array.from({ length: count }, (_, index) => vocabulary[(start + index * 3) % vocabulary.length]).join(' ');

/** Every seventh word is another one, and a few words more stand at the end. */
const reworded = (text: string): string =>
  `${text
    .split(' ')
    .map((word, index) => (index % 7 === 3 ? 'always' : word))
    .join(' ')} This holds at home as well.`;
