import { cells, leaveOut, type SourceLine } from './source-line.ts';

const contentsHeading = /^(?:table of )?contents(?: page| list)?:?$|^index:?$/iu;
const headerRow = /^(?:section|details?|page|title|number|no\.?|item|heading|topic|paragraph|\s)+$/iu;
const endsInPage = /(?:\t|\.{2,}|…|·{2,}|_{2,}|\s{2,})\s*(?:page\s*)?\d{1,3}\s*$/iu;

const key = (text: string) =>
  text
    .toLowerCase()
    .replace(/^[\d.()\s]+|[.…\s\d]+$/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

/** The lines with the contents list left out, and the headings it announced (as keys for `isAnnounced`). */
export interface WithoutContents {
  readonly lines: SourceLine[];
  readonly announced: ReadonlySet<string>;
}

/** Is this heading one that the contents list names? */
export function isAnnounced(announced: ReadonlySet<string>, heading: string): boolean {
  return announced.has(key(heading));
}

/**
 * Finds a contents list: the word "Contents" and the rows after it that end in a page number
 * or are printed again further on as a line of their own.
 */
export function markContentsList(lines: readonly SourceLine[]): WithoutContents {
  const announced = new Set<string>();
  const start = lines.findIndex((line) => line.marks.leftOut === undefined && contentsHeading.test(line.text));
  const marked = [...lines];
  if (start >= 0) {
    const rows = rowsAfter(lines, start);
    if (rows.length > 0) {
      for (const index of [start, ...rows]) {
        const line = lines[index];
        if (line === undefined) continue;
        if (index !== start) for (const name of namesIn(line)) announced.add(name);
        marked[index] = leaveOut(line, 'contents list');
      }
    }
  }
  return { lines: marked, announced };
}

function namesIn(line: SourceLine): string[] {
  const parts = cells(line).filter((cell) => !/^(?:[\d.]+|appendix\s+\w+)$/iu.test(cell));
  return [...parts, line.text].map(key).filter((name) => name.length > 2);
}

function rowsAfter(lines: readonly SourceLine[], start: number): number[] {
  const later = new Map<string, number>();
  lines.forEach((line, index) => later.set(key(line.text), index));
  const rows: number[] = [];
  for (let index = start + 1; index < lines.length; index += 1) {
    const line = lines[index];
    if (line === undefined) break;
    if (line.marks.leftOut !== undefined) continue;
    const again = (later.get(key(line.text)) ?? index) > index && line.text.length <= 120;
    if (!endsInPage.test(line.raw) && !headerRow.test(line.text) && !again) break;
    // The heading itself, printed once more directly after the list, belongs to the document.
    if (again && !endsInPage.test(line.raw) && rows.some((row) => key(lines[row]?.text ?? '') === key(line.text)))
      break;
    rows.push(index);
  }
  return rows;
}
