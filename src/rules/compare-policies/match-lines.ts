import { likeness, wordCounts } from './compare-texts.ts';
import type { PolicyLine } from './policy-lines.ts';

/** From this likeness on, a clause that got another id counts as the same one, reworded. */
export const alikeFrom = 0.5;
/** Clauses this many places apart in a section are still looked at for likeness. */
const nearPlaces = 25;

/** Which older line became which newer one, by their places. */
export type Matches = ReadonlyMap<number, number>;

/**
 * Finds what became of each line. The id decides. An import gives a clause whose words changed a new id, so what is left
 * over is matched by its words: first the very same words anywhere, then what is alike within the same section. Sections
 * left over are matched by the clauses they share or by their heading.
 */
export function matchLines(older: readonly PolicyLine[], newer: readonly PolicyLine[]): Matches {
  const matches = new Map<number, number>();
  const taken = new Set<number>();
  const pair = (from: number, to: number): void => {
    matches.set(from, to);
    taken.add(to);
  };
  const left = (kind: PolicyLine['kind']) => ({
    from: [...older.entries()].filter(([place, line]) => line.kind === kind && !matches.has(place)),
    to: [...newer.entries()].filter(([place, line]) => line.kind === kind && !taken.has(place)),
  });

  const byId = new Map(newer.map((line, place) => [nameOf(line), place]));
  for (const [place, line] of older.entries()) {
    const to = byId.get(nameOf(line));
    if (to !== undefined) pair(place, to);
  }

  const { from, to } = left('clause');
  const byWords = new Map<string, number[]>();
  for (const [place, line] of to) byWords.set(folded(line), [...(byWords.get(folded(line)) ?? []), place]);
  for (const [place, line] of from) {
    const found = byWords.get(folded(line))?.shift();
    if (found !== undefined) pair(place, found);
  }

  matchSections(older, newer, matches, left('section'), pair);
  matchAlike(older, newer, matches, left('clause'), pair);
  return matches;
}

type Left = { from: [number, PolicyLine][]; to: [number, PolicyLine][] };
type Pair = (from: number, to: number) => void;

const nameOf = ({ kind, id }: PolicyLine): string => `${kind} ${id}`;
const folded = ({ text }: PolicyLine): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

function matchSections(
  older: readonly PolicyLine[],
  newer: readonly PolicyLine[],
  matches: Matches,
  { from, to }: Left,
  pair: Pair,
): void {
  if (from.length === 0 || to.length === 0) return;
  const clausesOf = new Map<string, number>();
  const shared = new Map<string, number>();
  for (const [place, line] of older.entries()) {
    if (line.kind !== 'clause' || line.parent === null) continue;
    clausesOf.set(line.parent, (clausesOf.get(line.parent) ?? 0) + 1);
    const into = newer[matches.get(place) ?? -1]?.parent ?? null;
    if (into !== null) shared.set(`${line.parent} ${into}`, (shared.get(`${line.parent} ${into}`) ?? 0) + 1);
  }
  const open = new Set(to.map(([place, { id, text }]) => ({ place, id, words: wordCounts(text) })));
  for (const [place, line] of from) {
    const clauses = clausesOf.get(line.id) ?? 0;
    const words = wordCounts(line.text);
    const best = bestOf([...open], (other) => {
      const kept = clauses === 0 ? 0 : (shared.get(`${line.id} ${other.id}`) ?? 0) / clauses;
      return Math.max(kept, likeness(words, other.words));
    });
    if (best === null) continue;
    open.delete(best);
    pair(place, best.place);
  }
}

function matchAlike(
  older: readonly PolicyLine[],
  newer: readonly PolicyLine[],
  matches: Matches,
  { from, to }: Left,
  pair: Pair,
): void {
  const becameOf = new Map<string, string>();
  for (const [place, into] of matches) {
    const [line, found] = [older[place], newer[into]];
    if (line?.kind === 'section' && found !== undefined) becameOf.set(line.id, found.id);
  }
  const open = new Map<string, { place: number; rank: number; words: Map<string, number> }[]>();
  const ranks = new Map<string, number>();
  const rankIn = (side: string, section: string): number => {
    const rank = ranks.get(`${side} ${section}`) ?? 0;
    ranks.set(`${side} ${section}`, rank + 1);
    return rank;
  };
  for (const [place, line] of to) {
    const section = line.parent ?? '';
    const others = open.get(section) ?? [];
    others.push({ place, rank: rankIn('newer', section), words: wordCounts(line.text) });
    open.set(section, others);
  }
  for (const [place, line] of from) {
    const section = becameOf.get(line.parent ?? '') ?? '';
    const rank = rankIn('older', section);
    const words = wordCounts(line.text);
    const others = open.get(section) ?? [];
    const near = others.filter((one) => Math.abs(one.rank - rank) <= nearPlaces);
    const best = bestOf(near, (one) => likeness(words, one.words));
    if (best === null) continue;
    others.splice(others.indexOf(best), 1);
    pair(place, best.place);
  }
}

/** The one that is most alike, and alike enough; the earlier of two that are equally so. */
function bestOf<T>(candidates: readonly T[], score: (one: T) => number): T | null {
  let best: T | null = null;
  let most = 0;
  for (const one of candidates) {
    const is = score(one);
    if (is < alikeFrom || is <= most) continue;
    best = one;
    most = is;
  }
  return best;
}
