import { accepted, refused, type Outcome } from '../contract/problem.ts';
import { inflate, zipEntries } from './zip-archive.ts';

/** The XML parts of a Word document, checked to be of sane size. Pictures are never unpacked. */
export type WordParts = ReadonlyMap<string, string>;

/** All XML of a document together, unpacked. The largest school policies stay under 2 MB. */
export const mostUnpackedBytes = 64 * 1024 * 1024;

const xmlPart =
  /^(?:word\/[^/]+\.xml|\[Content_Types\]\.xml|(?:word\/)?_rels\/[^/]+\.rels|docProps\/[^/]+\.xml|mammoth\/.*)$/u;
const oleSignature = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** Checks that the bytes are a Word document (ECMA-376) that is safe to read, and unpacks its XML. */
export function wordParts(bytes: Buffer): Outcome<WordParts> {
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
  if (!entries.value.some((entry) => entry.name === 'word/document.xml'))
    return refused(
      'import.notWord',
      'The file is a zip archive without a Word document in it. Open the policy in Word, save it as .docx and import that.',
    );
  if (entries.value.some((entry) => entry.encrypted))
    return refused(
      'import.encrypted',
      'The Word document has a password. Take it off, save the document and import that.',
    );
  const parts = new Map<string, string>();
  let room = mostUnpackedBytes;
  for (const entry of entries.value) {
    if (!xmlPart.test(entry.name)) continue;
    const content = entry.declaredBytes > room ? 'tooLarge' : inflate(bytes, entry, room);
    if (content === 'tooLarge')
      return refused(
        'import.tooLargeInside',
        `The Word document unpacks to more than ${mostUnpackedBytes / 1024 / 1024} MB, which no policy does. It was not read. Save it again from Word.`,
      );
    if (content === null)
      return refused(
        'import.damaged',
        'The Word document is damaged or cut off. Open it in Word, save it again and import that.',
      );
    room -= content.length;
    const text = content.toString('utf8');
    if (/<!DOCTYPE/iu.test(text.slice(0, 4_096)))
      return refused(
        'import.damaged',
        'The Word document holds a document type declaration, which Word never writes. It was not read.',
      );
    parts.set(entry.name, text);
  }
  return accepted(parts);
}
