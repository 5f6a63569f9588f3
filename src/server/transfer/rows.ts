import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { z } from 'zod';
import type { StoreOrTransaction } from '../store/database.ts';
import { makePartition, monthOf } from '../store/partitions.ts';
import type { CopiedTable } from './tables.ts';

/** What a column may hold on either engine. */
export const value = z.union([z.string(), z.number(), z.null()]);
export type Value = z.infer<typeof value>;
/** Values in the order of the table's columns. */
export type Row = Value[];

/** Rows the database hands over at once. */
const chunk = 500;
/** Under the parameters one statement may have: 32,766 on SQLite, 65,535 on PostgreSQL. */
const parametersPerInsert = 20_000;

/** Reads a table row by row, in constant memory. Inside a transaction, as it was when that began. */
export async function* readRows(store: StoreOrTransaction, { name, columns }: CopiedTable): AsyncGenerator<Row> {
  const rows = store
    .selectFrom(sql<Record<string, unknown>>`${sql.table(name)}`.as('source'))
    .selectAll()
    .stream(chunk);
  for await (const row of rows) yield columns.map((column) => valueOf(row[column], name, column));
}

function valueOf(found: unknown, table: string, column: string): Value {
  const parsed = value.safeParse(found);
  if (parsed.success) return parsed.data;
  throw new Error(`The column ${column} of ${table} holds something that is neither text, nor a number, nor empty`);
}

/** Writes the rows of one table, many at once, making the partitions they need. */
export class RowWriter {
  readonly #transaction: StoreOrTransaction;
  readonly #table: CopiedTable;
  readonly #atOnce: number;
  /** Where a record's month stands; -1 for every other table. */
  readonly #receivedAt: number;
  readonly #months = new Set<string>();
  #waiting: Row[] = [];

  constructor(transaction: StoreOrTransaction, table: CopiedTable) {
    this.#transaction = transaction;
    this.#table = table;
    this.#atOnce = Math.max(1, Math.min(chunk, Math.floor(parametersPerInsert / table.columns.length)));
    this.#receivedAt = table.name === 'records' ? table.columns.indexOf('received_at') : -1;
  }

  async write(row: Row): Promise<void> {
    this.#waiting.push(row);
    if (this.#waiting.length >= this.#atOnce) await this.finish();
  }

  /** Writes what is still waiting. */
  async finish(): Promise<void> {
    const rows = this.#waiting;
    if (rows.length === 0) return;
    this.#waiting = [];
    if (this.#receivedAt >= 0) await this.#openMonths(rows);
    const columns = sql.join(this.#table.columns.map((column) => sql.ref(column)));
    const values = sql.join(rows.map((row) => sql`(${sql.join(row)})`));
    await sql`insert into ${sql.table(this.#table.name)} (${columns}) values ${values}`.execute(this.#transaction);
  }

  async #openMonths(rows: readonly Row[]): Promise<void> {
    for (const row of rows) {
      const month = monthOf(String(row[this.#receivedAt]));
      if (this.#months.has(month)) continue;
      await makePartition(this.#transaction, month);
      this.#months.add(month);
    }
  }
}

/** How many rows, and what is in them whatever their order: the sum of each row's SHA-256, modulo 2^256. */
export interface TableContent {
  rows: number;
  digest: string;
}

const modulus = 1n << 256n;

/** Adds up the content of a table. */
export class ContentSum {
  #rows = 0;
  #sum = 0n;
  add(row: Row): void {
    this.#rows += 1;
    this.#sum += BigInt(`0x${createHash('sha256').update(JSON.stringify(row)).digest('hex')}`);
    if (this.#sum >= modulus) this.#sum -= modulus;
  }
  get rows(): number {
    return this.#rows;
  }
  get content(): TableContent {
    return { rows: this.#rows, digest: this.#sum.toString(16).padStart(64, '0') };
  }
}

/** Reads a table as it is now held and adds it up. */
export async function contentOf(store: StoreOrTransaction, table: CopiedTable): Promise<TableContent> {
  const sum = new ContentSum();
  for await (const row of readRows(store, table)) sum.add(row);
  return sum.content;
}

export const sameContent = (one: TableContent, other: TableContent): boolean =>
  one.rows === other.rows && one.digest === other.digest;
