import { isFieldLine } from './form-fields.ts';
import { joinLines, vocabularyOf } from './hyphens.ts';
import { labelOf, type PrintedLabel } from './printed-labels.ts';
import type { Questions } from './questions.ts';
import { cutLine, tidy, type SourceLine } from './source-line.ts';

/** One or more source lines that belong together. */
export interface Paragraph {
  readonly lines: readonly SourceLine[];
  /** All its words, label included, white space normalised. */
  readonly text: string;
  readonly label: PrintedLabel | null;
  /** Its words after the label. */
  readonly body: string;
  readonly gapBefore: boolean;
  /** The first line began with a tab. */
  readonly tabbed: boolean;
}

const endsSentence = /[.;:!?…]["'”’)\]*]*$/u;
const endsOpen =
  /(?:,|\b(?:and|or|the|of|to|a|an|by|in|on|with|for|at|from|their|your|our|its|that|which|is|are|be|unless|if|when|than|any|all|no|not))$/iu;
const startsLower = /^["'“‘(]?\p{Ll}/u;
const severalBullets = /\s(?=[•●▪➢➤►✓✔❖]\s)/gu;

const neverJoined = (line: SourceLine) =>
  line.marks.headingDepth !== undefined ||
  line.marks.isTitle === true ||
  line.marks.bold === true ||
  line.marks.tableRow === true ||
  line.marks.rowHeading === true ||
  line.marks.note === true ||
  line.marks.leftOut !== undefined;

function lineLabel(line: SourceLine): PrintedLabel | null {
  return line.marks.label === undefined ? labelOf(line.text) : labelOf(`${line.marks.label} ${line.text}`);
}

/** Width the text was wrapped at, in characters, or null where each line is a whole paragraph. */
export function wrapWidth(lines: readonly SourceLine[]): number | null {
  const broken: number[] = [];
  let pairs = 0;
  lines.forEach((line, index) => {
    const before = lines[index - 1];
    if (before === undefined || line.gapBefore || lineLabel(line) !== null || before.text.length < 40) return;
    pairs += 1;
    if (startsLower.test(line.text) && !endsSentence.test(before.text)) broken.push(before.text.length);
  });
  if (broken.length < 2 || broken.length < pairs * 0.2) return null;
  broken.sort((left, right) => left - right);
  const width = broken[Math.floor(broken.length * 0.9)] ?? 0;
  const longer = lines.filter((line) => line.text.length > width * 1.25).length;
  return longer > lines.length * 0.05 ? null : width;
}

/** Is `next` the rest of a paragraph that was broken after `before`? */
export function continues(before: SourceLine, next: SourceLine, width: number | null): boolean {
  if (neverJoined(before) || neverJoined(next)) return false;
  if (isFieldLine(next.text) || isFieldLine(before.text)) return false;
  if (next.marks.goesOn === true && !/^\s*\t/u.test(next.raw)) return true;
  const label = lineLabel(next);
  const beforeLabel = lineLabel(before);
  if (beforeLabel !== null && beforeLabel.rest === '' && before.marks.label === undefined) return label === null;
  if (label !== null) return false;
  if ((next.marks.bookmarks ?? []).length > 0 || /^\s*\t/u.test(next.raw)) return false;
  const fitted = width !== null && !next.gapBefore && before.text.length + 1 + firstWordLength(next.text) > width - 3;
  if (fitted && !before.text.endsWith(':')) return before.text !== before.text.toUpperCase();
  if (endsSentence.test(before.text) || !startsLower.test(next.text)) return false;
  if (/\p{L}-$/u.test(before.text)) return true;
  if (endsOpen.test(before.text) || (beforeLabel !== null && !next.gapBefore)) return true;
  return before.text.length >= (next.gapBefore ? 60 : 40);
}

function firstWordLength(text: string): number {
  return text.split(' ', 1)[0]?.length ?? 0;
}

interface Meeting {
  readonly before: SourceLine;
  readonly next: SourceLine;
  /** What `continues` says. */
  readonly joins: boolean;
  /** The document ends its sentences with a full stop. */
  readonly closes: boolean;
}

/** Goes by what `continues` says, and asks where the source shows two signs that contradict each other. */
function isJoined({ before, next, joins, closes }: Meeting, questions: Questions): boolean {
  const acrossGap = joins && next.gapBefore && next.marks.goesOn !== true && !endsOpen.test(before.text);
  const canJoin = !joins && !neverJoined(next) && !neverJoined(before) && lineLabel(next) === null;
  const isBlank = isFieldLine(next.text) || isFieldLine(before.text);
  const startsInside = canJoin && !isBlank && startsLower.test(next.text) && startsAlone(before, next);
  const stopsShort = canJoin && !isBlank && closes && !next.gapBefore && stopsInside(before);
  if (!acrossGap && !startsInside && !stopsShort) return joins;
  const answer = questions.ask({
    kind: 'joined',
    at: next,
    saw: next.text,
    asks: `Does this go on from the line before it, "${shortened(before.text)}"?`,
    choices: [
      { answer: 'join', means: 'it is the rest of that paragraph' },
      { answer: 'apart', means: 'it is a paragraph of its own' },
    ],
    assumed: joins ? 'join' : 'apart',
  });
  return answer === 'join';
}

/** A line in lower case that is no point of a list and no name such as "iPads". */
function startsAlone(before: SourceLine, next: SourceLine): boolean {
  if (/^(?:e-?\p{L}|i\p{Lu})/u.test(next.text) || /:$/u.test(before.text)) return false;
  return !startsLower.test(before.text) && lineLabel(before)?.kind !== 'bullet';
}

const fewestCharacters = 50;
const mostlyCloses = 0.8;

/** A long line without a full stop, where the others have one. */
function stopsInside(line: SourceLine): boolean {
  return line.text.length >= fewestCharacters && !endsSentence.test(line.text) && line.text !== line.text.toUpperCase();
}

function closesSentences(lines: readonly SourceLine[]): boolean {
  const long = lines.filter((line) => line.text.length >= fewestCharacters && !neverJoined(line));
  return long.length >= 5 && long.filter((line) => endsSentence.test(line.text)).length >= long.length * mostlyCloses;
}

const shortened = (text: string) => (text.length > 80 ? `… ${text.slice(-78)}` : text);

/** Joins broken lines and takes the printed labels off. Lines that are left out are not in the result. */
export function paragraphsOf(lines: readonly SourceLine[], questions: Questions): Paragraph[] {
  const kept = lines.filter((line) => line.marks.leftOut === undefined);
  const width = wrapWidth(kept);
  const closes = closesSentences(kept);
  const groups: SourceLine[][] = [];
  kept.forEach((line, index) => {
    const before = kept[index - 1];
    const group = groups.at(-1);
    const joins =
      before !== undefined &&
      isJoined({ before, next: line, joins: continues(before, line, width), closes }, questions);
    if (group !== undefined && joins) group.push(line);
    else groups.push([line]);
  });
  const vocabulary = vocabularyOf(kept.map((line) => line.text));
  return withCheckedLabels(groups.map((group) => paragraphFrom(group, vocabulary)));
}

/** "• one • two" on one line is two points. */
export function cutAtBullets(line: SourceLine): SourceLine[] {
  if (!/^\s*[•●▪➢➤►✓✔❖]/u.test(line.raw)) return [line];
  return cutLine(
    line,
    [...line.raw.matchAll(severalBullets)].map((match) => match.index + 1),
  );
}

function paragraphFrom(lines: readonly SourceLine[], vocabulary: ReadonlySet<string>): Paragraph {
  const first = lines[0];
  const text = first?.marks.tableRow === true ? rowText(first) : joinedText(lines, vocabulary);
  return {
    lines,
    text,
    label: null,
    body: text,
    gapBefore: first?.gapBefore ?? true,
    tabbed: /^ {0,3}\t/u.test(first?.raw ?? ''),
  };
}

function joinedText(lines: readonly SourceLine[], vocabulary: ReadonlySet<string>): string {
  const texts = lines.map((line) => line.text).filter((text) => text !== '');
  return tidy(texts.reduce((whole, text) => (whole === '' ? text : joinLines(whole, text, vocabulary)), ''));
}

/** The cells of a table row, told apart; a number alone in the first one is the label of the row. */
function rowText(row: SourceLine): string {
  const [first = '', ...rest] = row.raw.split('\t').map(tidy).filter(Boolean);
  const isLabel = labelOf(`${first} X`)?.rest === 'X';
  return isLabel ? `${first} ${rest.join(' | ')}` : [first, ...rest].join(' | ');
}

/** Keeps the labels that are certain, and of the others those that count on from, or on to, another. */
function withCheckedLabels(paragraphs: readonly Paragraph[]): Paragraph[] {
  let before: PrintedLabel | null = null;
  const found = paragraphs.map((paragraph) => {
    const given = paragraph.lines[0]?.marks.label;
    const label = given === undefined ? labelOf(paragraph.text, before) : givenLabel(given, paragraph.text, before);
    if (label !== null && label.kind !== 'bullet') before = label;
    return label;
  });
  const same = (label: PrintedLabel, other: PrintedLabel | null, step: 1 | -1) => {
    if (other === null || other.kind !== label.kind) return false;
    if (label.kind === 'bullet') return other.text === label.text;
    if (other.path.length === label.path.length) return (other.path.at(-1) ?? 0) - (label.path.at(-1) ?? 0) === step;
    return step === 1 && other.path.length === label.path.length + 1 && other.path[0] === label.path[0];
  };
  return paragraphs.map((paragraph, index) => {
    const label = found[index] ?? null;
    if (label === null) return paragraph;
    const near = found.slice(Math.max(0, index - 12), index).some((other) => same(label, other, -1));
    const soon = found.slice(index + 1, index + 13).some((other) => same(label, other, 1));
    const dash = label.kind === 'bullet' && /^[–—−*-]/u.test(label.text);
    const bullets = label.kind === 'bullet' && found.some((other, at) => at !== index && other?.text === label.text);
    if (!(label.certain || dash || near || soon || bullets) || label.rest === '') return paragraph;
    return { ...paragraph, label, body: label.rest };
  });
}

function givenLabel(given: string, text: string, before: PrintedLabel | null): PrintedLabel {
  const read = labelOf(`${given} x`, before);
  if (read !== null) return { ...read, text: given, certain: true, rest: text };
  return { text: given, kind: 'bullet', path: [], certain: true, rest: text };
}
