import { compareTexts, type WordRun } from './compare-texts.ts';
import { matchLines } from './match-lines.ts';
import type { PolicyLine } from './policy-lines.ts';

/**
 * What became of a line. `emphasis`: the same words, other ones in bold. `blanks`: read the same, but with the school's
 * own words in other blanks. `renumbered` alone is nothing anybody has to read.
 */
export type LineChange = 'added' | 'removed' | 'reworded' | 'emphasis' | 'moved' | 'renumbered' | 'audience' | 'blanks';

/** A line of either version, or of both. */
export interface ComparedLine {
  kind: PolicyLine['kind'];
  /** Null where it was added. */
  older: PolicyLine | null;
  /** Null where it was removed. */
  newer: PolicyLine | null;
  /** In whose order of reading it stands here. A line that moved is here twice: at its old place and at its new one. */
  place: 'both' | 'older' | 'newer';
  /** Empty: nothing changed, or it moved along with its section. */
  changes: readonly LineChange[];
  /** Its text word by word, where both versions have it and it differs. */
  words: readonly WordRun[] | null;
}

/** Compares two versions line by line, merged into one order of reading. */
export function compareLines(older: readonly PolicyLine[], newer: readonly PolicyLine[]): ComparedLine[] {
  const matches = matchLines(older, newer);
  const cameFrom = new Map([...matches].map(([from, to]) => [to, from]));
  const becameOf = sectionsBecame(older, newer, matches);
  const otherSection = (line: PolicyLine, into: PolicyLine): boolean => wentElsewhere(line, into, becameOf);
  const kept = keptOrder(older, newer, cameFrom, otherSection);
  const sectionsMoved = new Set(
    [...cameFrom.keys()].filter((to) => !kept.has(to) && newer[to]?.kind === 'section').map((to) => newer[to]?.id),
  );
  const merged: ComparedLine[] = [];

  const both = (from: number, to: number, place: ComparedLine['place']): ComparedLine | null => {
    const [line, into] = [older[from], newer[to]];
    if (line === undefined || into === undefined) return null;
    // What only went along with its section did not move by itself.
    const moved = otherSection(line, into) || (!kept.has(to) && !sectionsMoved.has(into.parent ?? undefined));
    return {
      kind: into.kind,
      older: line,
      newer: into,
      place,
      changes: [...(moved ? (['moved'] as const) : []), ...changesIn(line, into)],
      words: line.text === into.text ? null : compareTexts(line.text, into.text),
    };
  };
  const takeOlder = (from: number, line: PolicyLine): void => {
    const to = matches.get(from);
    const moved = to === undefined ? null : both(from, to, 'older');
    merged.push(
      moved ?? { kind: line.kind, older: line, newer: null, place: 'older', changes: ['removed'], words: null },
    );
  };
  const takeNewer = (to: number, line: PolicyLine): void => {
    const from = cameFrom.get(to);
    const moved = from === undefined ? null : both(from, to, 'newer');
    merged.push(
      moved ?? { kind: line.kind, older: null, newer: line, place: 'newer', changes: ['added'], words: null },
    );
  };
  /** What stands in one version only, between two lines that kept their order: the open section first, then others. */
  const takeBetween = (from: number, fromEnd: number, to: number, toEnd: number): void => {
    const olderOpen = openEnd(older, from, fromEnd);
    const newerOpen = openEnd(newer, to, toEnd);
    for (const [begin, end, lines, take] of [
      [from, olderOpen, older, takeOlder],
      [to, newerOpen, newer, takeNewer],
      [olderOpen, fromEnd, older, takeOlder],
      [newerOpen, toEnd, newer, takeNewer],
    ] as const) {
      for (const [index, line] of lines.slice(begin, end).entries()) take(begin + index, line);
    }
  };

  let reached = { from: 0, to: 0 };
  for (const to of [...kept].sort((one, other) => one - other)) {
    const from = cameFrom.get(to) ?? 0;
    takeBetween(reached.from, from, reached.to, to);
    const one = both(from, to, 'both');
    if (one !== null) merged.push(one);
    reached = { from: from + 1, to: to + 1 };
  }
  takeBetween(reached.from, older.length, reached.to, newer.length);
  return merged;
}

/** Where the next heading stands between two places, or the end of the stretch. */
function openEnd(lines: readonly PolicyLine[], begin: number, end: number): number {
  const heading = lines.slice(begin, end).findIndex(({ kind }) => kind === 'section');
  return heading === -1 ? end : begin + heading;
}

function changesIn(older: PolicyLine, newer: PolicyLine): LineChange[] {
  const changes: LineChange[] = [];
  if (older.text !== newer.text) {
    changes.push(unmarked(older.text) === unmarked(newer.text) ? 'emphasis' : 'reworded');
  } else if (older.written !== newer.written) changes.push('blanks');
  const sameAudience =
    (older.audience ?? []).join() === (newer.audience ?? []).join() &&
    (older.teachingOnly === true) === (newer.teachingOnly === true);
  if (!sameAudience) changes.push('audience');
  if (older.number !== newer.number) changes.push('renumbered');
  return changes;
}

const unmarked = (text: string): string => text.replaceAll('**', '');

/** The id that each older section has now. */
function sectionsBecame(
  older: readonly PolicyLine[],
  newer: readonly PolicyLine[],
  matches: ReadonlyMap<number, number>,
): Map<string, string> {
  const became = new Map<string, string>();
  for (const [from, to] of matches) {
    const [line, into] = [older[from], newer[to]];
    if (line?.kind === 'section' && into !== undefined) became.set(line.id, into.id);
  }
  return became;
}

/** Does a line stand in another section now? Not where only its heading was taken away: that is told by itself. */
function wentElsewhere(line: PolicyLine, into: PolicyLine, becameOf: ReadonlyMap<string, string>): boolean {
  if (line.parent === null || into.parent === null) return line.parent !== into.parent;
  const became = becameOf.get(line.parent);
  return became !== undefined && became !== into.parent;
}

/**
 * The places (in the newer order) of as many lines as can keep their order, among those that stayed in their section: the
 * longest increasing run.
 */
function keptOrder(
  older: readonly PolicyLine[],
  newer: readonly PolicyLine[],
  cameFrom: ReadonlyMap<number, number>,
  otherSection: (line: PolicyLine, into: PolicyLine) => boolean,
): Set<number> {
  const ends: { to: number; from: number }[] = [];
  const before = new Map<number, number | null>();
  for (const [to, into] of newer.entries()) {
    const from = cameFrom.get(to);
    const line = older[from ?? -1];
    if (from === undefined || line === undefined || otherSection(line, into)) continue;
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle]?.from ?? Infinity) < from) low = middle + 1;
      else high = middle;
    }
    ends[low] = { to, from };
    before.set(to, ends[low - 1]?.to ?? null);
  }
  const kept = new Set<number>();
  for (let to = ends.at(-1)?.to ?? null; to !== null; to = before.get(to) ?? null) kept.add(to);
  return kept;
}
