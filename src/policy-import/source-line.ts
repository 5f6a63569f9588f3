/** What kinds of file can be read. */
export type SourceKind = 'txt' | 'md' | 'docx' | 'pdf';

/** A stretch of one source line: document text, or (with `leftOut`) something that is not, and why. */
export interface Segment {
  readonly text: string;
  readonly leftOut?: string;
}

/** What the file itself says about a line, beyond its words. */
export interface SourceMarks {
  /** Heading depth from 1, where the file marks headings (`## `, a Word heading style). */
  readonly headingDepth?: number;
  /** The file marks it as the document's title (a Word "Title" style). */
  readonly isTitle?: boolean;
  /** The whole line is bold. */
  readonly bold?: boolean;
  /** Number or bullet that the file generates rather than spells out (Word numbering, Markdown lists). */
  readonly label?: string;
  /** Cell of a table, or a row with its cells separated by tabs. */
  readonly tableRow?: boolean;
  /** A short name in a table's first column, over the text beside it. */
  readonly rowHeading?: boolean;
  /** A footnote or endnote. */
  readonly note?: boolean;
  /** Names of the bookmarks on the line. */
  readonly bookmarks?: readonly string[];
  /** The file's own rules make it the rest of the paragraph above (Markdown). */
  readonly goesOn?: boolean;
  /** The page it is on, from 1, where the file has pages. */
  readonly page?: number;
  /** Not document text, and why. */
  readonly leftOut?: string;
  /** What `leftOut` says is a guess; the school is asked. */
  readonly unsure?: boolean;
}

/** One line (or Word paragraph) of the source, before anything is decided about it. */
export interface SourceLine {
  /** 1, 2, 3 … in the file. */
  readonly line: number;
  readonly segments: readonly Segment[];
  /** Kept words with the white space as typed: tabs separate cells. */
  readonly raw: string;
  /** Kept words, white space normalised. */
  readonly text: string;
  /** An empty line, or a page break, comes before it. */
  readonly gapBefore: boolean;
  readonly marks: SourceMarks;
}

/** Runs of white space become one space; nothing else changes. */
export function tidy(text: string): string {
  return text.replace(/\s+/gu, ' ').trim();
}

export function sourceLine(
  line: number,
  segments: readonly Segment[],
  gapBefore: boolean,
  marks: SourceMarks = {},
): SourceLine {
  const raw = segments
    .filter((segment) => segment.leftOut === undefined)
    .map((segment) => segment.text)
    .join('');
  return { line, segments, raw, text: tidy(raw), gapBefore, marks };
}

/** The same line with all of it left out for one reason; `unsure` where that is a guess. */
export function leaveOut(line: SourceLine, reason: string, unsure = false): SourceLine {
  return { ...line, marks: { ...line.marks, leftOut: reason, ...(unsure ? { unsure } : {}) } };
}

/** The same line as document text. */
export function takeIn(line: SourceLine): SourceLine {
  const { leftOut: _reason, unsure: _unsure, ...marks } = line.marks;
  return { ...line, marks };
}

/** Cuts a line before each offset into its kept text (`raw`), which must be ascending. */
export function cutLine(line: SourceLine, offsets: readonly number[]): SourceLine[] {
  const parts: Segment[][] = [[]];
  const cuts = offsets.filter((offset) => offset > 0 && offset < line.raw.length);
  let position = 0;
  let next = 0;
  for (const segment of line.segments) {
    if (segment.leftOut !== undefined) {
      parts.at(-1)?.push(segment);
      continue;
    }
    let rest = segment.text;
    for (let cut = cuts[next]; cut !== undefined && cut < position + rest.length; cut = cuts[next]) {
      const before = rest.slice(0, cut - position);
      if (before !== '') parts.at(-1)?.push({ text: before });
      parts.push([]);
      rest = rest.slice(cut - position);
      position = cut;
      next += 1;
    }
    parts.at(-1)?.push({ text: rest });
    position += rest.length;
  }
  return parts.map((segments, index) =>
    sourceLine(line.line, segments, index === 0 && line.gapBefore, index === 0 ? line.marks : {}),
  );
}

/** True when there is a letter or a digit in it. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** Cells with something in them, separated by tabs or by bars. */
export function cells(line: SourceLine): string[] {
  return line.raw
    .split(/\t| \| /u)
    .map(tidy)
    .filter(hasWords);
}
