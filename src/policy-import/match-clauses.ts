import { essenceOf } from './identifiers.ts';
import { profileOf, similarity, type WordProfile } from './similarity.ts';

/** A clause, statement or heading of one version, in reading order. */
export interface Item {
  readonly id: string;
  readonly text: string;
  /** The section it stands in. */
  readonly place: string;
}

/** How alike two texts must be, from 0 to 1. */
const least = {
  /** Between the same neighbours. */
  inPlace: 0.4,
  /** The only one between the same neighbours. */
  alone: 0.3,
  elsewhere: 0.65,
} as const;
/** By how much a match must be ahead of what is left over to be clear. */
const lead = 0.08;
/** A word or pair of words that more clauses share tells nothing. */
const mostSharing = 60;
/** Larger stretches of reworded clauses are not aligned, only looked for one by one. */
const mostAligned = 250_000;

/**
 * Finds for each item of a new version which item of the earlier one it was: the same words first, then reworded ones
 * in order between the same neighbours, then reworded ones elsewhere, only where it is clear which it was.
 * The same two versions always give the same answer.
 * @returns places in `before` by places in `after`
 */
export function matchItems(before: readonly Item[], after: readonly Item[]): Map<number, number> {
  const matched = sameWords(before, after);
  const profiles = {
    before: before.map(({ text }) => profileOf(text)),
    after: after.map(({ text }) => profileOf(text)),
  };
  for (const stretch of stretchesBetween(before.length, after.length, matched)) {
    for (const [one, other] of aligned(stretch, profiles)) matched.set(one, other);
  }
  for (const [one, other] of elsewhere(profiles, matched)) matched.set(one, other);
  return matched;
}

function sameWords(before: readonly Item[], after: readonly Item[]): Map<number, number> {
  const matched = new Map<number, number>();
  const taken = new Set<number>();
  const pairUp = (keyOf: (item: Item) => string) => {
    const waiting = new Map<string, number[]>();
    before.forEach((item, index) => {
      if (taken.has(index)) return;
      const key = keyOf(item);
      const same = waiting.get(key);
      if (same === undefined) waiting.set(key, [index]);
      else same.push(index);
    });
    after.forEach((item, index) => {
      const found = matched.has(index) ? undefined : waiting.get(keyOf(item))?.shift();
      if (found === undefined) return;
      matched.set(index, found);
      taken.add(found);
    });
  };
  pairUp((item) => `${item.place}\n${essenceOf(item.text)}`);
  pairUp((item) => essenceOf(item.text));
  return matched;
}

interface Profiles {
  readonly before: readonly WordProfile[];
  readonly after: readonly WordProfile[];
}

/** Unmatched items between two matched neighbours. */
interface Stretch {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

function stretchesBetween(beforeCount: number, afterCount: number, matched: ReadonlyMap<number, number>): Stretch[] {
  const inBefore = new Set(matched.values());
  const stretches = new Map<number, { before: number[]; after: number[] }>();
  const at = (anchor: number) => {
    const stretch = stretches.get(anchor) ?? { before: [], after: [] };
    stretches.set(anchor, stretch);
    return stretch;
  };
  let anchor = -1;
  for (let index = 0; index < beforeCount; index += 1) {
    if (inBefore.has(index)) anchor = index;
    else at(anchor).before.push(index);
  }
  anchor = -1;
  for (let index = 0; index < afterCount; index += 1) {
    const found = matched.get(index);
    if (found === undefined) at(anchor).after.push(index);
    else anchor = found;
  }
  return [...stretches.values()].filter(({ before, after }) => before.length > 0 && after.length > 0);
}

/** Pairs of one stretch in order, so that together they are as alike as can be (Needleman and Wunsch). */
function aligned({ before, after }: Stretch, profiles: Profiles): [after: number, before: number][] {
  if (before.length * after.length > mostAligned) return [];
  const needed = before.length === 1 && after.length === 1 ? least.alone : least.inPlace;
  const alike = after.map((one) =>
    before.map((other) => similarity(profiles.after[one] ?? new Map(), profiles.before[other] ?? new Map())),
  );
  const likeness = (row: number, column: number) => alike[row]?.[column] ?? 0;
  const best = Array.from({ length: after.length + 1 }, () => Array.from({ length: before.length + 1 }, () => 0));
  const sum = (row: number, column: number) => best[row]?.[column] ?? 0;
  for (let row = after.length - 1; row >= 0; row -= 1) {
    for (let column = before.length - 1; column >= 0; column -= 1) {
      const pair = likeness(row, column) >= needed ? likeness(row, column) + sum(row + 1, column + 1) : 0;
      const line = best[row];
      if (line !== undefined) line[column] = Math.max(pair, sum(row + 1, column), sum(row, column + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let row = 0, column = 0; row < after.length && column < before.length;) {
    const takes =
      likeness(row, column) >= needed && sum(row, column) === likeness(row, column) + sum(row + 1, column + 1);
    if (takes) {
      pairs.push([row, column]);
      row += 1;
      column += 1;
    } else if (sum(row, column) === sum(row + 1, column)) row += 1;
    else column += 1;
  }
  const rows = new Set(pairs.map(([row]) => row));
  const columns = new Set(pairs.map(([, column]) => column));
  const isClear = ([row, column]: [number, number]) => {
    const bound = likeness(row, column) - lead;
    const rivalBefore = before.some((_, other) => !columns.has(other) && likeness(row, other) > bound);
    const rivalAfter = after.some((_, other) => !rows.has(other) && likeness(other, column) > bound);
    return !rivalBefore && !rivalAfter;
  };
  return pairs.filter(isClear).map(([row, column]) => [after[row] ?? -1, before[column] ?? -1]);
}

/** Reworded items that went to another place, where one alone is like it. */
function elsewhere(profiles: Profiles, matched: ReadonlyMap<number, number>): [after: number, before: number][] {
  const taken = new Set(matched.values());
  const left = profiles.before.flatMap((_, index) => (taken.has(index) ? [] : [index]));
  const sharing = new Map<string, number[]>();
  for (const index of left) {
    for (const part of profiles.before[index]?.keys() ?? []) {
      const same = sharing.get(part);
      if (same === undefined) sharing.set(part, [index]);
      else same.push(index);
    }
  }
  const pairs = profiles.after.flatMap((profile, after) =>
    matched.has(after)
      ? []
      : [...likely(profile, sharing)].map((before) => ({
          after,
          before,
          score: similarity(profile, profiles.before[before] ?? new Map()),
        })),
  );
  const scoresOf = (side: 'after' | 'before') => Map.groupBy(pairs, (pair) => pair[side]);
  const byAfter = scoresOf('after');
  const byBefore = scoresOf('before');
  return pairs
    .filter((pair) => {
      const rivals = [...(byAfter.get(pair.after) ?? []), ...(byBefore.get(pair.before) ?? [])];
      return (
        pair.score >= least.elsewhere && rivals.every((other) => other === pair || other.score <= pair.score - lead)
      );
    })
    .map(({ after, before }) => [after, before]);
}

/** Items that share a word or a pair of words which not everybody uses. */
function likely(profile: WordProfile, sharing: ReadonlyMap<string, readonly number[]>): Set<number> {
  const found = new Set<number>();
  for (const part of profile.keys()) {
    const places = sharing.get(part) ?? [];
    if (places.length <= mostSharing) for (const place of places) found.add(place);
  }
  return found;
}

/** The matched places of `after` that stand in another order than before: as few as explain it. */
export function movedItems(matched: ReadonlyMap<number, number>): Set<number> {
  const places = [...matched].toSorted(([one], [other]) => one - other);
  // Longest increasing subsequence by patience sorting.
  const tails: number[] = [];
  const link: number[] = [];
  places.forEach(([, before], index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((places[tails[middle] ?? 0]?.[1] ?? 0) < before) low = middle + 1;
      else high = middle;
    }
    link[index] = low === 0 ? -1 : (tails[low - 1] ?? -1);
    tails[low] = index;
  });
  const stayed = new Set<number>();
  for (let at = tails.at(-1) ?? -1; at >= 0; at = link[at] ?? -1) stayed.add(at);
  return new Set(places.flatMap(([after], index) => (stayed.has(index) ? [] : [after])));
}
