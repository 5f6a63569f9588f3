import type { ImportedPolicy } from '../contract/imported-policy.ts';
import type { Section } from '../contract/policy.ts';

/** What was read out of a file, for a person: the outline, the form, and what needs a look. */
export function importSummary(imported: ImportedPolicy): string {
  const { title, sections, variables, form, leftOut, warnings } = imported;
  const lines = [title, ''];
  const outline = (section: Section, depth: number) => {
    const label = section.number === undefined ? '' : `${section.number} `;
    const clauses = section.clauses.length === 1 ? '1 clause' : `${section.clauses.length} clauses`;
    lines.push(`${'  '.repeat(depth + 1)}${label}${section.title} (${clauses})`);
    for (const inner of section.sections ?? []) outline(inner, depth + 1);
  };
  for (const section of sections) outline(section, 0);
  lines.push(
    '',
    `Form: ${form.statements.length} to agree to; fields: ${form.fields.map(({ label }) => label).join(', ') || 'none'}`,
  );
  if (variables.length > 0)
    lines.push(`Blanks to fill in: ${variables.map(({ placeholder }) => placeholder).join(', ')}`);
  if (leftOut.length > 0) lines.push(`Left out: ${reasonsOf(leftOut)}`);
  if (warnings.length > 0) lines.push('', 'Please look at this:', ...warnings.map((warning) => `  · ${warning}`));
  return lines.join('\n');
}

function reasonsOf(leftOut: ImportedPolicy['leftOut']): string {
  const counts = new Map<string, number>();
  for (const { reason } of leftOut) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} × ${reason}`).join(', ');
}
