import { joinLines, vocabularyOf, withoutSoftHyphens } from '../hyphens.ts';
import { labelOf } from '../printed-labels.ts';
import type { Row } from './rows.ts';

/** A paragraph of the PDF, its lines joined. */
export interface PdfParagraph {
  readonly row: Row;
  readonly text: string;
  readonly gapBefore: boolean;
}

/** In units of the text's size. */
const tolerance = { size: 0.08, gap: 0.35, indent: 0.8, edge: 3 } as const;
const fewestAtEdge = 3;
const fewestCharacters = 25;

/** Joins the rows that a paragraph, a heading or a point was wrapped into. */
export function paragraphRows(rows: readonly Row[]): PdfParagraph[] {
  const vocabulary = vocabularyOf(rows.map((row) => row.text));
  const usual = usualDistance(rows);
  const edges = rightEdges(rows);
  const paragraphs: { row: Row; last: Row; text: string; gapBefore: boolean }[] = [];
  let open: (typeof paragraphs)[number] | undefined;
  for (const row of rows) {
    if (row.leftOut !== undefined) {
      paragraphs.push({ row, last: row, text: row.text, gapBefore: true });
      continue;
    }
    const full = open !== undefined && isFull(open.last, row, edges);
    if (open !== undefined && goesOn(open.row, open.last, row, full, usual)) {
      open.text = joinLines(open.text, row.text, vocabulary);
      open.last = row;
      continue;
    }
    const gapBefore = open === undefined || hasGap(open.last, row, usual);
    open = { row, last: row, text: row.text, gapBefore };
    paragraphs.push(open);
  }
  return paragraphs.map(({ row, text, gapBefore }) => ({ row, text: withoutSoftHyphens(text), gapBefore }));
}

/** The commonest distance between two lines, in units of their size. */
function usualDistance(rows: readonly Row[]): number {
  const counts = new Map<number, number>();
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    if (before?.page !== row.page || row.leftOut !== undefined) return;
    const distance = Math.round(((row.baseline - before.baseline) / row.size) * 20) / 20;
    if (distance > 0.8 && distance < 2.5) counts.set(distance, (counts.get(distance) ?? 0) + 1);
  });
  const [common] = [...counts].toSorted((one, other) => other[1] - one[1] || one[0] - other[0]);
  return common?.[0] ?? 1.2;
}

const movesOn = (before: Row, row: Row) => before.page !== row.page || row.baseline < before.baseline;

/** A page or column break tells nothing; elsewhere it is more than the usual distance. */
function hasGap(before: Row, row: Row, usual: number): boolean {
  if (movesOn(before, row)) return false;
  return row.baseline - before.baseline > row.size * (usual + tolerance.gap);
}

interface Edge {
  readonly right: number;
  /** How many rows reach it. */
  readonly reached: number;
}

/** The right edge of the column each row stands in: that of the rows above and below, short of what stands beside it. */
function rightEdges(rows: readonly Row[]): Map<Row, Edge> {
  const text = rows.filter((row) => row.leftOut === undefined && !row.isTableRow);
  return new Map([...Map.groupBy(text, (row) => row.page).values()].flatMap(edgesOnPage));
}

function edgesOnPage(page: readonly Row[]): [Row, Edge][] {
  return page.map((row) => {
    const beside = page.filter(
      (other) => other.left >= row.right && Math.abs(other.baseline - row.baseline) < row.size * 3,
    );
    const limit = Math.min(...beside.map((other) => other.left));
    const column = page.filter(
      (other) =>
        other.left < row.right &&
        other.right > row.left &&
        other.right <= limit &&
        Math.abs(other.size - row.size) <= row.size * tolerance.size,
    );
    const right = Math.max(row.right, ...column.map((other) => other.right));
    const reached = column.filter((other) => other.right > right - row.size * tolerance.edge).length;
    return [row, { right, reached }];
  });
}

/** Did the next word not fit on the line? */
function isFull(row: Row, next: Row, edges: ReadonlyMap<Row, Edge>): boolean {
  const edge = edges.get(row);
  if (edge === undefined || row.text.length < fewestCharacters) return false;
  const perCharacter = (row.right - row.left) / row.text.length;
  const word = (next.text.split(' ', 1)[0]?.length ?? 0) + 1;
  const startsLower = /^\p{Ll}/u.test(next.text);
  return row.right + word * perCharacter > edge.right - row.size * 0.2 && (edge.reached >= fewestAtEdge || startsLower);
}

/** Is the row the rest of the paragraph above? By the PDF's own paragraphs, or else by how the lines stand. */
function goesOn(first: Row, before: Row, row: Row, full: boolean, usual: number): boolean {
  if (row.isTableRow || before.isTableRow || row.label !== undefined) return false;
  if (first.headingDepth !== row.headingDepth || first.isTitle !== row.isTitle) return false;
  if (Math.abs(before.size - row.size) > row.size * tolerance.size) return false;
  const isHeading = row.headingDepth !== undefined || row.isTitle === true;
  if (row.block !== undefined && before.block !== undefined && before.page === row.page)
    return (
      row.block === before.block &&
      !hasGap(before, row, usual) &&
      (full || isHeading || labelOf(row.text)?.certain !== true)
    );
  if (isHeading) return !movesOn(before, row) && row.baseline - before.baseline < row.size * 1.7;
  if (hasGap(before, row, usual) || before.bold !== row.bold || labelOf(row.text)?.certain === true) return false;
  const sentenceEnds = /[.!?:;]["'”’)]?$/u.test(before.text);
  if (movesOn(before, row)) return full && !sentenceEnds && /^["'“‘(]?\p{Ll}/u.test(row.text);
  const indented = row.left > before.left + row.size * tolerance.indent && labelOf(before.text) === null;
  return full && !indented;
}
