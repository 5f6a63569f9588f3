import { diffArrays } from 'diff';

/** A run of text that both texts have, or only the newer, or only the older. */
export interface WordRun {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/** Texts that share fewer of their words are shown as one struck out and one put in: marks between would be noise. */
const leastShared = 0.3;
/** Words and spaces that may differ in one pair of texts; beyond it they, too, count as replaced. Bounds the effort. */
const mostEdits = 800;

/** Words (with an apostrophe, a full stop or a hyphen inside), spaces, and every other character by itself. */
const tokens = /[\p{L}\p{M}\p{N}]+(?:['’.-][\p{L}\p{M}\p{N}]+)*|\s+|[^]/gu;
const isWord = (token: string): boolean => /[\p{L}\p{N}]/u.test(token);

/**
 * Compares two texts word by word. Every run but those `added`, joined, is the older text; every run but those
 * `removed` is the newer. In a place that changed, what was removed comes first.
 */
export function compareTexts(older: string, newer: string): WordRun[] {
  if (older === newer) return older === '' ? [] : [{ kind: 'same', text: older }];
  if (likeness(wordCounts(older), wordCounts(newer)) < leastShared) return replaced(older, newer);
  const before = older.match(tokens) ?? [];
  const after = newer.match(tokens) ?? [];
  const found = diffArrays(before, after, { maxEditLength: mostEdits });
  if (found === undefined) return replaced(older, newer);
  const joined = joinedPlaces(
    found.map(({ value, added, removed }): Place => {
      if (added) return { same: [], removed: [], added: value };
      if (removed) return { same: [], removed: value, added: [] };
      return { same: value, removed: [], added: [] };
    }),
  );
  const places = joined.flatMap(tightened);
  const shared = places.reduce((sum, place) => sum + wordsIn(place.same), 0);
  if (shared < leastShared * Math.max(wordsIn(before), wordsIn(after))) return replaced(older, newer);
  return places.flatMap(({ same, removed, added }) => [
    ...run('same', same.join('')),
    ...run('removed', removed.join('')),
    ...run('added', added.join('')),
  ]);
}

/** A stretch that stayed, or a place that changed: never both. */
interface Place {
  same: string[];
  removed: string[];
  added: string[];
}

/** Joins neighbouring changes, and those with nothing but a space, a comma or one lonely word between them. */
function joinedPlaces(places: readonly Place[]): Place[] {
  const joined: Place[] = [];
  for (const [index, place] of places.entries()) {
    const last = joined.at(-1);
    const next = places[index + 1];
    const changed = place.same.length === 0;
    if (
      last !== undefined &&
      last.same.length === 0 &&
      (changed || (next !== undefined && isIsland(last, place, next)))
    ) {
      joined[joined.length - 1] = {
        same: [],
        removed: [...last.removed, ...place.same, ...place.removed],
        added: [...last.added, ...place.same, ...place.added],
      };
    } else joined.push(place);
  }
  return joined;
}

/** Takes what both sides of a change begin or end with out of it: mostly the space at its end. */
function tightened(place: Place): Place[] {
  const { removed, added } = place;
  if (removed.length === 0 || added.length === 0) return [place];
  const least = Math.min(removed.length, added.length);
  let begin = 0;
  while (begin < least && removed[begin] === added[begin]) begin += 1;
  let end = 0;
  while (end < least - begin && removed.at(-1 - end) === added.at(-1 - end)) end += 1;
  const stayed = (words: string[]): Place => ({ same: words, removed: [], added: [] });
  return [
    stayed(removed.slice(0, begin)),
    { same: [], removed: removed.slice(begin, removed.length - end), added: added.slice(begin, added.length - end) },
    stayed(removed.slice(removed.length - end)),
  ];
}

/** Is what stayed between two changes too little to be read on its own? */
function isIsland(before: Place, stayed: Place, after: Place): boolean {
  const words = wordsIn(stayed.same);
  if (words === 0) return true;
  return words === 1 && sizeOf(before) > 2 && sizeOf(after) > 2;
}

const sizeOf = ({ removed, added }: Place): number => Math.max(wordsIn(removed), wordsIn(added));
const wordsIn = (from: readonly string[]): number => from.filter(isWord).length;
const run = (kind: WordRun['kind'], text: string): WordRun[] => (text === '' ? [] : [{ kind, text }]);
const replaced = (older: string, newer: string): WordRun[] => [...run('removed', older), ...run('added', newer)];

/** The text that one side of a comparison had. */
export function readBack(runs: readonly WordRun[], side: 'older' | 'newer'): string {
  const other = side === 'older' ? 'added' : 'removed';
  return runs
    .filter(({ kind }) => kind !== other)
    .map(({ text }) => text)
    .join('');
}

/** How much of two texts is the same words, whatever their order: 0 nothing, 1 all (Sørensen–Dice over words). */
export function likeness(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let shared = 0;
  for (const [word, times] of one) shared += Math.min(times, other.get(word) ?? 0);
  const all = total(one) + total(other);
  return all === 0 ? 0 : (2 * shared) / all;
}

/** The words of a text, folded to lower case, and how often each stands in it. */
export function wordCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const token of text.toLowerCase().match(tokens) ?? []) {
    if (isWord(token)) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts;
}

const total = (counts: ReadonlyMap<string, number>): number => [...counts.values()].reduce((sum, one) => sum + one, 0);
