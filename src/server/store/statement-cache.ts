import type SqliteDatabase from 'better-sqlite3';
import type { SqliteDatabase as KyselySqlite } from 'kysely';

/** Statements kept ready; the server's own texts are some hundred, a list with filters makes a few more. */
const statementsKept = 500;
/** A longer text, such as an insert of many rows, comes in too many lengths to be worth keeping. */
const longestTextKept = 20_000;

/**
 * A database whose statements are prepared once and used again: preparing takes longer than a small statement itself.
 * SQLite prepares a kept statement anew by itself when the schema changed
 * (https://www.sqlite.org/c3ref/prepare.html, `sqlite3_prepare_v2`). A statement that is read row by row is its own, so
 * that the same text can run meanwhile.
 */
export function withKeptStatements(sqlite: SqliteDatabase.Database): KyselySqlite {
  const kept = new Map<string, SqliteDatabase.Statement>();
  const prepared = (text: string): SqliteDatabase.Statement => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const statement = sqlite.prepare(text);
    if (text.length > longestTextKept) return statement;
    if (kept.size >= statementsKept) kept.clear();
    kept.set(text, statement);
    return statement;
  };
  return {
    prepare(text) {
      const statement = prepared(text);
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(parameters),
        run: (parameters) => statement.run(parameters),
        iterate: (parameters) => sqlite.prepare(text).iterate(parameters),
      };
    },
    close() {
      kept.clear();
      sqlite.close();
    },
  };
}
