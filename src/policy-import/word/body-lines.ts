import { hasWords, sourceLine, type Segment, type SourceLine, type SourceMarks } from '../source-line.ts';
import { blocksOf, keptRows, type Block } from './changes.ts';
import { contentOf, type Content, type Reading } from './content.ts';
import type { TakeLabel } from './numbering.ts';
import { listPlaceOf, outlineDepth } from './styles.ts';
import { tableShape } from './table-shape.ts';
import { childAt, valueOf, type XmlNode } from './xml.ts';

/** What the lines of a body need to know of the document. */
export interface BodyContext {
  readonly reading: Reading;
  readonly takeLabel: TakeLabel;
  /** A note by its key, with its printed mark; no texts where it was given before or is none. */
  readonly note: (key: string) => { mark: string; texts: readonly string[] };
}

/** Collects source lines while a document is walked from top to bottom. `line` counts its paragraphs and table rows. */
export class BodyLines {
  readonly lines: SourceLine[] = [];
  readonly #context: BodyContext;
  #number = 0;
  #gap = true;

  constructor(context: BodyContext) {
    this.#context = context;
  }

  /** Text that stands outside the document's own: headers, footers, comments. */
  aside(text: string, reason: string): void {
    this.#number += 1;
    this.lines.push(sourceLine(this.#number, [{ text }], true, { leftOut: reason }));
    this.#gap = true;
  }

  blocks(nodes: readonly XmlNode[]): void {
    for (const block of blocksOf(nodes)) {
      if (block.kind === 'paragraph') this.#paragraph(block, {});
      else this.#table(block);
    }
  }

  #paragraph(block: Block, given: SourceMarks): void {
    this.#number += 1;
    const content = contentOf(block, this.#context.reading);
    const label = this.#label(block);
    const marks = { ...this.#styleMarks(block), ...(content.bold ? { bold: true } : {}), ...given };
    let first = true;
    for (const row of content.rows) {
      if (row.every(({ text }) => text.trim() === '')) {
        this.#gap = true;
        continue;
      }
      const own = first && label !== null ? { ...marks, label } : marks;
      this.lines.push(sourceLine(this.#number, row, this.#gap, own));
      first = false;
      this.#gap = false;
    }
    this.#after(content);
  }

  /** The number or bullet Word prints before the paragraph. An empty paragraph of a list counts as well. */
  #label(block: Block): string | null {
    const properties = childAt(block.element, 'w:pPr');
    const style = this.#context.reading.styles(valueOf(properties, 'w:pStyle'));
    return this.#context.takeLabel(listPlaceOf(properties, style.list));
  }

  #styleMarks(block: Block): SourceMarks {
    if (block.within.contentsList) return { leftOut: 'contents list' };
    const properties = childAt(block.element, 'w:pPr');
    const style = this.#context.reading.styles(valueOf(properties, 'w:pStyle'));
    if (/^(?:toc\s*\d|toc heading|table of figures)/iu.test(style.name)) return { leftOut: 'contents list' };
    if (/^title$/iu.test(style.name)) return { isTitle: true };
    const depth = outlineDepth(properties) ?? style.headingDepth;
    return depth === undefined ? {} : { headingDepth: depth };
  }

  /** Text boxes and notes come after the paragraph or row that they are anchored in. */
  #after(content: Pick<Content, 'boxes' | 'notes'>): void {
    for (const box of content.boxes) this.blocks(box);
    for (const key of content.notes) {
      const { mark, texts } = this.#context.note(key);
      texts.forEach((text, index) => {
        this.#number += 1;
        this.lines.push(
          sourceLine(this.#number, [{ text }], true, index === 0 ? { label: mark, note: true } : { note: true }),
        );
        this.#gap = true;
      });
    }
  }

  #table(table: Block): void {
    const rows = [...keptRows(table.element, 'w:tr')].map((row) =>
      [...keptRows(row, 'w:tc')].map((cell) => blocksOf(cell.children)),
    );
    const shape = tableShape(rows);
    rows.forEach((cells, index) => {
      const kind = shape[index];
      if (kind === 'cells') this.#row(cells);
      else
        cells.forEach((blocks, place) => {
          const heads = kind === 'heading' && place === 0;
          for (const block of blocks) {
            if (block.kind === 'table') this.#table(block);
            else this.#paragraph(block, heads ? { rowHeading: true } : {});
          }
        });
    });
    this.#gap = true;
  }

  /** A row whose cells hold one paragraph each is one line, its cells separated by tabs. */
  #row(cells: readonly (readonly Block[])[]): void {
    this.#number += 1;
    const segments: Segment[] = [];
    const contents: Content[] = [];
    let firstLabel: string | null = null;
    for (const [place, blocks] of cells.entries()) {
      let text: Segment[] = [];
      for (const block of blocks) {
        const content = contentOf(block, this.#context.reading);
        contents.push(content);
        const label = this.#label(block);
        const own = content.rows.flatMap((row, index) => (index === 0 ? row : [{ text: ' ' }, ...row]));
        if (own.some((segment) => hasWords(segment.text) || segment.text.includes('_')))
          text = label === null || place === 0 ? own : [{ text: `${label} ` }, ...own];
        if (place === 0) firstLabel ??= label;
      }
      if (segments.length > 0) segments.push({ text: '\t' });
      segments.push(...text.map((segment) => ({ ...segment, text: segment.text.replace(/\s+/gu, ' ') })));
    }
    if (segments.some(({ text }) => text.trim() !== ''))
      this.lines.push(
        sourceLine(this.#number, merged(segments), this.#gap, {
          tableRow: true,
          ...(firstLabel === null ? {} : { label: firstLabel }),
        }),
      );
    this.#gap = false;
    for (const content of contents) this.#after(content);
  }
}

/** Neighbours that are both document text are one. */
function merged(segments: readonly Segment[]): Segment[] {
  const whole: Segment[] = [];
  for (const segment of segments) {
    const last = whole.at(-1);
    if (last !== undefined && last.leftOut === segment.leftOut)
      whole[whole.length - 1] = { ...last, text: last.text + segment.text };
    else whole.push(segment);
  }
  return whole;
}
