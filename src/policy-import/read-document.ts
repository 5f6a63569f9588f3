import type { ImportedPolicy } from '../contract/imported-policy.ts';
import type { Clause, FormField, Section } from '../contract/policy.ts';
import { markContentsList } from './contents-list.ts';
import { findForm, type FormFound } from './form.ts';
import { headingRanks } from './headings.ts';
import { Identifiers, slug } from './identifiers.ts';
import { outlineOf, type OutlineSection } from './outline.ts';
import { markPageFurniture } from './page-furniture.ts';
import { cutAtBullets, paragraphsOf, type Paragraph } from './paragraphs.ts';
import { markPreamble, reasons } from './preamble.ts';
import { cutLine, tidy, type SourceLine } from './source-line.ts';
import { readLifecycle } from './lifecycle.ts';
import { variablesIn } from './variables.ts';

const longestTitle = 300;
const longestClause = 20_000;
const fallbackTitle = 'Acceptable use policy';

/** Where pieces of each source line went: usually one piece, several where a line was cut. */
type Destinations = Map<SourceLine, { piece: SourceLine; to: string }[]>;

/** Decides what every line of a source is, and builds the document from them. Never loses a word; never throws. */
export function readDocument(source: readonly SourceLine[]): ImportedPolicy {
  const withoutPages = markPageFurniture(source.flatMap(cutAtBullets).flatMap(cutOverlong));
  const contents = markContentsList(withoutPages);
  const preamble = markPreamble(contents.lines);
  const titleLine = titleOf(preamble.lines[preamble.titleIndex]);
  const lines = preamble.lines;
  const paragraphs = paragraphsOf(lines.filter((line) => line !== titleLine));
  const form = findForm(paragraphs);
  const ranks = headingRanks({ paragraphs, formRoles: form.roles, announced: contents.announced });
  const ids = new Identifiers();
  const to: Destinations = new Map();
  const place = (paragraph: Paragraph, id: string) => {
    for (const line of paragraph.lines) to.set(line, [{ piece: line, to: id }]);
  };
  const outline = outlineOf(
    paragraphs,
    ranks.map((rank, index) => {
      const role = form.roles.get(index)?.kind;
      return role === 'statement' || role === 'fields' || role === 'approval' ? 'skip' : rank;
    }),
  );
  const title = titleLine?.text ?? titleFromText(paragraphs) ?? fallbackTitle;
  const sections = outline.map((section) => buildSection(section, null, title, ids, place));
  const signing = buildForm(paragraphs, form, ids, to, place);
  const variables = variablesIn([...clauseTexts(sections), ...signing.statements.map((statement) => statement.text)]);
  const traced = traceOf(lines, titleLine, to);
  const lifecycle = readLifecycle(lines.filter((line) => line.marks.leftOut === reasons.control));
  return {
    title,
    sections,
    variables,
    form: signing,
    leftOut: traced.leftOut,
    warnings: warningsFor({ titleLine, title, sections, form, signing, variables, paragraphs, lines }),
    trace: traced.trace,
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

function titleFromText(paragraphs: readonly Paragraph[]): string | null {
  for (const paragraph of paragraphs.slice(0, 30)) {
    const named = /\b[Tt]his ((?:\p{Lu}[\p{L}&-]* ){1,6}(?:Policy|Agreement|Code))\b/u.exec(paragraph.text);
    if (named?.[1] !== undefined) return named[1];
  }
  return null;
}

type Place = (paragraph: Paragraph, id: string) => void;

function buildSection(
  from: OutlineSection,
  parentId: string | null,
  documentTitle: string,
  ids: Identifiers,
  place: Place,
): Section {
  const heading = from.heading;
  const title = heading?.body ?? documentTitle;
  const id = ids.forHeading(title, parentId);
  if (heading !== null) place(heading, id);
  const clauses = from.points.map((point) => buildClause(point, ids, place));
  const sections = from.sections.map((inner) => buildSection(inner, id, documentTitle, ids, place));
  const number = heading?.label?.text;
  return {
    id,
    ...(number === undefined ? {} : { number }),
    title,
    clauses,
    ...(sections.length === 0 ? {} : { sections }),
  };
}

function buildClause(point: Paragraph, ids: Identifiers, place: Place): Clause {
  const id = ids.forText(point.body);
  place(point, id);
  return {
    id,
    ...(point.label === null ? {} : { number: point.label.text }),
    text: point.body,
    ...(/^(?:staff (?:that|who) have a teaching role|teaching staff|teachers) only\b/iu.test(point.body)
      ? { teachingOnly: true }
      : {}),
  };
}

const fieldIds: Readonly<Record<FormField['kind'], string | null>> = {
  signature: 'signature',
  date: 'date',
  printedName: 'printed-name',
  jobTitle: 'job-title',
  school: 'school',
  text: null,
};

function buildForm(
  paragraphs: readonly Paragraph[],
  form: FormFound,
  ids: Identifiers,
  to: Destinations,
  place: Place,
): ImportedPolicy['form'] {
  const statements: ImportedPolicy['form']['statements'] = [];
  const fields: FormField[] = [];
  const counterSigned: string[] = [];
  paragraphs.forEach((paragraph, index) => {
    const role = form.roles.get(index);
    const line = paragraph.lines[0];
    if (role?.kind === 'approval') place(paragraph, 'leftOut');
    if (role?.kind === 'statement') {
      const id = ids.forText(paragraph.text);
      statements.push({ id, text: paragraph.text });
      place(paragraph, id);
    }
    if (role?.kind !== 'fields' || line === undefined) return;
    const pieces = cutLine(
      line,
      role.fields.slice(1).map((field) => field.start),
    );
    const placed = role.fields.map((field, at) => {
      const base = fieldIds[field.kind] ?? slug(field.label, 40);
      const id = ids.forName(role.counter ? `counter-${base}` : base);
      fields.push({ id, kind: field.kind, label: field.label, required: !role.counter });
      if (role.counter) counterSigned.push(id);
      return { piece: pieces[at] ?? line, to: id };
    });
    to.set(line, placed);
  });
  return { statements, fields, ...(counterSigned.length === 0 ? {} : { counterSigned }) };
}

function* clauseTexts(sections: readonly Section[]): Generator<string> {
  for (const section of sections) {
    yield section.title;
    for (const clause of section.clauses) yield clause.text;
    yield* clauseTexts(section.sections ?? []);
  }
}

function traceOf(
  lines: readonly SourceLine[],
  titleLine: SourceLine | undefined,
  destinations: Destinations,
): Pick<ImportedPolicy, 'trace' | 'leftOut'> {
  const trace: ImportedPolicy['trace'] = [];
  const leftOut: ImportedPolicy['leftOut'] = [];
  const drop = (line: number, text: string, reason: string) => {
    trace.push({ line, text, to: 'leftOut' });
    leftOut.push({ text, reason });
  };
  for (const line of lines) {
    const whole = destinations.get(line) ?? [{ piece: line, to: line === titleLine ? 'title' : 'leftOut' }];
    for (const { piece, to } of whole) {
      const reason = line.marks.leftOut ?? reasons.approval;
      for (const segment of piece.segments) {
        const text = tidy(segment.text);
        if (text === '') continue;
        if (segment.leftOut !== undefined) drop(line.line, text, segment.leftOut);
        else if (to === 'leftOut') drop(line.line, text, reason);
        else trace.push({ line: line.line, text, to });
      }
    }
  }
  return { trace, leftOut };
}

interface Outcome {
  readonly titleLine: SourceLine | undefined;
  readonly title: string;
  readonly sections: readonly Section[];
  readonly form: FormFound;
  readonly signing: ImportedPolicy['form'];
  readonly variables: ImportedPolicy['variables'];
  readonly paragraphs: readonly Paragraph[];
  readonly lines: readonly SourceLine[];
}

function warningsFor(outcome: Outcome): string[] {
  const warnings: string[] = [];
  const { titleLine, title, form, signing, variables, sections, paragraphs } = outcome;
  if (titleLine === undefined)
    warnings.push(`No title was found in the file, so it is called "${title}". Give it another with --title.`);
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
  const empty = [...allSections(sections)].filter(
    (section) => section.clauses.length === 0 && (section.sections ?? []).length === 0,
  );
  const formHeadings = new Set(
    [...form.roles].flatMap(([index, role]) => (role.kind === 'heading' ? [paragraphs[index]?.body ?? ''] : [])),
  );
  for (const section of empty.filter((each) => !formHeadings.has(each.title)))
    warnings.push(`The heading "${section.title}" has no text of its own. Check that it is a heading.`);
  if (sections.length === 0) warnings.push('The file holds no text that people are to read.');
  return warnings;
}

function* allSections(sections: readonly Section[]): Generator<Section> {
  for (const section of sections) {
    yield section;
    yield* allSections(section.sections ?? []);
  }
}
