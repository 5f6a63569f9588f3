import { everySection, type Section } from '../contract/policy.ts';

/** One line of a policy's contents list. */
export interface ContentsEntry {
  id: string;
  number: string | undefined;
  title: string;
  /** Ids of every section this line stands for: done when all were read. */
  covers: string[];
}

/** The contents list: the outermost sections, or those within when a single one holds the whole document. */
export function contentsOf(sections: readonly Section[]): ContentsEntry[] {
  const only = sections.length === 1 ? sections[0] : undefined;
  const inner = only?.sections ?? [];
  if (only === undefined || inner.length === 0) return sections.map(entryOf);
  return inner.map((section, index) => {
    const entry = entryOf(section);
    return index === 0 ? { ...entry, covers: [only.id, ...entry.covers] } : entry;
  });
}

/** How many lines of the contents list have still to be read. */
export function entriesLeft(contents: readonly ContentsEntry[], sectionsRead: readonly string[]): number {
  const read = new Set(sectionsRead);
  return contents.filter((entry) => !entry.covers.every((id) => read.has(id))).length;
}

const entryOf = (section: Section): ContentsEntry => ({
  id: section.id,
  number: section.number,
  title: section.title,
  covers: [...everySection([section])].map((one) => one.id),
});
