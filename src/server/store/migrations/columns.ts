import type { CreateTableBuilder } from 'kysely';

export const required = <C extends { notNull(): C }>(column: C): C => column.notNull();

/** Adds `trust_id` and `school_id`, with which every table of ours begins. */
export function keyed<T extends string>(table: CreateTableBuilder<T>): CreateTableBuilder<T, string> {
  return table.addColumn('trust_id', 'text', required).addColumn('school_id', 'text', required);
}
