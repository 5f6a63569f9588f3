import { hasWords, type Segment } from '../source-line.ts';
import { acceptedChildren, everyParagraph, showsPlaceholder, type Block } from './changes.ts';
import { boldOf, type Styles } from './styles.ts';
import { childAt, isElement, switchOf, valueOf, type XmlElement, type XmlNode } from './xml.ts';

/** What a paragraph holds, read run by run. */
export interface Content {
  /** Its text, a new row at each line break. */
  readonly rows: readonly (readonly Segment[])[];
  /** Every letter is bold. */
  readonly bold: boolean;
  readonly pageBreak: boolean;
  /** Ids of the notes it refers to, as `footnote/2`. */
  readonly notes: readonly string[];
  /** Contents of the text boxes anchored in it. */
  readonly boxes: readonly (readonly XmlNode[])[];
}

/** What reading a paragraph needs to know of the document. */
export interface Reading {
  readonly styles: Styles;
  /** Printed mark of a note, such as `[1]`. */
  readonly noteMark: (key: string) => string;
  /** Told of each text element that was read. */
  readonly seen: (text: XmlElement) => void;
}

/** Reasons used here, as they appear under `leftOut`. */
const placeholder = 'placeholder of a form field';
const hidden = 'hidden text of the Word document';
const blankToFill = '____';
const letters = /[\p{L}\p{N}]/gu;

export function contentOf(block: Block, reading: Reading): Content {
  const reader = new ContentReader(reading, valueOf(childAt(block.element, 'w:pPr'), 'w:pStyle'));
  reader.read(block.content, block.within.placeholder ? placeholder : undefined);
  return reader.content();
}

class ContentReader {
  readonly #reading: Reading;
  readonly #paragraphStyle: string | undefined;
  readonly #rows: Segment[][] = [[]];
  readonly #notes: string[] = [];
  readonly #boxes: (readonly XmlNode[])[] = [];
  #letters = 0;
  #boldLetters = 0;
  #pageBreak = false;
  /** Whether words were added since a form field of the old kind began; null outside one. */
  #formFieldFilled: boolean | null = null;

  constructor(reading: Reading, paragraphStyle: string | undefined) {
    this.#reading = reading;
    this.#paragraphStyle = paragraphStyle;
  }

  content(): Content {
    return {
      rows: this.#rows,
      bold: this.#letters > 0 && this.#boldLetters === this.#letters,
      pageBreak: this.#pageBreak,
      notes: this.#notes,
      boxes: this.#boxes,
    };
  }

  read(nodes: readonly XmlNode[], leftOut: string | undefined): void {
    for (const node of acceptedChildren(nodes)) {
      if (!isElement(node)) continue;
      if (node.name === 'w:r') this.#run(node, leftOut);
      else if (node.name === 'w:sdt') {
        const empty = showsPlaceholder(node);
        this.read(node.children, empty ? placeholder : leftOut);
        if (empty) this.#add(blankToFill, undefined, false);
      } else if (node.name === 'm:t') this.#text(node, leftOut, false);
      else if (!node.name.endsWith('Pr')) this.read(node.children, leftOut);
    }
  }

  #run(run: XmlElement, leftOut: string | undefined): void {
    const properties = childAt(run, 'w:rPr');
    const own = valueOf(properties, 'w:rStyle');
    const style = own === undefined ? undefined : this.#reading.styles(own);
    const paragraph = this.#reading.styles(this.#paragraphStyle);
    const bold = boldOf(properties) ?? style?.bold ?? paragraph.bold ?? false;
    const isHidden = switchOf(properties, 'w:vanish') ?? style?.hidden ?? paragraph.hidden ?? false;
    const reason = leftOut ?? (isHidden ? hidden : undefined);
    for (const node of acceptedChildren(run.children)) if (isElement(node)) this.#piece(node, reason, bold);
  }

  #piece(node: XmlElement, leftOut: string | undefined, bold: boolean): void {
    if (node.name === 'w:t' || node.name === 'm:t') this.#text(node, leftOut, bold);
    else if (node.name === 'w:tab' || node.name === 'w:ptab') this.#add('\t', leftOut, bold);
    else if (node.name === 'w:noBreakHyphen') this.#add('-', leftOut, bold);
    else if (node.name === 'w:sym') this.#add(symbolOf(node), leftOut, bold);
    else if (node.name === 'w:br' || node.name === 'w:cr') this.#break(node.attributes['w:type'] ?? 'textWrapping');
    else if (node.name === 'w:footnoteReference' || node.name === 'w:endnoteReference') this.#note(node);
    else if (node.name === 'w:fldChar') this.#fieldMark(node);
    else if (node.name === 'w:drawing' || node.name === 'w:pict' || node.name === 'w:object') this.#drawing(node);
    else if (node.name === 'w:ruby') this.read(node.children, leftOut);
  }

  #text(element: XmlElement, leftOut: string | undefined, bold: boolean): void {
    this.#reading.seen(element);
    this.#add(element.children.filter((child) => !isElement(child)).join(''), leftOut, bold);
  }

  #add(text: string, leftOut: string | undefined, bold: boolean): void {
    if (text === '') return;
    const row = this.#rows.at(-1) ?? [];
    const last = row.at(-1);
    if (last !== undefined && last.leftOut === leftOut) row[row.length - 1] = { ...last, text: last.text + text };
    else row.push(leftOut === undefined ? { text } : { text, leftOut });
    if (this.#formFieldFilled === false && hasWords(text)) this.#formFieldFilled = true;
    if (leftOut !== undefined) return;
    const count = text.match(letters)?.length ?? 0;
    this.#letters += count;
    if (bold) this.#boldLetters += count;
  }

  #break(type: string): void {
    if (type === 'textWrapping') this.#rows.push([]);
    else {
      this.#pageBreak = true;
      this.#rows.push([]);
    }
  }

  #note(reference: XmlElement): void {
    const kind = reference.name === 'w:footnoteReference' ? 'footnote' : 'endnote';
    const key = `${kind}/${reference.attributes['w:id'] ?? ''}`;
    this.#notes.push(key);
    this.#add(this.#reading.noteMark(key), undefined, false);
  }

  /** An empty form field of the old kind is room to write. */
  #fieldMark(mark: XmlElement): void {
    const type = mark.attributes['w:fldCharType'];
    if (type === 'begin' && childAt(mark, 'w:ffData', 'w:textInput') !== undefined) this.#formFieldFilled = false;
    if (type !== 'end' || this.#formFieldFilled === null) return;
    if (!this.#formFieldFilled) this.#add(blankToFill, undefined, false);
    this.#formFieldFilled = null;
  }

  #drawing(drawing: XmlElement): void {
    for (const element of acceptedChildren(drawing.children)) {
      if (!isElement(element)) continue;
      if (element.name === 'w:txbxContent') this.#boxes.push(element.children);
      else this.#drawing(element);
    }
  }
}

/** A character of a symbol font. The tick and the boxes of Wingdings are what policies use; others are bullets. */
function symbolOf(node: XmlElement): string {
  const code = Number.parseInt(node.attributes['w:char'] ?? '', 16);
  const symbols: Readonly<Record<number, string>> = { 0xf0fc: '✓', 0xf0fe: '☑', 0xf0a8: '☐', 0xf06f: '☐', 0xf0e0: '→' };
  const symbol = symbols[code];
  if (symbol !== undefined) return symbol;
  if (!(code > 0x1f && code < 0xfffe) || (code >= 0xd800 && code < 0xe000)) return '';
  return code >= 0xe000 && code < 0xf900 ? '•' : String.fromCodePoint(code);
}

/** All text of a header, footer, comment or note, paragraph by paragraph. */
export function textsIn(nodes: readonly XmlNode[], reading: Reading): string[] {
  return [...everyParagraph(nodes)].flatMap((paragraph) => {
    const { rows, boxes } = contentOf(paragraph, reading);
    const own = rows.map((row) => row.map(({ text }) => text).join('')).filter(hasWords);
    return [...own, ...boxes.flatMap((box) => textsIn(box, reading))];
  });
}
