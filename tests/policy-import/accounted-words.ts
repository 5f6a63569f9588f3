import type { ImportedPolicy } from '../../src/contract/imported-policy.ts';

/** The words of a text, in order: runs of letters and digits. */
export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words an import accounts for, in the order of the source. */
export const accountedWords = (imported: ImportedPolicy): string[] =>
  imported.trace.flatMap(({ text }) => wordsOf(text));

/** Every text of the document itself and of what was left out. */
export function keptTexts(imported: ImportedPolicy): string {
  const texts: string[] = [imported.title];
  const visit = (sections: ImportedPolicy['sections']) => {
    for (const section of sections) {
      texts.push(section.title, ...section.clauses.map(({ text }) => text));
      visit(section.sections ?? []);
    }
  };
  visit(imported.sections);
  texts.push(
    ...imported.form.statements.map(({ text }) => text),
    ...imported.form.fields.map(({ label }) => label),
    ...imported.leftOut.map(({ text }) => text),
  );
  return texts.join('\n');
}
