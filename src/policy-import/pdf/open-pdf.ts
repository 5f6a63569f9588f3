import type {
  PDFDocumentProxy,
  PDFPageProxy,
  TextItem,
  TextMarkedContent,
} from 'pdfjs-dist/types/src/display/api.d.ts';
import { accepted, refused, type Outcome } from '../../contract/problem.ts';
import { packsTooMuch } from './packed-streams.ts';
import { loadPdfReader, type PdfReader } from './pdf-reader.ts';
import { tagsOf, type Tag } from './tags.ts';

/** A stretch of text as the PDF places it. Lengths are in points (1/72 inch) from the page's top left corner. */
export interface Piece {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
  readonly bold: boolean;
  /** Not written from left to right along the page, such as a watermark. */
  readonly turned: boolean;
  /** Marked as no part of the text: a header, a footer, a watermark. */
  readonly isArtifact: boolean;
  readonly tag: Tag | undefined;
}

export interface PdfPage {
  readonly number: number;
  readonly width: number;
  readonly height: number;
  readonly pieces: readonly Piece[];
}

export const mostPages = 500;
const mostPieces = 500_000;

/** Reads the text of every page. Refuses what has none, what is locked, damaged or a trap. */
export async function openPdf(bytes: Buffer): Promise<Outcome<PdfPage[]>> {
  if (!bytes.subarray(0, 1_024).includes('%PDF-'))
    return refused(
      'import.notPdf',
      'The file ends in .pdf but is no PDF. Save the policy as .docx or .pdf again and import that.',
    );
  if (packsTooMuch(bytes))
    return refused(
      'import.tooLargeInside',
      'The PDF unpacks to far more than any policy holds. It was not read. Save the policy as a Word document (.docx) and import that.',
    );
  const reader = await loadPdfReader();
  const task = reader.open(bytes);
  try {
    return await pagesOf(await task.promise, reader);
  } catch (error) {
    return refusalFor(error);
  } finally {
    await task.destroy();
  }
}

async function pagesOf(document: PDFDocumentProxy, reader: PdfReader): Promise<Outcome<PdfPage[]>> {
  if (document.numPages > mostPages)
    return refused(
      'import.tooManyParts',
      `The PDF has ${document.numPages} pages; at most ${mostPages} are read. Import one policy at a time.`,
    );
  const pages: PdfPage[] = [];
  let pieces = 0;
  for (let number = 1; number <= document.numPages; number += 1) {
    const page = await document.getPage(number);
    const read = await readPage(page, number, reader);
    pieces += read.pieces.length;
    if (pieces > mostPieces)
      return refused(
        'import.tooManyParts',
        `The PDF holds more than ${mostPieces} pieces of text by page ${number}, which no policy does. Import one policy at a time.`,
      );
    pages.push(read);
    page.cleanup();
  }
  return accepted(pages);
}

function refusalFor(error: unknown) {
  const name = error instanceof Error ? error.name : '';
  if (name === 'PasswordException')
    return refused(
      'import.encrypted',
      'The PDF is locked with a password. Take the password off, or save the policy as a Word document (.docx), and import that.',
    );
  return refused(
    'import.damaged',
    'The PDF is damaged or cut off. Open it, print it to a new PDF or save it as a Word document (.docx), and import that.',
  );
}

async function readPage(page: PDFPageProxy, number: number, reader: PdfReader): Promise<PdfPage> {
  const viewport = page.getViewport({ scale: 1 });
  const content = await page.getTextContent({ includeMarkedContent: true });
  const tags = tagsOf(await page.getStructTree());
  const bold = await boldFonts(page, Object.keys(content.styles));
  const pieces: Piece[] = [];
  const marks: Mark[] = [];
  for (const item of content.items) {
    if ('type' in item) follow(marks, item);
    else if (item.str !== '') pieces.push(pieceOf(item, reader.transform(viewport.transform, item.transform)));
  }
  return { number, width: viewport.width, height: viewport.height, pieces };

  function pieceOf(item: TextItem, matrix: readonly number[]): Piece {
    const [a = 0, b = 0, c = 0, d = 0, left = 0, baseline = 0] = matrix;
    const tagged = marks.findLast((mark) => mark.id !== undefined)?.id;
    return {
      text: item.str,
      left,
      right: left + item.width,
      baseline,
      size: Math.hypot(c, d),
      bold: bold.has(item.fontName),
      turned: a <= 0 || Math.abs(b) > Math.abs(a) / 10,
      isArtifact: marks.some((mark) => mark.artifact),
      tag: tagged === undefined ? undefined : tags.get(tagged),
    };
  }
}

interface Mark {
  readonly artifact: boolean;
  readonly id: string | undefined;
}

function follow(marks: Mark[], item: TextMarkedContent): void {
  if (item.type === 'endMarkedContent') marks.pop();
  else marks.push({ artifact: 'tag' in item && item.tag === 'Artifact', id: item.id ?? undefined });
}

/** A font's name is known only after its page was made ready to draw. */
async function boldFonts(page: PDFPageProxy, names: readonly string[]): Promise<ReadonlySet<string>> {
  if (names.some((name) => !page.commonObjs.has(name))) await page.getOperatorList();
  const bold = names.filter((name) => {
    if (!page.commonObjs.has(name)) return false;
    const font: unknown = page.commonObjs.get(name);
    const called = typeof font === 'object' && font !== null && 'name' in font ? String(font.name) : '';
    return /bold|black|heavy|semibold|demi/iu.test(called);
  });
  return new Set(bold);
}
