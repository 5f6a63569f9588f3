import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { importedPolicy, type ImportAnswers, type ImportedPolicy } from '../contract/imported-policy.ts';
import { accepted, refused, type Outcome } from '../contract/problem.ts';
import { decodeText } from './decode-text.ts';
import { readAnswers } from './mapping-file.ts';
import { markdownSource } from './markdown-source.ts';
import { pdfSource } from './pdf/pdf-source.ts';
import { Questions } from './questions.ts';
import { readDocument } from './read-document.ts';
import { hasWords, type SourceKind, type SourceLine } from './source-line.ts';
import { tooMuch } from './too-much.ts';
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
 * Reads a school's own policy file, with the answers kept beside it. Nothing is written.
 * Refuses with a code `import.…` and one sentence: notFound, isFolder, notReadable, wrongKind, empty, tooLarge,
 * notText, noText, notWord, notPdf, encrypted, damaged, tooLargeInside, tooManyParts, and for the answers
 * answersNotReadable, answersNotJson, answersNotValid, answerNotFit.
 * @param answers in place of those kept beside the file
 */
export async function importPolicyFile(path: string, answers?: ImportAnswers): Promise<Outcome<ImportedPolicy>> {
  const kind = kindByEnding[extname(path).toLowerCase()];
  const bytes = await readFile(path);
  if (!bytes.ok) return bytes;
  if (kind === undefined)
    return refused('import.wrongKind', `${path} is not of a kind that can be imported. Save the policy as ${endings}.`);
  if (bytes.value.length === 0)
    return refused('import.empty', `${path} is empty. Check that it was saved and copied whole.`);
  const kept = answers === undefined ? await readAnswers(path) : accepted(answers);
  if (!kept.ok) return kept;
  const source = await sourceOf(bytes.value, kind);
  return source.ok ? finish(source.value, new Questions(kind, kept.value.answers)) : source;
}

/** The same for text that is already read. */
export function importPolicyText(
  text: string,
  kind: 'txt' | 'md',
  answers: Readonly<Record<string, string>> = {},
): Outcome<ImportedPolicy> {
  return finish({ lines: textLines(text, kind), warnings: [] }, new Questions(kind, answers));
}

interface Source {
  readonly lines: readonly SourceLine[];
  readonly warnings: readonly string[];
}

async function sourceOf(bytes: Buffer, kind: SourceKind): Promise<Outcome<Source>> {
  if (kind === 'docx') return wordSource(bytes);
  if (kind === 'pdf') return pdfSource(bytes);
  const decoded = decodeText(bytes);
  if (!decoded.ok) return decoded;
  return accepted({ lines: textLines(decoded.value.text, kind), warnings: decoded.value.warnings });
}

function textLines(text: string, kind: 'txt' | 'md'): SourceLine[] {
  const clean = text.replace(/^\ufeff/u, '');
  return kind === 'md' ? markdownSource(clean) : textSource(clean);
}

function finish({ lines, warnings }: Source, questions: Questions): Outcome<ImportedPolicy> {
  if (!lines.some((line) => hasWords(line.segments.map((segment) => segment.text).join(' '))))
    return refused('import.empty', 'There are no words in the file. Check that it is the right one.');
  const document = readDocument(lines, questions);
  const misfit = questions.misfit();
  if (misfit !== null) return misfit;
  const unused = questions
    .unused()
    .map(
      (id) =>
        `The answer kept for ${id} fits no question of this file any more: what it was about was changed, or another answer settled it. Take it out of the mapping file, or correct its name.`,
    );
  const result = importedPolicy.safeParse({ ...document, warnings: [...warnings, ...document.warnings, ...unused] });
  return result.success ? accepted(result.data) : refused('import.tooManyParts', tooMuch(document, result.error));
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
