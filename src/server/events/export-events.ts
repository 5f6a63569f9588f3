import type { EventRow } from '../../contract/console.ts';
import type { EventExportQuery } from '../../contract/console-export.ts';
import { readExportPage, type EventReader } from './read-events.ts';

/** Events read and written at once. However long the export, no more than this is in memory. */
const pageEvents = 1_000;

const csvNames = ['id', 'at', 'receivedAt', 'machine', 'deviceId', 'epoch', 'seq', 'type', 'account', 'summary'];

/**
 * The text of an export, piece by piece, oldest event first: everything held up to `newest`, the moment the export began.
 * Each piece is a read of its own by the events' own numbers, which never change: nothing is locked or kept open however
 * slowly the other side reads, and what arrives meanwhile is not part of it.
 */
export async function* exportText(
  reader: EventReader,
  query: EventExportQuery,
  newest: number,
): AsyncGenerator<string> {
  if (query.format === 'csv') yield csvLine(csvNames);
  const lineOf = query.format === 'csv' ? csvOf : (row: EventRow) => `${JSON.stringify(row)}\n`;
  for (let after = 0; ;) {
    const { rows, last } = await readExportPage(reader, query, { after, newest, limit: pageEvents });
    if (last === null) return;
    after = last;
    yield rows.map(lineOf).join('');
  }
}

function csvOf(row: EventRow): string {
  const { id, at, receivedAt, machine, deviceId, epoch, seq, type, account, summary } = row;
  return csvLine([
    id,
    at,
    receivedAt,
    machine,
    deviceId,
    String(epoch),
    String(seq),
    type,
    account?.name ?? '',
    summary,
  ]);
}

const csvLine = (cells: readonly string[]): string => `${cells.map(csvCell).join(',')}\r\n`;

/** What begins like a formula is kept from being one (https://owasp.org/www-community/attacks/CSV_Injection). */
function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
