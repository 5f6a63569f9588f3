import { accepted, type Outcome } from '../../contract/problem.ts';
import { hasWords, type SourceLine } from '../source-line.ts';
import { BodyLines } from './body-lines.ts';
import { acceptedChildren, isDeletedPart } from './changes.ts';
import { textsIn, type Reading } from './content.ts';
import { wordLabels } from './numbering.ts';
import { wordPackage, type WordPackage } from './package.ts';
import { stylesOf } from './styles.ts';
import { childAt, childrenNamed, everyElement, isElement, type XmlElement, type XmlNode } from './xml.ts';

/** Lines of a Word document and what could not be read from it. */
export interface WordSource {
  readonly lines: SourceLine[];
  readonly warnings: string[];
}

/** Reasons used here, as they appear under `leftOut`. */
const reasons = {
  header: 'page furniture: header',
  footer: 'page furniture: footer',
  comment: "reviewer's comment",
  note: 'note that the text does not refer to',
  diagram: 'words in a diagram (SmartArt)',
  elsewhere: 'part of the Word document that has no place in the text',
} as const;

/**
 * Reads a Word document as it stands with every tracked change accepted: paragraphs with their styles and the numbers
 * Word prints, tables, text boxes, footnotes under the paragraph that refers to them; headers and footers apart.
 */
export function wordSource(bytes: Buffer): Outcome<WordSource> {
  const read = wordPackage(bytes);
  return read.ok ? accepted(linesOf(read.value)) : read;
}

function linesOf(from: WordPackage): WordSource {
  const styles = stylesOf(from.styles);
  const seen = new Set<XmlElement>();
  const notes = notesOf(from);
  const marks = new Map<string, string>();
  const reading: Reading = {
    styles,
    seen: (text) => seen.add(text),
    noteMark: (key) => {
      const mark = marks.get(key) ?? `[${marks.size + 1}]`;
      marks.set(key, mark);
      return mark;
    },
  };
  const textsOf = (parts: readonly XmlElement[]) => parts.flatMap((part) => textsIn(part.children, reading));
  const body = childAt(from.document, 'w:body');
  const lines = new BodyLines({
    reading,
    takeLabel: wordLabels(from.numbering, styles),
    note: (key) => {
      const own = notes.get(key);
      notes.delete(key);
      return { mark: reading.noteMark(key), texts: own === undefined ? [] : textsOf([own]) };
    },
  });
  for (const text of textsOf(from.headers)) lines.aside(text, reasons.header);
  lines.blocks(body?.children ?? []);
  const missed = notSeen(body?.children ?? [], seen);
  for (const text of missed) lines.aside(text, reasons.elsewhere);
  for (const text of textsOf([...notes.values()])) lines.aside(text, reasons.note);
  for (const text of textsOf(childrenNamed(from.comments, 'w:comment'))) lines.aside(text, reasons.comment);
  const inDiagrams = from.diagrams.flatMap(diagramTexts);
  for (const text of inDiagrams) lines.aside(text, reasons.diagram);
  for (const text of textsOf(from.footers)) lines.aside(text, reasons.footer);
  return { lines: lines.lines, warnings: warningsFor(from, missed.length, inDiagrams.length) };
}

function warningsFor(from: WordPackage, missed: number, inDiagrams: number): string[] {
  const warnings: string[] = [];
  if (missed > 0)
    warnings.push(
      `${missed} pieces of the Word document stand outside its text and were left out. Look for them under "left out".`,
    );
  if (inDiagrams > 0)
    warnings.push('The words in diagrams were left out. Put what staff must read into the text itself.');
  if (from.pictures > 0)
    warnings.push(
      `The document has ${from.pictures === 1 ? 'a picture' : `${from.pictures} pictures`}, which no import reads. If one shows words that staff must read, put them into the text.`,
    );
  if (from.embedded > 0)
    warnings.push(
      `${from.embedded === 1 ? 'A file is' : `${from.embedded} files are`} embedded in the document and not read. Copy what staff must read into the text.`,
    );
  return warnings;
}

function notesOf(from: WordPackage): Map<string, XmlElement> {
  const notes = new Map<string, XmlElement>();
  for (const [kind, part] of [
    ['footnote', from.footnotes],
    ['endnote', from.endnotes],
  ] as const) {
    for (const note of childrenNamed(part, `w:${kind}`)) {
      const type = note.attributes['w:type'] ?? 'normal';
      if (type === 'normal') notes.set(`${kind}/${note.attributes['w:id'] ?? ''}`, note);
    }
  }
  return notes;
}

function diagramTexts(part: XmlElement): string[] {
  return [...everyElement(part)]
    .filter(({ name }) => name === 'a:p')
    .map((paragraph) =>
      [...everyElement(paragraph)]
        .filter(({ name }) => name === 'a:t')
        .map((text) => text.children.join(''))
        .join(''),
    )
    .filter(hasWords);
}

/** Texts that no part of the reader came by and no tracked change deleted. */
function notSeen(nodes: readonly XmlNode[], seen: ReadonlySet<XmlElement>): string[] {
  return [...acceptedChildren(nodes)].filter(isElement).flatMap((element) => {
    if (isDeletedPart(element)) return [];
    if (element.name !== 'w:t') return notSeen(element.children, seen);
    const text = element.children.filter((child) => !isElement(child)).join('');
    return seen.has(element) || !hasWords(text) ? [] : [text];
  });
}
