import { hasWords } from '../source-line.ts';
import type { PdfPage, Piece } from './open-pdf.ts';
import type { Tag } from './tags.ts';

/** Text on one baseline without a wide gap in it: a line, or one cell of a row. */
export interface Span {
  readonly page: number;
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
  readonly bold: boolean;
  readonly turned: boolean;
  readonly isArtifact: boolean;
  readonly tag: Tag | undefined;
}

const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]/u;
/** In units of the text's size. */
const gaps = { word: 0.14, cell: 2.2, overlap: 0.6, script: 0.4, doubled: 0.1 } as const;
const taggedShare = 0.9;

/** The spans of a page in the order of its tags, or else in the order in which they are drawn. */
export function spansOf(page: PdfPage): Span[] {
  const spans: Piece[][] = [];
  for (const piece of inTagOrder(withoutDoubled(page.pieces))) {
    const open = spans.at(-1);
    const before = open?.findLast((each) => each.text.trim() !== '') ?? open?.at(-1);
    if (open !== undefined && before !== undefined && belongs(before, piece)) open.push(piece);
    else if (piece.text.trim() !== '') spans.push([piece]);
  }
  return spans.map((pieces) => spanFrom(page.number, pieces));
}

/** Some writers print a word twice, a hair apart, to make it bold. */
function withoutDoubled(pieces: readonly Piece[]): Piece[] {
  return pieces.filter((piece, index) => {
    const before = pieces[index - 1];
    if (before === undefined || before.text !== piece.text || !hasWords(piece.text)) return true;
    const shift = Math.hypot(piece.left - before.left, piece.baseline - before.baseline);
    return shift > piece.size * gaps.doubled;
  });
}

function inTagOrder(pieces: readonly Piece[]): Piece[] {
  const letters = (chosen: readonly Piece[]) => chosen.reduce((sum, piece) => sum + piece.text.trim().length, 0);
  const text = pieces.filter((piece) => !piece.isArtifact);
  if (letters(text.filter((piece) => piece.tag !== undefined)) < letters(text) * taggedShare) return [...pieces];
  let order = 0;
  return pieces
    .map((piece) => {
      order = piece.tag?.order ?? order;
      return { piece, order };
    })
    .toSorted((left, right) => left.order - right.order)
    .map(({ piece }) => piece);
}

function belongs(before: Piece, piece: Piece): boolean {
  if (before.turned !== piece.turned || before.isArtifact !== piece.isArtifact) return false;
  const size = Math.max(before.size, piece.size);
  if (Math.abs(piece.baseline - before.baseline) > size * gaps.script) return false;
  if (before.tag?.cell !== piece.tag?.cell || before.tag?.isLabel !== piece.tag?.isLabel) return false;
  if (rightToLeft.test(piece.text) || rightToLeft.test(before.text)) return true;
  const gap = piece.left - before.right;
  return gap > -size * gaps.overlap - before.size && gap < size * gaps.cell;
}

function spanFrom(page: number, pieces: readonly Piece[]): Span {
  let text = '';
  let end: Piece | undefined;
  for (const piece of pieces) {
    const gap = end === undefined ? 0 : Math.max(piece.left - end.right, end.left - piece.right);
    const touches = end === undefined || gap < piece.size * gaps.word;
    const spaced = /\s$/u.test(text) || /^\s/u.test(piece.text);
    text += touches || spaced ? piece.text : ` ${piece.text}`;
    end = piece;
  }
  const main = pieces.reduce((longest, piece) =>
    piece.text.trim().length > longest.text.trim().length ? piece : longest,
  );
  const inked = pieces.filter((piece) => piece.text.trim() !== '');
  return {
    page,
    text: text.replace(/\s+/gu, ' ').trim(),
    left: Math.min(...inked.map((piece) => piece.left)),
    right: Math.max(...inked.map((piece) => piece.right)),
    baseline: main.baseline,
    size: main.size,
    bold: inked.every((piece) => piece.bold),
    turned: main.turned,
    isArtifact: main.isArtifact,
    tag: main.tag,
  };
}
