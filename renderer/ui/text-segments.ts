/** A run of text shown in one way. */
export interface TextSegment {
  text: string;
  strong: boolean;
  /** Which match of the search this belongs to, counted within the text; null outside matches. */
  match: number | null;
}

interface Span {
  from: number;
  to: number;
}

/** Takes out the `**` marks: the plain text, and where it was strong. A mark without a partner stays as typed. */
export function plainTextOf(marked: string): { text: string; strong: Span[] } {
  const strong: Span[] = [];
  let text = '';
  let rest = 0;
  for (const found of marked.matchAll(/\*\*(?=\S)([^*]+?)(?<=\S)\*\*/g)) {
    text += marked.slice(rest, found.index);
    strong.push({ from: text.length, to: text.length + (found[1] ?? '').length });
    text += found[1] ?? '';
    rest = found.index + found[0].length;
  }
  return { text: text + marked.slice(rest), strong };
}

/** Where `query` stands in `text`, whatever the case and kind of apostrophe; blank queries stand nowhere. */
export function matchesIn(text: string, query: string): Span[] {
  const wanted = folded(query.trim());
  if (wanted === '') return [];
  const where = folded(text);
  // Folding that changes lengths would move every mark: then look at the text as it is.
  const hay = where.length === text.length ? where : text;
  const spans: Span[] = [];
  for (let at = hay.indexOf(wanted); at !== -1; at = hay.indexOf(wanted, at + wanted.length)) {
    spans.push({ from: at, to: at + wanted.length });
  }
  return spans;
}

/** Cuts a clause into runs to show: strong or not, inside a match or not. Joined, they are the plain text. */
export function segmentsOf(marked: string, query: string): TextSegment[] {
  const { text, strong } = plainTextOf(marked);
  const matches = matchesIn(text, query);
  const cuts = new Set([0, text.length]);
  for (const span of [...strong, ...matches]) cuts.add(span.from).add(span.to);
  const edges = [...cuts].sort((one, other) => one - other);
  return edges.slice(0, -1).map((from, index) => {
    const match = matches.findIndex((span) => span.from <= from && from < span.to);
    return {
      text: text.slice(from, edges[index + 1]),
      strong: strong.some((span) => span.from <= from && from < span.to),
      match: match === -1 ? null : match,
    };
  });
}

/** How often `query` stands in a marked text. */
export const countMatches = (marked: string, query: string): number =>
  matchesIn(plainTextOf(marked).text, query).length;

const folded = (text: string): string => text.toLowerCase().replace(/[’‘]/g, "'");
