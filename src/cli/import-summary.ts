import type { ImportedPolicy, ImportQuestion, SincePrevious } from '../contract/imported-policy.ts';
import type { Section } from '../contract/policy.ts';
import { mappingPath } from '../policy-import/index.ts';

/** What was read out of a file, for a person: the outline, the form, what is to be decided, and what needs a look. */
export function importSummary(imported: ImportedPolicy, file: string): string {
  const { title, sections, variables, form, leftOut, warnings, questions } = imported;
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
  if (imported.sincePrevious !== undefined) lines.push(...sinceLines(imported.sincePrevious));
  lines.push(...questionLines(questions, file));
  if (warnings.length > 0) lines.push('', 'Please look at this:', ...warnings.map((warning) => `  · ${warning}`));
  return lines.join('\n');
}

function reasonsOf(leftOut: ImportedPolicy['leftOut']): string {
  const counts = new Map<string, number>();
  for (const { reason } of leftOut) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => `${count} × ${reason}`).join(', ');
}

function sinceLines({ kept, reworded, moved, added, gone }: SincePrevious): string[] {
  const movedToo = moved.length === 0 ? '' : `; ${moved.length} of these moved`;
  return [
    '',
    `Since the earlier version: ${kept} kept, ${reworded.length} reworded${movedToo}, ${added.length} new, ${gone.length} gone`,
    ...reworded.map(({ id, before }) => `  reworded  ${id} (it was "${shown(before)}")`),
    ...added.map((id) => `  new       ${id}`),
    ...gone.map(({ id, text }) => `  gone      ${id} ("${shown(text)}")`),
  ];
}

function questionLines(questions: readonly ImportQuestion[], file: string): string[] {
  const open = questions.filter(({ answered }) => answered === undefined);
  const answered = questions.length - open.length;
  const lines =
    answered === 0
      ? []
      : ['', `${answered === 1 ? '1 question is' : `${answered} questions are`} answered in ${mappingPath(file)}.`];
  if (open.length === 0) return lines;
  const command = `usher policy import "${file}"`;
  return [
    ...lines,
    '',
    `${open.length === 1 ? 'One thing was' : `${open.length} things were`} not sure. What was assumed stands until you answer;`,
    `${command} --answer …=… keeps the answer in ${mappingPath(file)}.`,
    ...open.flatMap((question) => ['', ...oneQuestion(question)]),
  ];
}

function oneQuestion({ id, place, saw, asks, choices, freely, assumed }: ImportQuestion): string[] {
  const where = place.page === undefined ? `${place.unit} ${place.number}` : `page ${place.page}`;
  const written = choices.map(({ answer, means }) => ({ answer, means }));
  if (freely === 'words') written.push({ answer: '"words of your own"', means: 'your answer' });
  if (freely === 'date') written.push({ answer: '2026-09-01', means: 'the day, written like this' });
  return [
    `  ${where}: "${shown(saw)}"`,
    `    ${asks}`,
    ...written.map(
      ({ answer, means }) => `    --answer ${id}=${answer}  ${means}${answer === assumed ? ' (assumed)' : ''}`,
    ),
    ...(choices.length === 0 ? [`    (assumed: ${assumed})`] : []),
  ];
}

const shown = (text: string) => (text.length > 100 ? `${text.slice(0, 98)} …` : text);
