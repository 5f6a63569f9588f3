import { everySection, type Section } from '../contract/policy.ts';

/**
 * Silent reading of English non-fiction, words per minute: Brysbaert (2019), "How many words do we read per
 * minute?", Journal of Memory and Language 109. Rules are read a little slower than its mean of 238.
 */
export const wordsPerMinute = 220;

/** Words a person has to read in these sections, headings included. */
export function wordsIn(sections: readonly Section[]): number {
  let words = 0;
  for (const section of everySection(sections)) {
    words += countWords(section.title);
    for (const clause of section.clauses) words += countWords(clause.text);
  }
  return words;
}

/** Whole minutes to read these sections, at least 1. */
export const minutesToRead = (sections: readonly Section[]): number => minutesForWords(wordsIn(sections));

/** The same for texts by themselves. */
export const minutesForTexts = (texts: readonly string[]): number =>
  minutesForWords(texts.reduce((words, text) => words + countWords(text), 0));

const minutesForWords = (words: number): number => Math.max(1, Math.round(words / wordsPerMinute));

function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}][\p{L}\p{N}'’.@/-]*/gu)?.length ?? 0;
}
