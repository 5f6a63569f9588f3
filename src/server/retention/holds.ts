import { randomUUID } from 'node:crypto';
import { sql, type Expression, type SqlBool } from 'kysely';
import type { z } from 'zod';
import type { AuditActor } from '../../contract/audit.ts';
import type { attention } from '../../contract/console.ts';
import { holdKind, type HoldRow, type PlaceHold } from '../../contract/console-privacy.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { coversSchool } from '../../rules/console-access.ts';
import type { HoldTerms } from '../../rules/retention.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { takeNumbers } from '../store/counters.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import type { LegalHoldTable } from '../store/tables.ts';
import { checkSchool } from './settings.ts';

const termsOf = (row: LegalHoldTable): HoldTerms => ({
  kind: holdKind.parse(row.kind),
  schoolId: row.school_id,
  personId: row.person_id,
  deviceId: row.device_id,
  from: row.from_at,
  to: row.to_at,
});

/** Every hold that counts in a school. */
export async function holdsOf(store: StoreOrTransaction, trustId: string, schoolId: string): Promise<HoldTerms[]> {
  const rows = await store
    .selectFrom('legal_holds')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where('ended_at', 'is', null)
    .execute();
  return rows.map(termsOf);
}

/** `holdCovers` of the rules, as a condition on `records`. */
export function heldInSql(holds: readonly HoldTerms[]): Expression<SqlBool> {
  if (holds.length === 0) return sql<SqlBool>`1 = 0`;
  const within = (column: string, { from, to }: HoldTerms) =>
    sql`(${from === null ? sql`1 = 1` : sql`${sql.ref(column)} >= ${from}`} and ${to === null ? sql`1 = 1` : sql`${sql.ref(column)} <= ${to}`})`;
  const one = (hold: HoldTerms) => {
    const what =
      hold.kind === 'person'
        ? sql`coalesce(records.person_id, '') = ${hold.personId ?? ''}`
        : hold.kind === 'machine'
          ? sql`records.device_id = ${hold.deviceId ?? ''}`
          : sql`1 = 1`;
    return sql`(records.school_id = ${hold.schoolId} and ${what} and (${within('records.received_at', hold)} or (records.at is not null and ${within('records.at', hold)})))`;
  };
  return sql<SqlBool>`(${sql.join(holds.map(one), sql` or `)})`;
}

/** Holds that count first, then ended ones, newest first. */
export async function readHolds({ store, owner }: ServerContext, scope: SchoolScope): Promise<HoldRow[]> {
  const rows = await store
    .selectFrom('legal_holds')
    .leftJoin('schools', (join) =>
      join
        .onRef('schools.trust_id', '=', 'legal_holds.trust_id')
        .onRef('schools.school_id', '=', 'legal_holds.school_id'),
    )
    .leftJoin('people', (join) =>
      join
        .onRef('people.trust_id', '=', 'legal_holds.trust_id')
        .onRef('people.person_id', '=', 'legal_holds.person_id'),
    )
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'legal_holds.trust_id')
        .onRef('devices.device_id', '=', 'legal_holds.device_id'),
    )
    .selectAll('legal_holds')
    .select(['schools.name as school', 'people.account_name as person', 'devices.hostname as machine'])
    .where('legal_holds.trust_id', '=', owner.trustId)
    .where(inScope('legal_holds.school_id', scope))
    .orderBy((row) => row.case().when('legal_holds.ended_at', 'is', null).then(0).else(1).end())
    .orderBy('legal_holds.created_at', 'desc')
    .limit(500)
    .execute();
  return rows.map((row) => {
    const school = row.school ?? row.school_id;
    return {
      id: row.hold_id,
      ...termsOf(row),
      school,
      what:
        row.kind === 'person'
          ? (row.person ?? 'somebody whose record is gone')
          : row.kind === 'machine'
            ? (row.machine ?? 'a machine')
            : school,
      reason: row.reason,
      owner: row.owner,
      reviewOn: row.review_on,
      createdAt: row.created_at,
      createdBy: row.created_by,
      endedAt: row.ended_at,
      endedBy: row.ended_by,
      endReason: row.end_reason,
    };
  });
}

/** The school of a person or machine within the scope. @throws RequestRefused when there is none. */
async function schoolOf(context: ServerContext, scope: SchoolScope, wanted: PlaceHold): Promise<string> {
  const { store, owner } = context;
  if (wanted.kind === 'school') {
    await checkSchool(context, scope, wanted.schoolId);
    return wanted.schoolId;
  }
  const row =
    wanted.kind === 'person'
      ? await store
          .selectFrom('people')
          .select('school_id')
          .where('trust_id', '=', owner.trustId)
          .where('person_id', '=', wanted.personId)
          .executeTakeFirst()
      : await store
          .selectFrom('devices')
          .select('school_id')
          .where('trust_id', '=', owner.trustId)
          .where('device_id', '=', wanted.deviceId)
          .executeTakeFirst();
  if (row === undefined || !coversSchool(scope, row.school_id)) throw notFound(wanted.kind);
  return row.school_id;
}

/** Places a hold. A purge under way leaves alone what it covers from its next batch on. */
export async function place(
  context: ServerContext,
  scope: SchoolScope,
  wanted: PlaceHold,
  actor: AuditActor,
): Promise<string> {
  const now = context.now().toISOString();
  if (wanted.reviewOn < now.slice(0, 10)) {
    const detail = 'reviewOn: the day of the review has passed. Choose one in the future.';
    throw new RequestRefused(400, { code: 'privacy.reviewPassed', detail, field: 'reviewOn' });
  }
  const schoolId = await schoolOf(context, scope, wanted);
  const id = randomUUID();
  const { trustId } = context.owner;
  const personId = wanted.kind === 'person' ? wanted.personId : null;
  const deviceId = wanted.kind === 'machine' ? wanted.deviceId : null;
  await context.store.transaction().execute(async (transaction) => {
    await takeNumbers(transaction, trustId, 'retention', 1);
    await transaction
      .insertInto('legal_holds')
      .values({
        trust_id: trustId,
        school_id: schoolId,
        hold_id: id,
        kind: wanted.kind,
        person_id: personId,
        device_id: deviceId,
        from_at: wanted.from,
        to_at: wanted.to,
        reason: wanted.reason,
        owner: wanted.owner,
        review_on: wanted.reviewOn,
        created_at: now,
        created_by: actor.name,
        ended_at: null,
        ended_by: null,
        end_reason: null,
      })
      .execute();
    await recordAction(transaction, context, {
      action: 'hold.placed',
      actor,
      schoolId,
      subject: personId ?? deviceId ?? schoolId,
      detail: { holdId: id, ...wanted },
    });
  });
  return id;
}

/** @throws RequestRefused when there is no such hold, or it was ended already. */
export async function endIt(
  context: ServerContext,
  scope: SchoolScope,
  id: string,
  reason: string,
  actor: AuditActor,
): Promise<void> {
  const { trustId } = context.owner;
  await context.store.transaction().execute(async (transaction) => {
    await takeNumbers(transaction, trustId, 'retention', 1);
    const row = await transaction
      .selectFrom('legal_holds')
      .selectAll()
      .where('trust_id', '=', trustId)
      .where('hold_id', '=', id)
      .where(inScope('legal_holds.school_id', scope))
      .executeTakeFirst();
    if (row === undefined) throw notFound('hold');
    if (row.ended_at !== null) {
      const detail = `${row.ended_by ?? 'Somebody'} ended this hold already. Reload to see when.`;
      throw new RequestRefused(409, { code: 'privacy.holdEnded', detail });
    }
    await transaction
      .updateTable('legal_holds')
      .set({ ended_at: context.now().toISOString(), ended_by: actor.name, end_reason: reason })
      .where('trust_id', '=', trustId)
      .where('hold_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'hold.ended',
      actor,
      schoolId: row.school_id,
      subject: row.person_id ?? row.device_id ?? row.school_id,
      detail: { holdId: id, reason },
    });
  });
}

/** That the day came on which somebody wanted to look at a hold again. */
export async function holdAttention(
  { store, owner, now }: ServerContext,
  scope: SchoolScope,
): Promise<z.infer<typeof attention>[]> {
  const { count } = await store
    .selectFrom('legal_holds')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .where('ended_at', 'is', null)
    .where('review_on', '<', now().toISOString().slice(0, 10))
    .executeTakeFirstOrThrow();
  if (Number(count) === 0) return [];
  const sentence =
    Number(count) === 1
      ? 'A legal hold is past the day it was to be looked at again.'
      : `${String(count)} legal holds are past the day they were to be looked at again.`;
  return [{ kind: 'holdReview', sentence, href: '/settings/privacy/holds' }];
}
