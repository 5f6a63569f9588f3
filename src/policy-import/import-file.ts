import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { importedPolicy, type ImportedPolicy } from '../contract/imported-policy.ts';
import { accepted, refused, type Outcome } from '../contract/problem.ts';
import { decodeText } from './decode-text.ts';
import { markdownSource } from './markdown-source.ts';
import { pdfSource } from './pdf/pdf-source.ts';
import { readDocument } from './read-document.ts';
import { hasWords, type SourceKind, type SourceLine } from './source-line.ts';
import { textSource } from './text-source.ts';
import { wordSource } from './word/word-source.ts';

/** The largest file that is read. */
export const mostFileBytes = 20 * 1024 * 1024;

const kindByEnding: Readonly<Record<string, SourceKind>> = {
  '.txt': 'txt',
  '.text': 'txt',
  '.md': 'md',
  '.markdown': 'md',
  '.docx': 'docx',
  '.pdf': 'pdf',
};
const endings = '.docx, .pdf, .md or .txt';

/**
 * Reads a school's own policy file. Nothing is written.
 * Refuses with a code `import.…` and one sentence: notFound, isFolder, notReadable, wrongKind, empty, tooLarge,
 * notText, noText, notWord, notPdf, encrypted, damaged, tooLargeInside, tooManyParts.
 */
export async function importPolicyFile(path: string): Promise<Outcome<ImportedPolicy>> {
  const kind = kindByEnding[extname(path).toLowerCase()];
  const bytes = await readFile(path);
  if (!bytes.ok) return bytes;
  if (kind === undefined)
    return refused('import.wrongKind', `${path} is not of a kind that can be imported. Save the policy as ${endings}.`);
  if (bytes.value.length === 0)
    return refused('import.empty', `${path} is empty. Check that it was saved and copied whole.`);
  if (kind === 'docx' || kind === 'pdf') {
    const source = kind === 'docx' ? wordSource(bytes.value) : await pdfSource(bytes.value);
    return source.ok ? finish(source.value.lines, source.value.warnings) : source;
  }
  const decoded = decodeText(bytes.value);
  if (!decoded.ok) return decoded;
  return importPolicyText(decoded.value.text, kind, decoded.value.warnings);
}

/** The same for text that is already read. */
export function importPolicyText(
  text: string,
  kind: 'txt' | 'md',
  warnings: readonly string[] = [],
): Outcome<ImportedPolicy> {
  const clean = text.replace(/^\ufeff/u, '');
  return finish(kind === 'md' ? markdownSource(clean) : textSource(clean), warnings);
}

function finish(lines: readonly SourceLine[], warnings: readonly string[]): Outcome<ImportedPolicy> {
  if (!lines.some((line) => hasWords(line.segments.map((segment) => segment.text).join(' '))))
    return refused('import.empty', 'There are no words in the file. Check that it is the right one.');
  const document = readDocument(lines);
  const result = importedPolicy.safeParse({ ...document, warnings: [...warnings, ...document.warnings] });
  if (result.success) return accepted(result.data);
  const issue = result.error.issues[0];
  return refused(
    'import.tooManyParts',
    `The file does not fit what a policy can hold (${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not valid'}). Import one policy at a time.`,
  );
}

async function readFile(path: string): Promise<Outcome<Buffer>> {
  try {
    const file = await open(path, 'r');
    try {
      const about = await file.stat();
      if (about.isDirectory()) return refused('import.isFolder', `${path} is a folder. Name the policy file in it.`);
      if (!about.isFile())
        return refused('import.notReadable', `${path} is not an ordinary file. Name the policy file itself.`);
      if (about.size > mostFileBytes)
        return refused(
          'import.tooLarge',
          `${path} has ${Math.ceil(about.size / 1024 / 1024)} MB; at most ${mostFileBytes / 1024 / 1024} MB are read. Take large pictures out and save it again.`,
        );
      return accepted(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return refused('import.notFound', `There is no file ${path}. Check the path.`);
    if (code === 'EISDIR') return refused('import.isFolder', `${path} is a folder. Name the policy file in it.`);
    return refused('import.notReadable', `${path} could not be read. Check that you may open it.`);
  }
}
