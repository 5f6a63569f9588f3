import type { ImportedPolicy } from '../contract/imported-policy.ts';
import { everySection, type Clause, type Section } from '../contract/policy.ts';
import { settleBrokenPoints } from './broken-points.ts';
import { buildForm } from './build-form.ts';
import { markContentsList } from './contents-list.ts';
import { findForm, type FormFound } from './form.ts';
import { headingRanks } from './headings.ts';
import { Identifiers } from './identifiers.ts';
import { settleLeftOut } from './left-out.ts';
import { readLifecycle } from './lifecycle.ts';
import { outlineOf, type OutlineSection } from './outline.ts';
import { markPageFurniture } from './page-furniture.ts';
import { cutAtBullets, paragraphsOf, type Paragraph } from './paragraphs.ts';
import { markPreamble, readsAsTitle, reasons } from './preamble.ts';
import type { Questions } from './questions.ts';
import { settleHeadings } from './settle-headings.ts';
import { cutLine, type SourceLine } from './source-line.ts';
import { Destinations } from './trace.ts';
import { variablesIn, type PlacedText } from './variables.ts';

const longestTitle = 300;
const longestClause = 20_000;
const fallbackTitle = 'Acceptable use policy';

/** Decides what every line of a source is, and builds the document from them. Never loses a word; never throws. */
export function readDocument(source: readonly SourceLine[], questions: Questions): ImportedPolicy {
  const withoutPages = markPageFurniture(source.flatMap(cutAtBullets).flatMap(cutOverlong));
  const contents = markContentsList(withoutPages);
  const preamble = markPreamble(contents.lines);
  const titleLine = titleOf(preamble.lines[preamble.titleIndex]);
  const lines = settleBrokenPoints(settleLeftOut(preamble.lines, questions), questions);
  const paragraphs = paragraphsOf(
    lines.filter((line) => line !== titleLine),
    questions,
  );
  const form = findForm(paragraphs, questions);
  const found = headingRanks({ paragraphs, formRoles: form.roles, announced: contents.announced });
  const ranks = settleHeadings(paragraphs, found, form.roles, questions);
  const outline = outlineOf(
    paragraphs,
    ranks.map((rank, index) => {
      const role = form.roles.get(index)?.kind;
      return role === 'statement' || role === 'fields' || role === 'approval' ? 'skip' : rank;
    }),
  );
  const title = titleLine?.text ?? askedTitle(lines, paragraphs, questions);
  const building: Building = { title, ids: new Identifiers(), to: new Destinations(), texts: [] };
  const sections = outline.map((section) => buildSection(section, null, building));
  const signing = buildForm(paragraphs, form, building.ids, building.to);
  const statements = signing.statements.map(({ text }) => ({
    text,
    at: paragraphs.find((each) => each.text === text)?.lines[0],
  }));
  const variables = variablesIn([...building.texts, ...statements], questions);
  const lifecycle = readLifecycle(
    lines.filter((line) => line.marks.leftOut === reasons.control),
    questions,
  );
  return {
    title,
    sections,
    variables,
    form: signing,
    ...building.to.trace(lines, titleLine),
    warnings: warningsFor({ sections, form, signing, variables, paragraphs }),
    questions: questions.all(),
    ...(preamble.schoolName === null ? {} : { schoolName: preamble.schoolName.slice(0, 200) }),
    lifecycle,
  };
}

function titleOf(line: SourceLine | undefined): SourceLine | undefined {
  return line !== undefined && line.text.length <= longestTitle ? line : undefined;
}

/** A line too long for one clause is cut at a space. */
function cutOverlong(line: SourceLine): SourceLine[] {
  if (line.raw.length <= longestClause) return [line];
  const cuts: number[] = [];
  let from = 0;
  while (line.raw.length - from > longestClause) {
    const space = line.raw.lastIndexOf(' ', from + longestClause - 1);
    from = space > from ? space : from + longestClause - 1;
    cuts.push(from);
  }
  return cutLine(line, cuts);
}

function askedTitle(lines: readonly SourceLine[], paragraphs: readonly Paragraph[], questions: Questions): string {
  const opening = paragraphs[0];
  return questions.ask({
    kind: 'title',
    at: opening?.lines[0],
    saw: opening?.text ?? '',
    asks: 'No title was found in the file. What is the policy called?',
    choices: [],
    freely: 'words',
    assumed: titleInFurniture(lines) ?? titleFromText(paragraphs) ?? fallbackTitle,
  });
}

/** The name of the policy as the pages' headers print it. */
function titleInFurniture(lines: readonly SourceLine[]): string | null {
  const header = lines.find(({ marks, text }) => /\bheader\b/u.test(marks.leftOut ?? '') && readsAsTitle(text));
  return header === undefined || header.text.length > longestTitle ? null : header.text;
}

function titleFromText(paragraphs: readonly Paragraph[]): string | null {
  for (const paragraph of paragraphs.slice(0, 30)) {
    const named = /\b[Tt]his ((?:\p{Lu}[\p{L}&-]* ){1,6}(?:Policy|Agreement|Code))\b/u.exec(paragraph.text);
    if (named?.[1] !== undefined) return named[1];
  }
  return null;
}

interface Building {
  readonly title: string;
  readonly ids: Identifiers;
  readonly to: Destinations;
  /** Texts of the document in order. */
  readonly texts: PlacedText[];
}

function buildSection(from: OutlineSection, parentId: string | null, building: Building): Section {
  const heading = from.heading;
  const title = heading?.body ?? building.title;
  const id = building.ids.forHeading(title, parentId);
  if (heading !== null) building.to.place(heading, id);
  building.texts.push({ text: title, at: heading?.lines[0] });
  const clauses = from.points.map((point) => buildClause(point, building));
  const sections = from.sections.map((inner) => buildSection(inner, id, building));
  const number = heading?.label?.text;
  return {
    id,
    ...(number === undefined ? {} : { number }),
    title,
    clauses,
    ...(sections.length === 0 ? {} : { sections }),
  };
}

function buildClause(point: Paragraph, building: Building): Clause {
  const id = building.ids.forText(point.body);
  building.to.place(point, id);
  building.texts.push({ text: point.body, at: point.lines[0] });
  return {
    id,
    ...(point.label === null ? {} : { number: point.label.text }),
    text: point.body,
    ...(/^(?:staff (?:that|who) have a teaching role|teaching staff|teachers) only\b/iu.test(point.body)
      ? { teachingOnly: true }
      : {}),
  };
}

interface Read {
  readonly sections: readonly Section[];
  readonly form: FormFound;
  readonly signing: ImportedPolicy['form'];
  readonly variables: ImportedPolicy['variables'];
  readonly paragraphs: readonly Paragraph[];
}

function warningsFor({ sections, form, signing, variables, paragraphs }: Read): string[] {
  const warnings: string[] = [];
  if (!form.hasForm)
    warnings.push(
      'No form to sign was found at the end. A form with name, job title, date and signature will be used.',
    );
  else if (signing.statements.length === 0)
    warnings.push(
      'The form has no sentence to agree to. "I have read and understood this policy and agree to follow it." will be used.',
    );
  if ((signing.counterSigned ?? []).length > 0)
    warnings.push(
      'The form asks for a counter-signature by somebody else. Staff are not shown those fields; collect that signature separately.',
    );
  for (const index of form.otherForms)
    warnings.push(
      `A second form stayed in the document as text, at line ${paragraphs[index]?.lines[0]?.line ?? 1}. If staff should sign it, publish it as a policy of its own.`,
    );
  const names = new Map(variables.map((variable) => [variable.name, variable.label]));
  if (names.size > 0)
    warnings.push(
      `The document has blanks for the school to fill: ${[...names].map(([name, label]) => `${label} (--set ${name}="…")`).join('; ')}.`,
    );
  if ([...everySection(sections)].every(({ clauses }) => clauses.length === 0))
    warnings.push('The file holds no clauses: no text that people are to read. It cannot be published as it is.');
  return warnings;
}
