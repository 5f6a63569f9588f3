import { hasWords } from '../source-line.ts';
import type { Row } from './rows.ts';

const larger = 1.15;
const longestHeading = 150;
const mostOfText = 0.3;
const deepest = 6;

/**
 * Marks headings: those that the PDF's tags name, or, where none does, short rows in larger print than the text.
 * The largest print, where it stands only at the top of the document, is the title.
 */
export function withHeadings(rows: readonly Row[]): Row[] {
  const text = rows.filter((row) => row.leftOut === undefined);
  if (text.some((row) => row.headingDepth !== undefined)) return [...rows];
  const body = commonestSize(text);
  const isLarge = (row: Row) =>
    row.leftOut === undefined &&
    !row.isTableRow &&
    row.size > body * larger &&
    row.text.length <= longestHeading &&
    hasWords(row.text);
  const large = text.filter(isLarge);
  if (lettersIn(large) > lettersIn(text) * mostOfText) return [...rows];
  const sizes = [...new Set(large.map(stepOf))].toSorted((one, other) => other - one);
  const [largest] = sizes;
  const titleRows = text.filter((row) => isLarge(row) && stepOf(row) === largest);
  const opening = text.slice(
    0,
    text.findIndex((row) => !isLarge(row)),
  );
  const isTitled = titleRows.length > 0 && titleRows.every((row) => opening.includes(row));
  return rows.map((row) => {
    if (!isLarge(row)) return row;
    if (isTitled && titleRows.includes(row)) return { ...row, isTitle: true };
    const depth = sizes.indexOf(stepOf(row)) + (isTitled ? 0 : 1);
    return { ...row, headingDepth: Math.min(deepest, Math.max(1, depth)) };
  });
}

/** Sizes within half a point are one. */
const stepOf = (row: Row) => Math.round(row.size * 2) / 2;
const lettersIn = (rows: readonly Row[]) => rows.reduce((sum, row) => sum + row.text.length, 0);

function commonestSize(rows: readonly Row[]): number {
  const letters = new Map<number, number>();
  for (const row of rows) letters.set(stepOf(row), (letters.get(stepOf(row)) ?? 0) + row.text.length);
  const [common] = [...letters].toSorted((one, other) => other[1] - one[1]);
  return common?.[0] ?? 0;
}
