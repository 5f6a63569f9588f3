import mammoth from 'mammoth';
import { accepted, refused, type Outcome } from '../contract/problem.ts';
import { hasWords, sourceLine, tidy, type SourceLine, type SourceMarks } from './source-line.ts';
import { paragraphsOfXml, wordLabels, wordsOfXml, type TakeLabel } from './word-numbering.ts';
import { wordParts, type WordParts } from './word-package.ts';

/** Lines of a Word document and what could not be read from it. */
export interface WordSource {
  readonly lines: SourceLine[];
  readonly warnings: string[];
}

/** Reads a Word document: paragraphs with their styles, numbering, tables and bookmarks; headers, footers and notes apart. */
export async function wordSource(bytes: Buffer): Promise<Outcome<WordSource>> {
  const parts = wordParts(bytes);
  if (!parts.ok) return parts;
  try {
    const tree = await documentTree(bytes);
    return accepted(linesOf(tree, parts.value));
  } catch {
    return refused(
      'import.damaged',
      'The Word document is damaged or cut off. Open it in Word, save it again and import that.',
    );
  }
}

async function documentTree(bytes: Buffer): Promise<unknown> {
  let tree: unknown = null;
  await mammoth.convertToHtml(
    { buffer: bytes },
    {
      externalFileAccess: false,
      transformDocument: (document: { children: unknown }) => {
        tree = document;
        return { ...document, children: [] };
      },
    },
  );
  return tree;
}

const property = (node: unknown, name: string): unknown =>
  typeof node === 'object' && node !== null ? Object.entries(node).find(([key]) => key === name)?.[1] : undefined;
const textProperty = (node: unknown, name: string): string => {
  const value = property(node, name);
  return typeof value === 'string' ? value : '';
};
const childrenOf = (node: unknown): readonly unknown[] => {
  const value = property(node, 'children');
  return Array.isArray(value) ? value : [];
};
const typeOf = (node: unknown) => textProperty(node, 'type');

function linesOf(tree: unknown, parts: WordParts): WordSource {
  const takeLabel = wordLabels(parts);
  const draft = new Draft(takeLabel);
  for (const text of partWords(parts, /^word\/header\d*\.xml$/u)) draft.aside(text, 'page header');
  for (const node of childrenOf(tree)) draft.block(node);
  const warnings: string[] = [];
  const missed = notRead(parts, draft.lines);
  for (const text of missed) draft.aside(text, 'part of the Word document that has no place in the text');
  if (missed.length > 0)
    warnings.push(
      `${missed.length} pieces of the Word document stand outside its text and were left out. Look for them under "left out".`,
    );
  const notes = [...partWords(parts, /^word\/(?:foot|end)notes\.xml$/u)];
  for (const text of notes) draft.aside(text, 'footnote');
  if (notes.length > 0) warnings.push('The footnotes were left out. Put what staff must read into the text itself.');
  for (const text of partWords(parts, /^word\/comments\.xml$/u)) draft.aside(text, "reviewer's comment");
  for (const text of partWords(parts, /^word\/footer\d*\.xml$/u)) draft.aside(text, 'page footer');
  return { lines: draft.lines, warnings };
}

function partWords(parts: WordParts, name: RegExp): string[] {
  return [...parts]
    .flatMap(([part, xml]) => (name.test(part) ? paragraphsOfXml(xml).map(wordsOfXml) : []))
    .filter(hasWords);
}

const essence = (text: string) => text.replace(/[^\p{L}\p{N}]+/gu, '');

/** Paragraphs that are in the file but that the reader did not hand over. */
function notRead(parts: WordParts, lines: readonly SourceLine[]): string[] {
  const whole = essence(lines.map((line) => line.text).join(''));
  return paragraphsOfXml(parts.get('word/document.xml') ?? '')
    .map(wordsOfXml)
    .filter((text) => hasWords(text) && !whole.includes(essence(text)));
}

/** Collects lines while the document is walked from top to bottom. */
class Draft {
  readonly lines: SourceLine[] = [];
  readonly #takeLabel: TakeLabel;
  #number = 0;
  #gap = true;

  constructor(takeLabel: TakeLabel) {
    this.#takeLabel = takeLabel;
  }

  /** Text that stands outside the document's own: headers, footers, notes. */
  aside(text: string, reason: string): void {
    this.#number += 1;
    this.lines.push(sourceLine(this.#number, [{ text }], true, { leftOut: reason }));
    this.#gap = true;
  }

  block(node: unknown): void {
    if (typeOf(node) === 'paragraph') this.#paragraph(node);
    else if (typeOf(node) === 'table') this.#table(node);
    else for (const child of childrenOf(node)) this.block(child);
  }

  #paragraph(node: unknown): void {
    this.#number += 1;
    const content = contentOf(node);
    const rows = content.text.split('\n');
    const label = hasWords(content.text) ? this.#takeLabel(tidy(content.text)) : null;
    let first = true;
    for (const row of rows) {
      if (row.trim() === '') {
        this.#gap = true;
        continue;
      }
      const marks = { ...styleMarks(node), ...content.marks };
      this.lines.push(
        sourceLine(this.#number, [{ text: row }], this.#gap, {
          ...marks,
          ...(first && label !== null ? { label } : {}),
        }),
      );
      first = false;
      this.#gap = false;
    }
    if (content.pageBreak) this.#gap = true;
    for (const inner of content.blocks) this.block(inner);
  }

  #table(node: unknown): void {
    for (const row of childrenOf(node)) {
      const cells = childrenOf(row).map((cell) => childrenOf(cell));
      const texts = cells.map((cell) =>
        cell.map((block) => contentOf(block).text.replace(/\n/gu, ' ').trim()).filter(Boolean),
      );
      const isRow =
        texts.filter((paragraphs) => paragraphs.length > 0).length > 1 &&
        cells.every((cell) => cell.every((block) => typeOf(block) === 'paragraph')) &&
        texts.every((paragraphs) => paragraphs.length <= 1);
      if (!isRow) {
        for (const cell of cells) for (const block of cell) this.block(block);
        continue;
      }
      this.#number += 1;
      for (const paragraphs of texts) for (const text of paragraphs) this.#takeLabel(text);
      const text = texts.map((paragraphs) => paragraphs.join(' ')).join('\t');
      this.lines.push(sourceLine(this.#number, [{ text }], this.#gap, { tableRow: true }));
      this.#gap = false;
    }
    this.#gap = true;
  }
}

interface Content {
  text: string;
  marks: SourceMarks;
  pageBreak: boolean;
  /** Text boxes inside the paragraph. */
  blocks: unknown[];
}

function contentOf(paragraph: unknown): Content {
  const found = {
    text: '',
    bookmarks: [] as string[],
    boldLetters: 0,
    letters: 0,
    pageBreak: false,
    blocks: [] as unknown[],
  };
  const walk = (node: unknown, bold: boolean): void => {
    const type = typeOf(node);
    if (type === 'paragraph' || type === 'table') found.blocks.push(node);
    else if (type === 'text') {
      const value = textProperty(node, 'value');
      found.text += value;
      found.letters += essence(value).length;
      if (bold) found.boldLetters += essence(value).length;
    } else if (type === 'tab') found.text += '\t';
    else if (type === 'break') {
      if (textProperty(node, 'breakType') === 'line') found.text += '\n';
      else found.pageBreak = true;
    } else if (type === 'bookmarkStart') found.bookmarks.push(textProperty(node, 'name'));
    else
      for (const child of childrenOf(node))
        walk(child, bold || property(node, 'isBold') === true || property(node, 'isAllCaps') === true);
  };
  for (const child of childrenOf(paragraph)) walk(child, false);
  const bold = found.letters > 0 && found.boldLetters === found.letters;
  return { text: found.text, marks: bold ? { bold } : {}, pageBreak: found.pageBreak, blocks: found.blocks };
}

function styleMarks(paragraph: unknown): SourceMarks {
  const style = textProperty(paragraph, 'styleName') || textProperty(paragraph, 'styleId');
  const heading = /^heading\s*(\d)/iu.exec(style);
  if (heading !== null) return { headingDepth: Number(heading[1]) };
  if (/^title$/iu.test(style)) return { isTitle: true };
  if (/^(?:toc\s*\d|toc heading|table of figures)/iu.test(style)) return { leftOut: 'contents list' };
  return {};
}
