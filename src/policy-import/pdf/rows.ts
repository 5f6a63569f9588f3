import { labelOf } from '../printed-labels.ts';
import { hasWords } from '../source-line.ts';
import type { PdfPage } from './open-pdf.ts';
import { furnitureOf } from './furniture.ts';
import { inReadingOrder } from './reading-order.ts';
import { spansOf, type Span } from './spans.ts';

/** One line of the text as it is read: a line of a column, or the cells of a table row side by side. */
export interface Row {
  readonly page: number;
  /** Cells are separated by tabs. */
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly baseline: number;
  readonly size: number;
  readonly bold: boolean;
  readonly isTableRow: boolean;
  /** The number or bullet that the PDF keeps apart from the text. */
  readonly label?: string;
  /** Number of the paragraph it is in, on its page, where the PDF is tagged. */
  readonly block?: number;
  readonly headingDepth?: number;
  readonly isTitle?: boolean;
  readonly leftOut?: string;
}

const sameLine = 0.4;
const bullet = '•';

/** The rows of all pages in reading order, with headers and footers above and below each page's own. */
export function rowsOf(pages: readonly PdfPage[]): Row[] {
  const spans = pages.map(spansOf);
  const furniture = furnitureOf(pages, spans.flat());
  return pages.flatMap((page, index) => {
    const own = spans[index] ?? [];
    const around = own.filter((span) => furniture.has(span));
    const aside = (span: Span): Row => ({ ...rowFrom([span]), isTableRow: false, leftOut: furniture.get(span) ?? '' });
    const above = around.filter((span) => span.baseline < page.height / 2);
    const below = around.filter((span) => span.baseline >= page.height / 2);
    return [
      ...above.map(aside),
      ...bodyRows(inReadingOrder(own.filter((span) => !furniture.has(span)))),
      ...below.map(aside),
    ];
  });
}

function bodyRows(spans: readonly Span[]): Row[] {
  const rows: Row[] = [];
  const begun = new Set<number>();
  let label: string | undefined;
  let index = 0;
  while (index < spans.length) {
    const group = tableRowAt(spans, index) ?? lineAt(spans, index);
    const [first] = group;
    if (first === undefined) break;
    index += group.length;
    if (first.tag?.isLabel === true && group.length === 1) {
      label = label === undefined ? first.text : `${label} ${first.text}`;
      continue;
    }
    const item = first.tag?.item;
    const drawn = item !== undefined && first.tag?.hasLabel === true && !begun.has(item) ? bullet : undefined;
    if (item !== undefined) begun.add(item);
    const own = label === undefined ? drawn : /[\p{L}\p{N}]/u.test(label) ? label : bullet;
    rows.push(own === undefined ? rowFrom(group) : { ...rowFrom(group), label: own.slice(0, 24) });
    label = undefined;
  }
  return rows;
}

/** All spans of a tagged table's row, where each of its cells holds one paragraph; else null. */
function tableRowAt(spans: readonly Span[], index: number): readonly Span[] | null {
  const row = spans[index]?.tag?.row;
  if (row === undefined) return null;
  let end = index;
  while (spans[end]?.tag?.row === row) end += 1;
  const group = spans.slice(index, end);
  const cells = Map.groupBy(group, (span) => span.tag?.cell);
  const single = [...cells.values()].every((own) => new Set(own.map((span) => span.tag?.block)).size === 1);
  return single && cells.size > 1 ? group : null;
}

/** Spans that stand side by side: cells of a row without tags, or words set apart by tab stops. */
function lineAt(spans: readonly Span[], index: number): readonly Span[] {
  let end = index + 1;
  for (; end < spans.length; end += 1) {
    const before = spans[end - 1];
    const span = spans[end];
    if (before === undefined || span === undefined) break;
    const apart =
      Math.abs(span.baseline - before.baseline) > span.size * sameLine || span.left < before.right - span.size;
    if (apart || span.tag?.cell !== before.tag?.cell || before.tag?.isLabel === true || span.tag?.isLabel === true)
      break;
  }
  return spans.slice(index, end);
}

function rowFrom(spans: readonly [Span, ...Span[]] | readonly Span[]): Row {
  const [first] = spans;
  if (first === undefined) throw new RangeError('a row needs a span');
  const { page, baseline, tag } = first;
  const longest = spans.reduce((one, other) => (other.text.length > one.text.length ? other : one));
  const isLabelled = spans.length > 1 && labelOf(`${first.text} X`)?.rest === 'X';
  const text = spans.reduce((whole, span, index) => {
    const before = spans[index - 1];
    if (before === undefined) return span.text;
    const sameCell = span.tag?.cell !== undefined && span.tag.cell === before.tag?.cell;
    return `${whole}${sameCell || (index === 1 && isLabelled) ? ' ' : '\t'}${span.text}`;
  }, '');
  const cells = text.split('\t').filter(hasWords).length;
  return {
    page,
    text,
    left: Math.min(...spans.map((span) => span.left)),
    right: Math.max(...spans.map((span) => span.right)),
    baseline,
    size: longest.size,
    bold: spans.every((span) => span.bold),
    isTableRow: cells > 1,
    ...(tag === undefined ? {} : { block: tag.block }),
    ...(tag?.headingDepth === undefined ? {} : { headingDepth: tag.headingDepth }),
    ...(tag?.isTitle === true ? { isTitle: true } : {}),
    ...(tag?.inContents === true ? { leftOut: 'contents list' } : {}),
  };
}
