import type { Nodes } from 'mdast';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { sourceLine, type Segment, type SourceLine, type SourceMarks } from './source-line.ts';
import { boldLine, textSource } from './text-source.ts';

const inlineMarks =
  /!?\[([^\]\n]*)\](\([^()\s]*(?:\([^()\s]*\))?[^()]*\)|\[[^\]\n]*\])|&(?:#\d+|#x[\da-f]+|[a-z]+\d*);|\\(?=[!-/:-@[-`{-~])|(?<![*\w])\*(?![*\s])|(?<![*\s])\*(?![*\w])/giu;
const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&nbsp;': ' ',
  '&rsquo;': '’',
  '&lsquo;': '‘',
  '&rdquo;': '”',
  '&ldquo;': '“',
  '&ndash;': '–',
  '&mdash;': '—',
  '&hellip;': '…',
  '&bull;': '•',
  '&#39;': "'",
  '&#160;': ' ',
};

/** What Markdown (CommonMark) says each source line is. */
interface LineKind {
  readonly marks: SourceMarks;
  /** The rest of the paragraph above it. */
  readonly goesOn?: boolean;
  /** No inline mark-up in it: code, HTML. */
  readonly literal?: boolean;
}

/** Reads Markdown into lines: headings by their depth, lists with their bullets, mark-up set apart. */
export function markdownSource(text: string): SourceLine[] {
  const front = /^---\r?\n[\s\S]*?\r?\n(?:---|\.\.\.)[ \t]*(?=\r?\n|$)/u.exec(text)?.[0] ?? '';
  const frontLines = front === '' ? 0 : front.split(/\r\n|\r|\n/u).length;
  const kinds = lineKinds(text.slice(front.length), Math.max(0, frontLines - 1));
  return textSource(text).map((line) => {
    if (line.line <= frontLines) return { ...line, marks: { leftOut: 'document control (front matter)' } };
    const kind = kinds.get(line.line);
    return kind === undefined ? line : withMarks(line, kind);
  });
}

function lineKinds(text: string, linesBefore: number): Map<number, LineKind> {
  const kinds = new Map<number, LineKind>();
  const visit = (node: Nodes): void => {
    const from = (node.position?.start.line ?? 0) + linesBefore;
    const to = (node.position?.end.line ?? 0) + linesBefore;
    const each = (kind: (line: number) => LineKind) => {
      for (let line = from; line <= to; line += 1) kinds.set(line, kind(line));
    };
    if (node.type === 'heading')
      each((line) =>
        line === from ? { marks: { headingDepth: node.depth } } : { marks: { leftOut: 'mark-up' }, literal: true },
      );
    else if (node.type === 'paragraph') each((line) => ({ marks: {}, goesOn: line > from }));
    else if (node.type === 'code' || node.type === 'html') each(() => ({ marks: {}, literal: true }));
    else if (node.type === 'definition') each(() => ({ marks: { leftOut: 'mark-up: link address' }, literal: true }));
    else if (node.type === 'thematicBreak') each(() => ({ marks: { leftOut: 'mark-up' }, literal: true }));
    else if ('children' in node) for (const child of node.children) visit(child);
  };
  try {
    visit(unified().use(remarkParse).parse(text));
  } catch {
    kinds.clear();
  }
  return kinds;
}

function withMarks(line: SourceLine, kind: LineKind): SourceLine {
  const isComment = kind.literal === true && /^\s*<!--.*-->\s*$/u.test(line.raw);
  if (isComment) return { ...line, marks: { leftOut: 'mark-up: comment' } };
  const base = kind.literal === true ? line.segments : line.segments.flatMap(inlineSegments);
  const row = /^\s*\|.*\|\s*$/u.test(line.raw);
  const segments = row ? base.map(cellsByTab) : base;
  const marks: SourceMarks = {
    ...line.marks,
    ...kind.marks,
    ...(row ? { tableRow: true } : {}),
    ...(kind.goesOn === true && !row ? { goesOn: true } : {}),
  };
  return boldLine(sourceLine(line.line, segments, line.gapBefore, marks));
}

const cellsByTab = (segment: Segment): Segment =>
  segment.leftOut === undefined
    ? { text: segment.text.replace(/^\s*\||\|\s*$/gu, '').replace(/\s*\|\s*/gu, '\t') }
    : segment;

/** Sets link addresses, escapes and emphasis apart; `**strong**` stays, because a policy's text may carry it. */
function inlineSegments(segment: Segment): Segment[] {
  if (segment.leftOut !== undefined) return [segment];
  const parts: Segment[] = [];
  let position = 0;
  const keep = (text: string) => {
    if (text !== '') parts.push({ text });
  };
  for (const match of segment.text.matchAll(inlineMarks)) {
    const whole = match[0];
    const entity = entities[whole.toLowerCase()];
    if (whole.startsWith('&') && entity === undefined) continue;
    keep(segment.text.slice(position, match.index));
    position = match.index + whole.length;
    if (entity !== undefined) {
      parts.push({ text: whole, leftOut: 'mark-up' });
      keep(entity);
    } else if (match[2] !== undefined) {
      keep(match[1] ?? '');
      parts.push({ text: match[2], leftOut: 'mark-up: link address' });
    }
  }
  keep(segment.text.slice(position));
  const quote = parts[0];
  if (quote !== undefined && quote.leftOut === undefined) parts[0] = { text: quote.text.replace(/^\s*(?:>\s?)+/u, '') };
  return parts;
}
