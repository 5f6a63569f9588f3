import type { Audience, Policy, Section } from '../../../src/contract/policy.ts';
import { fillVariables, sectionsFor } from '../../../src/rules/policy-for-person.ts';

/** Who somebody said they are. */
export interface Reader {
  audience: Audience;
  teaching: boolean;
}

/** The sections as they are shown: for this reader, or whole for none, with the school's own words filled in. */
export function shownSections(policy: Policy, reader: Reader | null): Section[] {
  const chosen = reader === null ? policy.sections : sectionsFor(policy, reader.audience, reader.teaching);
  return filled(chosen, policy.variables);
}

function filled(sections: readonly Section[], variables: Policy['variables']): Section[] {
  return sections.map((section) => ({
    ...section,
    title: fillVariables(section.title, variables),
    clauses: section.clauses.map((clause) => ({ ...clause, text: fillVariables(clause.text, variables) })),
    sections: filled(section.sections ?? [], variables),
  }));
}
