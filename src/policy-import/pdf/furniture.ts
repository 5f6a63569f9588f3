import { isPageNumber, withoutNumbers } from '../page-furniture.ts';
import type { PdfPage } from './open-pdf.ts';
import type { Span } from './spans.ts';

/** Reasons used here, as they appear under `leftOut`. */
const reasons = {
  header: 'page furniture: header',
  footer: 'page furniture: footer',
  number: 'page number',
  turned: 'page furniture: turned text',
} as const;

/** Shares of the page's height in which headers and footers stand. */
const margins = { header: 0.1, footer: 0.9 } as const;
const sameHeight = 0.02;

/** Why a span is no part of the text, for those that are none: marked so, turned, or printed again on other pages. */
export function furnitureOf(pages: readonly PdfPage[], spans: readonly Span[]): Map<Span, string> {
  const heights = new Map(pages.map((page) => [page.number, page.height]));
  const place = (span: Span) => span.baseline / (heights.get(span.page) ?? 1);
  const inMargin = (span: Span) => place(span) < margins.header || place(span) > margins.footer;
  const reasonFor = (span: Span) =>
    isPageNumber(span.text) ? reasons.number : place(span) < 0.5 ? reasons.header : reasons.footer;
  const printed = new Map<string, Span[]>();
  for (const span of spans.filter(inMargin)) {
    const key = withoutNumbers(span.text);
    const same = printed.get(key);
    if (same === undefined) printed.set(key, [span]);
    else same.push(span);
  }
  const furniture = new Map<Span, string>();
  for (const span of spans) {
    if (span.turned) furniture.set(span, reasons.turned);
    else if (span.isArtifact) furniture.set(span, reasonFor(span));
    else if (inMargin(span) && isPageNumber(span.text)) furniture.set(span, reasons.number);
  }
  for (const same of printed.values()) {
    if (!isRepeated(same, place, pages.length)) continue;
    for (const span of same) if (!furniture.has(span)) furniture.set(span, reasonFor(span));
  }
  return furniture;
}

/** At one height on half of the pages or more, the first left out of the count; on two pages of two. */
function isRepeated(same: readonly Span[], place: (span: Span) => number, pages: number): boolean {
  const onPages = new Set(same.map((span) => span.page)).size;
  const heights = same.map(place);
  if (Math.max(...heights) - Math.min(...heights) > sameHeight) return false;
  return onPages >= 2 && onPages >= (pages - 1) / 2;
}
