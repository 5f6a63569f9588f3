import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { importAnswers, type ImportAnswers } from '../contract/imported-policy.ts';
import { accepted, problemFromZod, refused, type Outcome } from '../contract/problem.ts';

/**
 * The file beside a source that answers the import's questions: `policy.mapping.json` for `policy.docx`.
 * JSON, because everything else of Usher that is kept in files is, and `--answer` writes it, so nobody has to.
 */
export function mappingPath(source: string): string {
  return join(dirname(source), `${basename(source, extname(source))}.mapping.json`);
}

const none: ImportAnswers = { format: 'usher/import-answers/1', answers: {} };

/** The answers kept beside a source; none where there is no such file. Refuses one that cannot be read, naming the place. */
export async function readAnswers(source: string): Promise<Outcome<ImportAnswers>> {
  const path = mappingPath(source);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return accepted(none);
    return refused('import.answersNotReadable', `${path} could not be read. Check that you may open it.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/u, ''));
  } catch {
    return refused(
      'import.answersNotJson',
      `${path} is not whole JSON. Correct it, or delete it and answer again with --answer.`,
    );
  }
  const parsed = importAnswers.safeParse(value);
  if (parsed.success) return accepted(parsed.data);
  const { detail, field } = problemFromZod(parsed.error, 'import.answersNotValid');
  return refused(
    'import.answersNotValid',
    `${path}: ${detail} It looks like {"format": "usher/import-answers/1", "answers": {"question": "answer"}}.`,
    field,
  );
}

/** Keeps the answers beside the source. Null when they are kept; else why not. */
export async function keepAnswers(
  source: string,
  answers: ImportAnswers,
): Promise<Extract<Outcome<never>, { ok: false }> | null> {
  const path = mappingPath(source);
  try {
    await writeFile(path, `${JSON.stringify(answers, null, 2)}\n`);
    return null;
  } catch {
    return refused('import.answersNotKept', `${path} could not be written. Check that you may write to its folder.`);
  }
}
