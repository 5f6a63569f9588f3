import type { z } from 'zod';
import { auditBody, type AuditEntry } from '../../contract/audit.ts';
import type { auditExportQuery, auditList, AuditQuery } from '../../contract/console-access.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import { auditSentence } from './sentence.ts';

type Filters = z.infer<typeof auditExportQuery>;

/** Entries of the schools of `scope` that fit; what concerns the whole trust only for `all`. */
function matching(store: StoreOrTransaction, trustId: string, scope: SchoolScope, filters: Filters) {
  let select = store
    .selectFrom('audit_entries')
    .select(['number', 'body', 'prev', 'hash'])
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope));
  const { actor, action, subject, school, from, until } = filters;
  if (actor !== undefined) select = select.where('actor_id', '=', actor);
  if (action !== undefined) select = select.where('action', '=', action);
  if (subject !== undefined) select = select.where('subject', '=', subject);
  if (school !== undefined) select = select.where('school_id', '=', school);
  if (from !== undefined) select = select.where('at', '>=', new Date(from).toISOString());
  if (until !== undefined) select = select.where('at', '<', new Date(until).toISOString());
  return select;
}

const entryOf = (row: { body: string; prev: string; hash: string }): AuditEntry => ({
  body: auditBody.parse(JSON.parse(row.body)),
  prev: row.prev,
  hash: row.hash,
});

/** One page of the trail, newest first. */
export async function readTrail(
  { store, owner }: ServerContext,
  scope: SchoolScope,
  { before, limit, ...filters }: AuditQuery,
): Promise<z.infer<typeof auditList>> {
  const rows = await matching(store, owner.trustId, scope, filters)
    .$if(before !== undefined, (select) => select.where('number', '<', before ?? 0))
    .orderBy('number', 'desc')
    .limit(limit + 1)
    .execute();
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(entryOf).map((entry) => ({ ...entry, sentence: auditSentence(entry.body) })),
    next: rows.length > limit && last !== undefined ? Number(last.number) : null,
  };
}

/** Rows read at once; in between, others are served. */
const exportPage = 500;

/** The trail as JSON lines, oldest first, page by page: memory does not grow with it. */
export async function* exportTrail(
  { store, owner }: ServerContext,
  scope: SchoolScope,
  filters: Filters,
): AsyncGenerator<string> {
  for (let after = 0; ;) {
    const rows = await matching(store, owner.trustId, scope, filters)
      .where('number', '>', after)
      .orderBy('number')
      .limit(exportPage)
      .execute();
    if (rows.length > 0) yield rows.map((row) => `${JSON.stringify(entryOf(row))}\n`).join('');
    const last = rows.at(-1);
    if (last === undefined || rows.length < exportPage) return;
    after = Number(last.number);
  }
}
