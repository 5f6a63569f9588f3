import { readFileSync } from 'node:fs';
import path from 'node:path';
import { policy, type Clause, type Policy } from '../../src/contract/policy.ts';

const pack = path.resolve(import.meta.dirname, '../../packs/primary-staff-aup.json');

/** The starter pack as it is. */
export const starterPolicy = (): Policy => policy.parse(JSON.parse(readFileSync(pack, 'utf8')));

/** The starter pack a year on: clauses reworded, added, taken out and moved, screens that lock sooner, another contact. */
export function revisedPolicy(change: Partial<Policy> = {}): Policy {
  const before = starterPolicy();
  const moved: Clause[] = [];
  const sections = before.sections.map((section) => {
    const clauses = section.clauses.flatMap((clause): Clause[] => {
      switch (clause.id) {
        case 'accounts.2':
          return [
            { ...clause, text: clause.text.replace('at least twelve characters', 'at least sixteen characters') },
          ];
        case 'accounts.4':
          return [
            clause,
            { id: 'accounts.6', number: '2.6', text: 'Turn on a second step at sign-in where it is offered.' },
          ];
        case 'screens.1':
          return [{ ...clause, text: clause.text.replace('after ten minutes', 'after five minutes') }];
        case 'storage.4':
          return [];
        case 'storage.3':
          moved.push(clause);
          return [];
        default:
          return [clause];
      }
    });
    return { ...section, clauses: section.id === 'software' ? [...clauses, ...moved] : clauses };
  });
  return policy.parse({
    ...before,
    sections,
    rules: {
      ...before.rules,
      idleLock: { ...before.rules?.idleLock, warnAfterSeconds: 240, lockAfterSeconds: 300 },
    },
    contacts: before.contacts.map((one) =>
      one.purpose === 'faults' ? { ...one, how: 'Write to the help desk, or ask at the school office' } : one,
    ),
    lifecycle: { ...before.lifecycle, reviewDueOn: '2025-09-01' },
    ...change,
  });
}
