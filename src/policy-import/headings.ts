import { isAnnounced } from './contents-list.ts';
import { isAudienceLine, type FormRole } from './form-roles.ts';
import type { Paragraph } from './paragraphs.ts';
import { readsAsTitle } from './preamble.ts';

const longestHeading = 110;
const mostWords = 14;
const sentenceStart =
  /^["'“‘]?(?:I|We|You|They|It|This is|These|There (?:is|are)|Please|Do not|Don['’]t|Never|Always|Ensure)\b/u;
const sentenceVerb =
  /\b(?:must|shall|should|will|cannot|can|may not|is|are|was|were|has|have|includes?|include|following)\b/u;
const asks = /^(?:who|what|when|where|why|how|which)\b/iu;

/** Short, begins like a title and is no sentence. */
export function isHeadingLike(text: string): boolean {
  if (text.length > longestHeading || text.split(' ').length > mostWords) return false;
  if (!/^["'“‘(]?[\p{Lu}\p{N}]|^(?:e-?safety|e-?mail|iPads?)\b/u.test(text) || !/\p{L}{2}/u.test(text)) return false;
  if (/[.;,!]["'”’)]?$/u.test(text) || /_{2,}|\.{3,}|…/u.test(text) || /@|https?:|www\./u.test(text)) return false;
  if (/\b(?:and|or|the|of|to|a|an)$/iu.test(text) || /:\s+\p{Ll}/u.test(text)) return false;
  if (asks.test(text)) return true;
  return !sentenceStart.test(text) && !sentenceVerb.test(text.replace(/\([^)]*\)/gu, ''));
}

/** The same with the colon that ends some headings ("Important terms:") and starts no list of short points. */
function isPlainHeadingLike(text: string): boolean {
  return isHeadingLike(text.replace(/:$/u, '')) && !/\b(?:to|that|by|for|with|be|not):$/iu.test(text);
}

const isCapitals = (text: string) => text === text.toUpperCase() && /\p{Lu}{3}/u.test(text);
const isAcronym = (text: string) => /^[\p{Lu}\d&/]{2,6}$/u.test(text);
const isNamedBookmark = (name: string) => !/^_(?:Toc|Hlk|Ref|GoBack|Int_)/iu.test(name);

const appendix = /^(?:appendix|annex|schedule|part|section)\s+(?:\d+|[A-Z]|[IVX]+|one|two|three|four)\b/iu;

/** How the school set a heading apart; smaller stands further out. */
export type HeadingRank = number;
const ranks = { outer: 10, plain: 20, inner: 30 } as const;
/** File-marked headings (`##`, Word styles) rank by their depth, further out than all unmarked ones. */
const markedRank = (depth: number): HeadingRank => depth;

interface Context {
  readonly paragraphs: readonly Paragraph[];
  readonly formRoles: ReadonlyMap<number, FormRole>;
  readonly announced: ReadonlySet<string>;
}

/** For each paragraph the rank of the heading it is, or null for text. */
export function headingRanks(context: Context): (HeadingRank | null)[] {
  const { paragraphs, formRoles } = context;
  const numbered = numberedHeadings(paragraphs, formRoles);
  const marked = paragraphs.map((paragraph) => paragraph.lines[0]?.marks.headingDepth);
  const deepestMarked = Math.max(0, ...marked.map((depth) => depth ?? 0));
  const hasGaps = paragraphs.filter((paragraph) => paragraph.gapBefore).length > paragraphs.length * 0.15;
  const plain = paragraphs.map((paragraph, index) => {
    const marks = paragraph.lines[0]?.marks;
    if (paragraph.label !== null || formRoles.has(index) || marked[index] !== undefined) return false;
    if (marks?.rowHeading === true || marks?.note === true) return false;
    if (deepestMarked > 0 && paragraph.lines[0]?.marks.bold !== true) return false;
    return (
      paragraph.lines[0]?.marks.tableRow !== true &&
      isPlainHeadingLike(paragraph.text) &&
      !isAudienceLine(paragraph.text)
    );
  });
  const capitals = plain.filter((is, index) => is && isCapitals(paragraphs[index]?.text ?? '')).length;
  const mostlyCapitals = capitals > plain.filter(Boolean).length / 2;
  const items = listItems(paragraphs, plain, hasGaps);
  return paragraphs.map((paragraph, index) => {
    const depth = marked[index];
    if (depth !== undefined && paragraph.text.length <= 300) return markedRank(depth);
    if (paragraph.lines[0]?.marks.rowHeading === true && !formRoles.has(index)) return ranks.inner;
    const role = formRoles.get(index);
    if (role !== undefined)
      return role.kind === 'heading' ? (role.top ? (deepestMarked > 0 ? 1 : ranks.outer) : ranks.inner) : null;
    const numberedRank = numbered.get(index);
    if (numberedRank !== undefined) return numberedRank;
    if (plain[index] !== true || items.has(index)) return null;
    if (!followedByText(paragraphs, formRoles, index) || leadsToBullets(paragraphs, index)) return null;
    if (!standsApart(paragraphs, index, hasGaps)) return null;
    return plainRank(paragraph, context.announced, mostlyCapitals);
  });
}

function plainRank(paragraph: Paragraph, announced: ReadonlySet<string>, mostlyCapitals: boolean): HeadingRank {
  const bookmarks = paragraph.lines[0]?.marks.bookmarks ?? [];
  if (bookmarks.some(isNamedBookmark) || isAnnounced(announced, paragraph.text)) return ranks.outer;
  if (appendix.test(paragraph.text)) return ranks.outer;
  if (isCapitals(paragraph.text) && (mostlyCapitals || !isAcronym(paragraph.text))) return ranks.outer;
  if (paragraph.tabbed) return ranks.inner;
  return /\bacceptable use\b/iu.test(paragraph.text) && readsAsTitle(paragraph.text) ? ranks.outer : ranks.plain;
}

/** A heading needs something under it: not the end of the file, not the blanks of a form. */
function followedByText(
  paragraphs: readonly Paragraph[],
  formRoles: ReadonlyMap<number, FormRole>,
  index: number,
): boolean {
  const next = paragraphs[index + 1];
  if (next === undefined) return false;
  const role = formRoles.get(index + 1);
  return role === undefined || role.kind !== 'approval';
}

/** "For your own safety:" before bullets is their beginning and no heading, unless it is set as one. */
function leadsToBullets(paragraphs: readonly Paragraph[], index: number): boolean {
  const paragraph = paragraphs[index];
  if (paragraph === undefined || !paragraph.text.endsWith(':') || isCapitals(paragraph.text)) return false;
  return paragraph.lines[0]?.marks.bold !== true && paragraphs[index + 1]?.label?.kind === 'bullet';
}

/** An empty line before it, or bookmarks, bold or a tab that set it apart from the paragraph before. */
function standsApart(paragraphs: readonly Paragraph[], index: number, hasGaps: boolean): boolean {
  const paragraph = paragraphs[index];
  const before = paragraphs[index - 1];
  if (paragraph === undefined || before === undefined || paragraph.gapBefore || !hasGaps) return true;
  const marks = paragraph.lines[0]?.marks;
  if ((marks?.bookmarks ?? []).length > 0 || marks?.bold === true) return true;
  if (isCapitals(paragraph.text) && !isCapitals(before.text)) return true;
  if (/[.!?]["'”’)]?$/u.test(before.text) && paragraphs[index + 1]?.gapBefore === true) return true;
  return paragraph.tabbed && (!before.tabbed || /[.!?]$/u.test(before.text) || isHeadingLike(before.text));
}

/** Short lines that are points of a list without bullets: several in a row with nothing under them. */
function listItems(paragraphs: readonly Paragraph[], plain: readonly boolean[], hasGaps: boolean): Set<number> {
  const items = new Set<number>();
  let index = 0;
  while (index < paragraphs.length) {
    let end = index;
    const setApart = (at: number) => {
      const marks = paragraphs[at]?.lines[0]?.marks;
      return (marks?.bookmarks ?? []).length > 0 || marks?.bold === true;
    };
    const follows = (at: number) => at === index || !hasGaps || paragraphs[at]?.gapBefore === false || leadsIn(index);
    const leadsIn = (at: number) => /:$|\bfollowing\b[^.]*[.:]$/u.test(paragraphs[at - 1]?.text ?? '');
    while (plain[end] === true && !setApart(end) && follows(end)) end += 1;
    const length = end - index;
    const before = paragraphs[index - 1];
    const tightAfterText =
      hasGaps &&
      before !== undefined &&
      plain[index - 1] !== true &&
      paragraphs[index]?.gapBefore === false &&
      !setApart(index);
    if (
      length >= 3 ||
      (length >= 2 && (leadsIn(index) || tightAfterText)) ||
      (length === 1 && leadsIn(index) && tightAfterText)
    ) {
      const last = paragraphs[end - 1];
      const lastIsHeading = !leadsIn(index) && last?.gapBefore === true && length >= 3;
      for (let at = index; at < (lastIsHeading ? end - 1 : end); at += 1) items.add(at);
    }
    index = Math.max(end, index + 1);
  }
  return items;
}

/**
 * Numbered headings ("3. Access" with text under it) apart from numbered points: within one way of numbering
 * at least half of the lines have to read like headings with something under them.
 */
function numberedHeadings(
  paragraphs: readonly Paragraph[],
  formRoles: ReadonlyMap<number, FormRole>,
): Map<number, HeadingRank> {
  const groups = numberingRuns(paragraphs);
  const ranksFound = new Map<number, HeadingRank>();
  for (const indexes of groups) {
    const likely = indexes.filter((index) => {
      const label = paragraphs[index]?.label;
      return (
        label !== null &&
        label !== undefined &&
        isPlainHeadingLike(label.rest) &&
        hasTextUnder(paragraphs, formRoles, index)
      );
    });
    if (likely.length === 0 || likely.length * 2 < indexes.length) continue;
    for (const index of likely) {
      const label = paragraphs[index]?.label;
      if (label === null || label === undefined) continue;
      if (!label.certain && label.kind !== 'number' && likely.length < 2) continue;
      ranksFound.set(index, ranks.outer + 2 * Math.min(4, label.path.length - 1));
    }
  }
  return ranksFound;
}

/** Paragraph indexes of each run of numbers that count on from one another (depth 1), and of each deeper style. */
function numberingRuns(paragraphs: readonly Paragraph[]): number[][] {
  const runs: { style: string; last: number; indexes: number[] }[] = [];
  paragraphs.forEach((paragraph, index) => {
    const label = paragraph.label;
    if (label === null || label.kind === 'bullet' || paragraph.lines[0]?.marks.headingDepth !== undefined) return;
    const style = `${label.kind}/${label.path.length}/${label.text.replace(/[\p{L}\p{N}.]+/gu, 'x')}`;
    const value = label.path.at(-1) ?? 0;
    const same = runs.filter((run) => run.style === style);
    const run =
      label.path.length > 1
        ? same.at(-1)
        : (same.findLast((each) => each.last + 1 === value) ?? (value === 1 ? undefined : same.at(-1)));
    if (run === undefined) runs.push({ style, last: value, indexes: [index] });
    else {
      run.last = value;
      run.indexes.push(index);
    }
  });
  return runs.map((run) => run.indexes);
}

function hasTextUnder(
  paragraphs: readonly Paragraph[],
  formRoles: ReadonlyMap<number, FormRole>,
  index: number,
): boolean {
  const label = paragraphs[index]?.label;
  const next = paragraphs[index + 1];
  if (label === null || label === undefined || next === undefined || formRoles.has(index)) return false;
  if (formRoles.get(index + 1)?.kind === 'fields') return false;
  if (next.label === null) return true;
  if (next.label.kind !== label.kind) return true;
  return next.label.path.length > label.path.length || next.label.path[0] === 1;
}
