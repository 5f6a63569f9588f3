import { accepted, refused, type Outcome } from '../../contract/problem.ts';
import { childrenNamed, parseXml, type XmlElement, type XmlFault } from './xml.ts';
import { inflate, zipEntries, type ZipEntry } from './zip-archive.ts';

/** A Word document unpacked: its XML parts, checked to be of sane size and free of traps. Pictures are never unpacked. */
export interface WordPackage {
  readonly document: XmlElement;
  readonly styles: XmlElement | undefined;
  readonly numbering: XmlElement | undefined;
  readonly footnotes: XmlElement | undefined;
  readonly endnotes: XmlElement | undefined;
  readonly comments: XmlElement | undefined;
  readonly headers: readonly XmlElement[];
  readonly footers: readonly XmlElement[];
  /** Texts of SmartArt, which Word keeps outside the document. */
  readonly diagrams: readonly XmlElement[];
  readonly pictures: number;
  /** Whole files put into the document (`altChunk`, OLE objects), which are not read. */
  readonly embedded: number;
}

/** All XML of a document together, unpacked. The largest school policies stay under 2 MB. */
export const mostUnpackedBytes = 64 * 1024 * 1024;

const documentPart = /^word\/document\d*\.xml$/u;
const readParts = new RegExp(
  `${documentPart.source}|^word/(?:styles|numbering|footnotes|endnotes|comments|header\\d*|footer\\d*)\\.xml$|^word/diagrams/data\\d*\\.xml$|^_rels/\\.rels$`,
  'u',
);
const oleSignature = Buffer.from('d0cf11e0a1b11ae1', 'hex');

const faults: Readonly<Record<XmlFault, string>> = {
  documentType: 'holds a document type declaration, which Word never writes and which can be a trap',
  notWellFormed: 'is not well-formed XML',
  tooDeep: 'is nested deeper than any text',
  tooMany: 'holds more elements than any policy',
};

/** Checks that the bytes are a Word document (ECMA-376) that is safe to read, and reads its XML. */
export function wordPackage(bytes: Buffer): Outcome<WordPackage> {
  if (bytes.subarray(0, 8).equals(oleSignature))
    return refused(
      'import.encrypted',
      'The Word document has a password, or is in the old .doc format. Open it in Word, take the password off, save it as .docx and import that.',
    );
  if (bytes.length < 4 || bytes.readUInt32LE(0) !== 0x04034b50)
    return refused(
      'import.notWord',
      'The file ends in .docx but is no Word document. Open it in Word, save it as .docx and import that.',
    );
  const entries = zipEntries(bytes);
  if (!entries.ok) return entries;
  if (!entries.value.some((entry) => documentPart.test(entry.name)))
    return refused(
      'import.notWord',
      'The file is a zip archive without a Word document in it. Open the policy in Word, save it as .docx and import that.',
    );
  if (entries.value.some((entry) => entry.encrypted))
    return refused(
      'import.encrypted',
      'The Word document has a password. Take it off, save the document and import that.',
    );
  const parts = unpacked(bytes, entries.value);
  return parts.ok ? packageOf(parts.value, entries.value) : parts;
}

function unpacked(bytes: Buffer, entries: readonly ZipEntry[]): Outcome<Map<string, XmlElement>> {
  const parts = new Map<string, XmlElement>();
  let room = mostUnpackedBytes;
  for (const entry of entries) {
    if (!readParts.test(entry.name)) continue;
    const content = entry.declaredBytes > room ? 'tooLarge' : inflate(bytes, entry, room);
    if (content === 'tooLarge')
      return refused(
        'import.tooLargeInside',
        `The Word document unpacks to more than ${mostUnpackedBytes / 1024 / 1024} MB (in its part ${entry.name}), which no policy does. It was not read. Save it again from Word.`,
      );
    if (content === null) return damaged();
    room -= content.length;
    const text = textOf(content);
    const parsed = text === null ? null : parseXml(text);
    if (parsed?.ok === true) parts.set(entry.name, parsed.root);
    else
      return refused(
        'import.damaged',
        `The Word document's part ${entry.name} ${faults[parsed?.fault ?? 'notWellFormed']}. It was not read. Open the document in Word, save it again and import that.`,
      );
  }
  return accepted(parts);
}

export function damaged() {
  return refused(
    'import.damaged',
    'The Word document is damaged or cut off. Open it in Word, save it again and import that.',
  );
}

/** XML is UTF-8 or, with its byte order mark, UTF-16. */
function textOf(content: Buffer): string | null {
  const mark = content.length < 2 ? 0 : content.readUInt16BE(0);
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(content);
  } catch {
    return null;
  }
}

function packageOf(parts: ReadonlyMap<string, XmlElement>, entries: readonly ZipEntry[]): Outcome<WordPackage> {
  const document = parts.get(mainPart(parts)) ?? parts.get('word/document.xml');
  if (document === undefined) return damaged();
  const all = (name: RegExp) => [...parts].filter(([part]) => name.test(part)).map(([, root]) => root);
  const count = (name: RegExp) => entries.filter((entry) => name.test(entry.name)).length;
  return accepted({
    document,
    styles: parts.get('word/styles.xml'),
    numbering: parts.get('word/numbering.xml'),
    footnotes: parts.get('word/footnotes.xml'),
    endnotes: parts.get('word/endnotes.xml'),
    comments: parts.get('word/comments.xml'),
    headers: all(/^word\/header\d*\.xml$/u),
    footers: all(/^word\/footer\d*\.xml$/u),
    diagrams: all(/^word\/diagrams\/data\d*\.xml$/u),
    pictures: count(/^word\/media\/.+\.(?:png|jpe?g|gif|tiff?|bmp|svg|webp)$/iu),
    embedded: count(/^word\/(?:embeddings\/.+|afchunk[^/]*)$/iu),
  });
}

/** The main part as the package names it: `word/document2.xml` where Word on the web saved it. */
function mainPart(parts: ReadonlyMap<string, XmlElement>): string {
  const target = childrenNamed(parts.get('_rels/.rels'), 'rel:Relationship').find((each) =>
    (each.attributes['Type'] ?? '').endsWith('/officeDocument'),
  )?.attributes['Target'];
  return (target ?? '').replace(/^\//u, '');
}
