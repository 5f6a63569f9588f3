import { z } from 'zod';
import type { ChangeRetention, PurgeRow, RetentionPreview } from '../../contract/console-privacy.ts';
import { auditActor } from '../../contract/audit.ts';
import { retentionCategory } from '../../contract/retention.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { keepInForce, monthsBefore } from '../../rules/retention.ts';
import type { ServerContext } from '../context.ts';
import { inScope } from '../store/in-scope.ts';
import { typesOf } from './event-types.ts';
import { heldInSql, holdsOf } from './holds.ts';
import { checkSchool, everySchool, keptWithoutDecision, readRetention } from './settings.ts';

const storedCounts = z.partialRecord(retentionCategory, z.int().min(0));

/** What was removed, newest first. */
export async function readPurges({ store, owner }: ServerContext, scope: SchoolScope): Promise<PurgeRow[]> {
  const rows = await store
    .selectFrom('purges')
    .leftJoin('schools', (join) =>
      join.onRef('schools.trust_id', '=', 'purges.trust_id').onRef('schools.school_id', '=', 'purges.school_id'),
    )
    .selectAll('purges')
    .select('schools.name as school')
    .where('purges.trust_id', '=', owner.trustId)
    .where(inScope('purges.school_id', scope))
    .orderBy('purges.started_at', 'desc')
    .limit(200)
    .execute();
  return rows.map((row) => {
    const counts = storedCounts.parse(JSON.parse(row.counts));
    return {
      id: row.purge_id,
      schoolId: row.school_id === everySchool ? null : row.school_id,
      school: row.school ?? (row.school_id === everySchool ? 'Every school' : row.school_id),
      kind: row.kind === 'person' ? 'person' : 'retention',
      state: row.state === 'done' ? 'done' : 'running',
      reason: row.reason,
      by: auditActor.parse(JSON.parse(row.actor)).name,
      personId: row.person_id,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      counts,
      records: Object.values(counts).reduce((sum, count) => sum + count, 0),
      otherRows: row.other_rows,
      oldestAt: row.oldest_at,
      newestAt: row.newest_at,
      stillHeld: row.still_held,
      digest: row.digest,
      audit:
        row.audit_number === null || row.audit_hash === null
          ? null
          : { number: row.audit_number, hash: row.audit_hash },
    };
  });
}

/** What a change would let go of at the next run, without changing anything. */
export async function previewChange(
  context: ServerContext,
  scope: SchoolScope,
  { schoolId, category, keep }: ChangeRetention,
): Promise<RetentionPreview> {
  const { store, owner } = context;
  await checkSchool(context, scope, schoolId);
  const now = context.now();
  const current = await readRetention(context, 'all');
  const trust = current.trust.find((one) => one.category === category)?.keep;
  const otherwise = await keptWithoutDecision(store, owner.trustId, category);
  const wanted = keep ?? keepInForce(undefined, schoolId === null ? undefined : trust, otherwise);
  const cutoff = monthsBefore(now, wanted.months);
  const preview: RetentionPreview = { records: 0, held: 0, before: cutoff, keep: wanted };
  for (const school of current.schools) {
    const decidedBy = school.categories.find((one) => one.category === category)?.decidedBy;
    if (schoolId === null ? decidedBy === 'school' : school.id !== schoolId) continue;
    const holds = await holdsOf(store, owner.trustId, school.id);
    let select = store
      .selectFrom('records')
      .where('records.trust_id', '=', owner.trustId)
      .where('records.school_id', '=', school.id)
      .where('records.type', 'in', typesOf[category])
      .where('records.received_at', '<', cutoff)
      .where('records.body', 'is not', null);
    if (wanted.from === 'lastSeen') {
      select = select.where((row) =>
        row.not(
          row.exists(
            row
              .selectFrom('people')
              .select('people.person_id')
              .whereRef('people.trust_id', '=', 'records.trust_id')
              .whereRef('people.person_id', '=', 'records.person_id')
              .where('people.last_seen_at', '>=', cutoff),
          ),
        ),
      );
    }
    const all = await select.select((row) => row.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
    const held =
      holds.length === 0
        ? { count: 0 }
        : await select
            .where(heldInSql(holds))
            .select((row) => row.fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow();
    preview.records += Number(all.count) - Number(held.count);
    preview.held += Number(held.count);
  }
  return preview;
}
