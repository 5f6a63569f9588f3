import {
  everySection,
  type Audience,
  type Clause,
  type Policy,
  type Section,
  type Variable,
} from '../contract/policy.ts';

/** Does the policy say different things to different people, so that a person must first say who they are? */
export function policyAsksWhoYouAre(policy: Policy): boolean {
  if (policy.audiences.length > 1) return true;
  for (const section of everySection(policy.sections)) {
    if (section.clauses.some((clause) => clause.audience !== undefined || clause.teachingOnly === true)) return true;
  }
  return false;
}

/** Is some clause only for people who teach? */
export function hasTeachingClauses(policy: Policy): boolean {
  return [...everySection(policy.sections)].some(({ clauses }) => clauses.some((one) => one.teachingOnly === true));
}

/** A clause by its id; null when there is none. */
export function clauseOf(policy: Policy, id: string): Clause | null {
  for (const { clauses } of everySection(policy.sections)) {
    const found = clauses.find((one) => one.id === id);
    if (found !== undefined) return found;
  }
  return null;
}

/** The sections a person of this audience is to read: clauses for others left out, and sections left empty by that. */
export function sectionsFor(policy: Policy, audience: Audience, teaching: boolean): Section[] {
  return visible(policy.sections, audience, teaching);
}

function visible(sections: readonly Section[], audience: Audience, teaching: boolean): Section[] {
  return sections.flatMap((section) => {
    const clauses = section.clauses.filter(
      (clause) => (clause.audience?.includes(audience) ?? true) && (clause.teachingOnly !== true || teaching),
    );
    const inner = visible(section.sections ?? [], audience, teaching);
    const hadContent = section.clauses.length > 0 || (section.sections ?? []).length > 0;
    if (hadContent && clauses.length === 0 && inner.length === 0) return [];
    return [{ ...section, clauses, sections: inner }];
  });
}

/** Puts a school's own words where the document has blanks; a blank without a value stays as printed. */
export function fillVariables(text: string, variables: readonly Variable[]): string {
  return variables.reduce(
    (filled, variable) =>
      variable.value === undefined ? filled : filled.replaceAll(variable.placeholder, variable.value),
    text,
  );
}
