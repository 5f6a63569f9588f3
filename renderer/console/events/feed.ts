import type { EventRow } from '../../../src/contract/console.ts';
import type { EventFilters } from '../api/queries.ts';

/** Is row `one` newer than row `other`? Ids are the server's own growing numbers. */
export function isNewer(one: string, other: string): boolean {
  return one.length === other.length ? one > other : one.length > other.length;
}

/**
 * Does an event that arrives belong in a list with these filters? `unsure` where only the server can say, because
 * it knows which accounts are one person and how its search reads.
 */
export function belongs(row: EventRow, filters: EventFilters): 'yes' | 'no' | 'unsure' {
  if (filters.type !== null && row.type !== filters.type) return 'no';
  if (filters.machine !== null && row.deviceId !== filters.machine) return 'no';
  return filters.person === null && filters.search === null ? 'yes' : 'unsure';
}

/** All rows of a list, newest first, each once. */
export function mergeRows(pages: readonly { items: EventRow[] }[]): EventRow[] {
  const rows = new Map<string, EventRow>();
  for (const page of pages) for (const row of page.items) if (!rows.has(row.id)) rows.set(row.id, row);
  return [...rows.values()].sort((one, other) => (isNewer(one.id, other.id) ? -1 : 1));
}

/** The list up to its ceiling: what arrived after someone scrolled down or paused waits above it. */
export function splitAtCeiling(rows: EventRow[], ceiling: string | null): { shown: EventRow[]; held: number } {
  if (ceiling === null) return { shown: rows, held: 0 };
  const shown = rows.filter((row) => !isNewer(row.id, ceiling));
  return { shown, held: rows.length - shown.length };
}

/** "3 new events. The newest: …" */
export function announcement(count: number, newest: EventRow): string {
  return count === 1 ? `New event: ${newest.summary}` : `${String(count)} new events. The newest: ${newest.summary}`;
}
