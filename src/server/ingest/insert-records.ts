import { CompiledQuery, type Transaction } from 'kysely';
import type { RecordTable, Tables } from '../store/tables.ts';

/** Rows of one INSERT: 3,800 parameters, of SQLite's 32,766 (https://www.sqlite.org/limits.html). */
const rowsPerInsert = 200;

/** Texts of INSERTs by their number of rows and columns, for each kind of database. */
const texts = new WeakMap<object, Map<string, string>>();

/**
 * Inserts records, many in one statement. A statement's text is built once for each number of rows: building it costs
 * more than the insert itself.
 */
export async function insertRecords(transaction: Transaction<Tables>, rows: readonly RecordTable[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsPerInsert) {
    const some = rows.slice(from, from + rowsPerInsert);
    const columns = Object.keys(some[0] ?? {}) as (keyof RecordTable)[];
    const values = some.flatMap((row) => columns.map((column) => row[column]));
    await transaction.executeQuery(CompiledQuery.raw(textFor(transaction, some, columns), values));
  }
}

function textFor(
  transaction: Transaction<Tables>,
  rows: readonly RecordTable[],
  columns: readonly (keyof RecordTable)[],
): string {
  const { adapter } = transaction.getExecutor();
  const known = texts.get(adapter) ?? new Map<string, string>();
  texts.set(adapter, known);
  const shape = [rows.length, ...columns].join();
  const text = known.get(shape) ?? transaction.insertInto('records').values(rows).compile().sql;
  known.set(shape, text);
  return text;
}
