import type { Span } from './spans.ts';

const proseCharacters = 25;
const most = { backwards: 1, sideways: 2, nested: 3 } as const;
const fewestInColumn = 4;

/**
 * The order in which a person reads the spans of a page. Most writers draw a page in that order, column by column;
 * where one jumps about, columns are found by the white space between them and read one after the other.
 */
export function inReadingOrder(spans: readonly Span[]): Span[] {
  return spans.every((span) => span.tag !== undefined) || isDrawnInOrder(spans) ? [...spans] : byPlace(spans, 0);
}

/** Goes down, or up and to the right into the next column or cell; never up otherwise, never from prose to prose sideways. */
function isDrawnInOrder(spans: readonly Span[]): boolean {
  let backwards = 0;
  let sideways = 0;
  spans.forEach((span, index) => {
    const before = spans[index - 1];
    if (before === undefined) return;
    const sameLine = Math.abs(span.baseline - before.baseline) <= span.size * 0.4;
    const rises = span.baseline < before.baseline - span.size * 0.6;
    const toTheRight = span.left >= before.right - span.size || span.left > before.left + span.size * 6;
    if ((rises && !toTheRight) || (sameLine && span.right <= before.left)) backwards += 1;
    if (sameLine && toTheRight && Math.min(span.text.length, before.text.length) >= proseCharacters) sideways += 1;
  });
  return backwards <= most.backwards && sideways <= most.sideways;
}

function byPlace(spans: readonly Span[], nested: number): Span[] {
  const gutter = nested < most.nested ? gutterOf(spans) : null;
  if (gutter === null) return fromTopToBottom(spans);
  const ordered: Span[] = [];
  let band: Span[] = [];
  const flush = () => {
    ordered.push(
      ...byPlace(
        band.filter((span) => span.right <= gutter),
        nested + 1,
      ),
      ...byPlace(
        band.filter((span) => span.right > gutter),
        nested + 1,
      ),
    );
    band = [];
  };
  for (const span of fromTopToBottom(spans)) {
    if (span.left < gutter && span.right > gutter) {
      flush();
      ordered.push(span);
    } else band.push(span);
  }
  flush();
  return ordered;
}

function fromTopToBottom(spans: readonly Span[]): Span[] {
  const rows: Span[][] = [];
  for (const span of spans.toSorted((one, other) => one.baseline - other.baseline)) {
    const row = rows.at(-1);
    const first = row?.[0];
    if (row !== undefined && first !== undefined && span.baseline - first.baseline <= first.size * 0.4) row.push(span);
    else rows.push([span]);
  }
  return rows.flatMap((row) => row.toSorted((one, other) => one.left - other.left));
}

/** Middle of the white strip between two columns of prose that stand side by side, or null. */
function gutterOf(spans: readonly Span[]): number | null {
  const left = Math.min(...spans.map((span) => span.left));
  const right = Math.max(...spans.map((span) => span.right));
  const steps = Math.floor(right - left);
  if (spans.length < fewestInColumn * 2 || !Number.isFinite(steps) || steps < 40) return null;
  const covered = Array.from({ length: steps }, () => 0);
  for (const span of spans) {
    for (
      let at = Math.max(0, Math.floor(span.left - left));
      at < Math.min(steps, Math.ceil(span.right - left));
      at += 1
    )
      covered[at] = (covered[at] ?? 0) + 1;
  }
  const crossing = Math.max(1, spans.length * 0.2);
  let best: { from: number; to: number } | null = null;
  let from: number | null = null;
  for (let at = Math.floor(steps * 0.15); at <= Math.ceil(steps * 0.85); at += 1) {
    const isFree = (covered[at] ?? 0) <= crossing;
    if (isFree) from ??= at;
    if ((!isFree || at === Math.ceil(steps * 0.85)) && from !== null) {
      if (best === null || at - from > best.to - best.from) best = { from, to: at };
      from = null;
    }
  }
  if (best === null || best.to - best.from < 5) return null;
  const gutter = left + (best.from + best.to) / 2;
  return standSideBySide(spans, gutter) ? gutter : null;
}

/** Prose on both sides, at the same height: two columns, and no table of short entries. */
function standSideBySide(spans: readonly Span[], gutter: number): boolean {
  const sides = [spans.filter((span) => span.right <= gutter), spans.filter((span) => span.left >= gutter)];
  if (sides.some((side) => side.length < fewestInColumn)) return false;
  const prose = sides.every(
    (side) => side.filter((span) => span.text.length >= proseCharacters).length * 2 >= side.length,
  );
  const [one = [], other = []] = sides;
  const top = Math.max(...[one, other].map((side) => Math.min(...side.map((span) => span.baseline))));
  const bottom = Math.min(...[one, other].map((side) => Math.max(...side.map((span) => span.baseline))));
  return prose && bottom > top;
}
