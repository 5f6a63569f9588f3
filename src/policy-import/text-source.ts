import { sourceLine, type Segment, type SourceLine, type SourceMarks } from './source-line.ts';

const bookmark = /\[bookmark:([^\]\r\n]*)\]/giu;
const hashes = /^(\s*)(#{1,6})(?=\s+\S)/u;

/** C0 and C1 control characters, other than those that mean white space, do not belong in a text file. */

export const strayControls = /[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f]/gu;

/** Reads plain text into lines: bookmarks set apart, empty lines and page breaks kept as gaps. */
export function textSource(text: string): SourceLine[] {
  const lines: SourceLine[] = [];
  let gap = true;
  text.split(/\r\n|[\n\r\u0085\u2028\u2029]/u).forEach((whole, index) => {
    for (const [part, content] of whole.split(/[\v\f]/u).entries()) {
      if (part > 0) gap = true;
      const cleaned = content.replace(strayControls, ' ');
      if (cleaned.trim() === '') {
        gap = true;
        continue;
      }
      lines.push(readLine(index + 1, cleaned, gap));
      gap = false;
    }
  });
  return lines;
}

function readLine(number: number, content: string, gapBefore: boolean): SourceLine {
  const { segments, names } = withoutBookmarks(content);
  let marks: SourceMarks = names.length === 0 ? {} : { bookmarks: names };
  const first = segments.findIndex((segment) => segment.leftOut === undefined);
  const text = segments[first]?.text ?? '';
  const mark = hashes.exec(text);
  if (mark !== null && first >= 0) {
    segments.splice(
      first,
      1,
      { text: mark[0], leftOut: 'mark-up' },
      { text: text.slice(mark[0].length).replace(/\s#+\s*$/u, '') },
    );
    marks = { ...marks, headingDepth: mark[2]?.length ?? 1 };
  }
  return boldLine(sourceLine(number, segments, gapBefore, marks));
}

function withoutBookmarks(content: string): { segments: Segment[]; names: string[] } {
  const segments: Segment[] = [];
  const names: string[] = [];
  let position = 0;
  for (const match of content.matchAll(bookmark)) {
    if (match.index > position) segments.push({ text: content.slice(position, match.index) });
    segments.push({ text: match[0], leftOut: 'bookmark' });
    names.push((match[1] ?? '').trim());
    position = match.index + match[0].length;
  }
  if (position < content.length) segments.push({ text: content.slice(position) });
  return { segments, names };
}

/** A line that is nothing but `**bold**` is marked as bold and loses its asterisks, which hold no words. */
export function boldLine(line: SourceLine): SourceLine {
  const bold = /^\s*(\*\*|__)(?=\S)(.*\S)\1\s*:?\s*$/u.exec(line.raw);
  const inner = bold?.[2];
  if (inner === undefined || inner.includes('**') || inner.includes('__')) return line;
  const segments = line.segments.map((segment) =>
    segment.leftOut === undefined ? { text: segment.text.replace(/\*\*|__/gu, '') } : segment,
  );
  return sourceLine(line.line, segments, line.gapBefore, { ...line.marks, bold: true });
}
