import { accepted, refused, type Outcome } from '../../contract/problem.ts';
import { sourceLine, type SourceLine, type SourceMarks } from '../source-line.ts';
import { strayControls } from '../text-source.ts';
import { withHeadings } from './heading-sizes.ts';
import { openPdf, type PdfPage } from './open-pdf.ts';
import { paragraphRows } from './paragraph-rows.ts';
import { rowsOf, type Row } from './rows.ts';

/** Lines of a PDF, one for each paragraph, and what could not be read from it. */
export interface PdfSource {
  readonly lines: SourceLine[];
  readonly warnings: string[];
}

const fewestLetters = 20;
const mostUnreadable = 0.1;
const unreadableCharacters = /[\ufffd\u0000-\u0008\u000e-\u001f]/gu;

/**
 * Reads the text of a PDF: paragraphs in reading order, headings by its tags or by their size, headers, footers and
 * page numbers apart. What has no text, as a scanner makes it, is refused.
 */
export async function pdfSource(bytes: Buffer): Promise<Outcome<PdfSource>> {
  const opened = await openPdf(bytes);
  if (!opened.ok) return opened;
  const pages = opened.value;
  const letters = pages.map((page) => countIn(page, /[\p{L}\p{N}]/gu));
  const total = letters.reduce((sum, count) => sum + count, 0);
  const unreadable = pages.reduce((sum, page) => sum + countIn(page, unreadableCharacters), 0);
  if (unreadable > fewestLetters && unreadable > total * mostUnreadable)
    return refused(
      'import.notText',
      'The letters of the PDF cannot be read: its fonts do not say which letters they draw. Save the policy as a Word document (.docx) and import that.',
    );
  if (total < fewestLetters)
    return refused(
      'import.noText',
      'The PDF has no text in it; its pages are pictures, as a scanner makes them. Have the text recognised (OCR), or save the document it was printed from as .docx and import that.',
    );
  const paragraphs = paragraphRows(withHeadings(rowsOf(pages)));
  const lines = paragraphs.map(({ row, text, gapBefore }, index) =>
    sourceLine(index + 1, [{ text: text.replace(strayControls, ' ') }], gapBefore, marksOf(row)),
  );
  return accepted({ lines, warnings: warningsFor(letters, unreadable) });
}

function countIn(page: PdfPage, characters: RegExp): number {
  return page.pieces.reduce((sum, { text }) => sum + (text.match(characters)?.length ?? 0), 0);
}

function warningsFor(letters: readonly number[], unreadable: number): string[] {
  const empty = letters.flatMap((count, index) => (count === 0 ? [index + 1] : []));
  const warnings: string[] = [];
  if (empty.length > 0)
    warnings.push(
      `${empty.length === 1 ? `Page ${empty[0]} holds` : `Pages ${empty.join(', ')} hold`} no text. If a picture there shows words that staff must read, put them into the text.`,
    );
  if (unreadable > 0)
    warnings.push(`${unreadable} characters of the PDF could not be read. Look for gaps in the words.`);
  return warnings;
}

function marksOf(row: Row): SourceMarks {
  return {
    page: row.page,
    ...(row.leftOut === undefined ? {} : { leftOut: row.leftOut }),
    ...(row.isTableRow ? { tableRow: true } : {}),
    ...(row.label === undefined ? {} : { label: row.label }),
    ...(row.bold ? { bold: true } : {}),
    ...(row.isTitle === true ? { isTitle: true } : {}),
    ...(row.headingDepth === undefined ? {} : { headingDepth: row.headingDepth }),
  };
}
