import { sql, type Expression, type SqlBool } from 'kysely';

/** Does a lower-case column contain what was typed, taken literally? */
export function containing(column: string, typed: string): Expression<SqlBool> {
  const literal = typed.toLowerCase().replaceAll(/[\\%_]/g, (mark) => `\\${mark}`);
  return sql<SqlBool>`${sql.ref(column)} like ${`%${literal}%`} escape '\\'`;
}
