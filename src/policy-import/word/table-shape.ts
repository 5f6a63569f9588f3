import { hasWords } from '../source-line.ts';
import type { Block } from './changes.ts';
import { everyElement } from './xml.ts';

/** How a row is read: cells side by side on one line, block after block, or so with a heading in its first cell. */
export type RowKind = 'cells' | 'blocks' | 'heading';

type Row = readonly (readonly Block[])[];

const longestRowHeading = 110;
/** Cells longer than this are prose, not entries. */
const proseCharacters = 80;

/**
 * Decides how the rows of a table are read. A row whose cells hold one paragraph each reads as one line, as does a
 * name with empty cells beside it, which is a blank to fill in;
 * a two-column table with a short name on the left and text on the right reads as headings with their text.
 */
export function tableShape(rows: readonly Row[]): RowKind[] {
  const texts = rows.map((row) => row.map((cell) => cell.map(plainText).filter(hasWords)));
  const named = texts.filter((cells) => cells.length === 2 && isName(cells[0]) && isProse(cells[1]));
  const isNameAndText = named.length >= 2 && named.length * 2 > texts.length;
  return rows.map((row, index) => {
    const cells = texts[index] ?? [];
    const filled = cells.filter((paragraphs) => paragraphs.length > 0).length;
    const single =
      row.every((cell) => cell.every((block) => block.kind === 'paragraph')) &&
      cells.every((paragraphs) => paragraphs.length <= 1);
    if (isNameAndText && cells.length === 2 && isName(cells[0]) && (isProse(cells[1]) || !isHeaderRow(cells, index)))
      return 'heading';
    const isBlank = filled === 1 && cells.length > 1 && isName(cells[0]);
    return single && (filled > 1 || isBlank) ? 'cells' : 'blocks';
  });
}

function isName(paragraphs: readonly string[] | undefined): boolean {
  const [only] = paragraphs ?? [];
  return paragraphs?.length === 1 && only !== undefined && only.length <= longestRowHeading && !/[.;:,!]$/u.test(only);
}

function isProse(paragraphs: readonly string[] | undefined): boolean {
  return (paragraphs?.length ?? 0) > 1 || (paragraphs?.[0]?.length ?? 0) > proseCharacters;
}

/** The first row of names over the columns. */
function isHeaderRow(cells: readonly (readonly string[])[], index: number): boolean {
  return index === 0 && cells.every((paragraphs) => isName(paragraphs));
}

function plainText(block: Block): string {
  return [
    ...everyElement({
      ...block.element,
      children: block.kind === 'paragraph' ? block.content : block.element.children,
    }),
  ]
    .filter(({ name }) => name === 'w:t')
    .map((text) => text.children.join(''))
    .join('');
}
