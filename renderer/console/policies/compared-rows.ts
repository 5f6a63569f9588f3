import type { ComparedLine } from '../../../src/rules/compare-policies/compare-lines.ts';
import { kindOf, lineKey, type ChangeItem, type ChangeKind } from '../../../src/words/change-items.ts';

/** One line of the two documents, as the comparison shows it. */
export interface ComparedRow {
  key: string;
  line: ComparedLine;
  /** What became of it; null where nobody has to look. */
  kind: ChangeKind | null;
  note: string | null;
}

/**
 * The lines to show.
 * @param onlyChanged leaves out what stayed the same, but for the headings above what did not
 */
export function comparedRows(
  lines: readonly ComparedLine[],
  items: readonly ChangeItem[],
  onlyChanged: boolean,
): ComparedRow[] {
  const notes = new Map(items.map(({ key, note }) => [key, note]));
  const rows = lines.map((line): ComparedRow => {
    const key = lineKey(line);
    const leftHere = line.place === 'older' && line.newer !== null;
    const kind = kindOf(line);
    const note = leftHere ? 'It stands in another place now.' : (notes.get(key) ?? null);
    return { key: leftHere ? `${key}.left` : key, line, kind, note: kind === null ? null : note };
  });
  if (!onlyChanged) return rows;
  const open = headingsAbove(rows);
  return rows.filter(({ line, kind }) => kind !== null || (line.place === 'both' && open.has(line)));
}

/** The headings that something which changed stands under. */
function headingsAbove(rows: readonly ComparedRow[]): Set<ComparedLine> {
  const headings = { older: new Map<string, ComparedLine>(), newer: new Map<string, ComparedLine>() };
  for (const { line } of rows) {
    if (line.kind !== 'section') continue;
    if (line.older !== null) headings.older.set(line.older.id, line);
    if (line.newer !== null) headings.newer.set(line.newer.id, line);
  }
  const above = new Set<ComparedLine>();
  for (const { line, kind } of rows) {
    if (kind === null) continue;
    const side = line.place === 'older' || line.newer === null ? 'older' : 'newer';
    let parent = line[side]?.parent ?? null;
    while (parent !== null) {
      const heading = headings[side].get(parent);
      if (heading === undefined || above.has(heading)) break;
      above.add(heading);
      parent = heading[side]?.parent ?? null;
    }
  }
  return above;
}
