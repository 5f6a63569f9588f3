import { sql, type Expression, type SqlBool } from 'kysely';
import type { SchoolScope } from '../../contract/roles.ts';

/** Does a row belong to one of the schools somebody may see? `column` is the row's `school_id`. */
export function inScope(column: string, scope: SchoolScope): Expression<SqlBool> {
  if (scope === 'all') return sql<SqlBool>`1 = 1`;
  if (scope.length === 0) return sql<SqlBool>`1 = 0`;
  return sql<SqlBool>`${sql.ref(column)} in (${sql.join(scope)})`;
}
