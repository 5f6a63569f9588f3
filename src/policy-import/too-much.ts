import type { z } from 'zod';
import type { ImportedPolicy } from '../contract/imported-policy.ts';
import type { Section } from '../contract/policy.ts';

/** What a policy cannot hold, in a sentence that names the place and the bound. */
export function tooMuch(document: ImportedPolicy, error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue?.code !== 'too_big')
    return `The file does not fit what a policy can hold (${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}). Import one policy at a time.`;
  const section = sectionAt(document.sections, issue.path);
  const what = issue.path.at(-1) === 'clauses' ? 'points' : issue.path.at(-1) === 'text' ? 'characters' : 'sections';
  const where = section === undefined ? 'The file' : `The section "${section.title.slice(0, 80)}"`;
  const has =
    section === undefined
      ? document.sections.length
      : what === 'points'
        ? section.clauses.length
        : (section.sections ?? []).length;
  return `${where} has ${has} ${what}; at most ${Number(issue.maximum)} fit. Give it headings that divide it, or import one policy at a time.`;
}

function sectionAt(sections: readonly Section[], path: readonly PropertyKey[]): Section | undefined {
  const [, place, ...rest] = path;
  const section = typeof place === 'number' ? sections[place] : undefined;
  return rest[0] === 'sections' && typeof rest[1] === 'number' ? sectionAt(section?.sections ?? [], rest) : section;
}
