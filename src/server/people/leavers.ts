import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { AuditActor } from '../../contract/audit.ts';
import type { Leave, Leaver } from '../../contract/console-standing.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import type { Tables } from '../store/tables.ts';

const personIn = async ({ store, owner }: ServerContext, scope: SchoolScope, id: string) => {
  const found = await store
    .selectFrom('people')
    .select(['person_id', 'school_id', 'account_name', 'left_at'])
    .where('trust_id', '=', owner.trustId)
    .where('person_id', '=', id)
    .where(inScope('people.school_id', scope))
    .executeTakeFirst();
  if (found === undefined) throw notFound('person');
  return found;
};

/** Who has left: those with something still to return first, then the latest to leave. */
export async function readLeavers({ store, owner }: ServerContext, scope: SchoolScope): Promise<Leaver[]> {
  const rows = await store
    .selectFrom('people')
    .leftJoin('schools', (join) =>
      join.onRef('schools.trust_id', '=', 'people.trust_id').onRef('schools.school_id', '=', 'people.school_id'),
    )
    .select([
      'people.person_id',
      'people.account_name',
      'people.printed_name',
      'people.school_id',
      'people.left_at',
      'people.left_by',
      'people.left_note',
      'people.last_seen_at',
      'people.seen_after_leaving_at',
      'schools.name as school',
    ])
    .where('people.trust_id', '=', owner.trustId)
    .where('people.left_at', 'is not', null)
    .where(inScope('people.school_id', scope))
    .orderBy('people.left_at', 'desc')
    .limit(1_000)
    .execute();
  const items = await store
    .selectFrom('equipment')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where(inScope('equipment.school_id', scope))
    .orderBy('added_at')
    .execute();
  const leavers = rows.map((row): Leaver => ({
    personId: row.person_id,
    name: row.account_name,
    printedName: row.printed_name,
    school: row.school ?? row.school_id,
    leftAt: row.left_at ?? row.last_seen_at,
    leftBy: row.left_by ?? '',
    note: row.left_note,
    lastSeenAt: row.last_seen_at,
    seenAfterLeavingAt: row.seen_after_leaving_at,
    equipment: items
      .filter((item) => item.person_id === row.person_id)
      .map((item) => ({
        id: item.equipment_id,
        what: item.what,
        addedAt: item.added_at,
        addedBy: item.added_by,
        returnedAt: item.returned_at,
        returnedTo: item.returned_to,
      })),
  }));
  const owes = ({ equipment }: Leaver): boolean => equipment.some(({ returnedAt }) => returnedAt === null);
  return [...leavers.filter(owes), ...leavers.filter((one) => !owes(one))];
}

/**
 * Somebody leaves: what they accepted is closed, so that their account would be asked for everything again, and any sign
 * of it from their last day on is told. @throws RequestRefused 404, or 409 when they have left already.
 */
export async function leaveSchool(
  context: ServerContext,
  scope: SchoolScope,
  id: string,
  { on, note, equipment }: Leave,
  actor: AuditActor,
): Promise<void> {
  const person = await personIn(context, scope, id);
  if (person.left_at !== null) {
    throw new RequestRefused(409, { code: 'person.left', detail: 'This person is already marked as having left.' });
  }
  const now = context.now().toISOString();
  if (on !== undefined && on > now.slice(0, 10)) {
    throw new RequestRefused(409, {
      code: 'person.leavesLater',
      field: 'on',
      detail: 'This day is still to come. Mark them on their last day, or after it.',
    });
  }
  // The last day itself still counts as theirs.
  const leftAt = on === undefined || on === now.slice(0, 10) ? now : `${on}T23:59:59.999Z`;
  await context.store.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('people')
      .set({ left_at: leftAt, left_by: actor.name, left_note: note, closed_at: now, seen_after_leaving_at: null })
      .where('trust_id', '=', context.owner.trustId)
      .where('person_id', '=', id)
      .execute();
    for (const what of equipment) await insertEquipment(transaction, context, person, what, actor, now);
    await recordAction(transaction, context, {
      action: 'person.left',
      actor,
      schoolId: person.school_id,
      subject: id,
      detail: { leftAt, note, equipment: equipment.length },
    });
  });
}

/** They work here again; what they had accepted stays closed, so they accept anew. */
export async function comeBackToSchool(
  context: ServerContext,
  scope: SchoolScope,
  id: string,
  note: string,
  actor: AuditActor,
): Promise<void> {
  const person = await personIn(context, scope, id);
  if (person.left_at === null) {
    throw new RequestRefused(409, { code: 'person.notLeft', detail: 'This person is not marked as having left.' });
  }
  await context.store.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('people')
      .set({ left_at: null, left_by: null, left_note: '', seen_after_leaving_at: null })
      .where('trust_id', '=', context.owner.trustId)
      .where('person_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'person.back',
      actor,
      schoolId: person.school_id,
      subject: id,
      detail: { note },
    });
  });
}

/** Notes something of the school's that a person has. */
export async function addEquipmentOf(
  context: ServerContext,
  scope: SchoolScope,
  id: string,
  what: string,
  actor: AuditActor,
): Promise<void> {
  const person = await personIn(context, scope, id);
  await context.store.transaction().execute(async (transaction) => {
    await insertEquipment(transaction, context, person, what, actor, context.now().toISOString());
    await recordAction(transaction, context, {
      action: 'equipment.added',
      actor,
      schoolId: person.school_id,
      subject: id,
      detail: { what },
    });
  });
}

async function insertEquipment(
  transaction: Transaction<Tables>,
  { owner }: ServerContext,
  person: { person_id: string; school_id: string },
  what: string,
  actor: AuditActor,
  at: string,
): Promise<void> {
  await transaction
    .insertInto('equipment')
    .values({
      trust_id: owner.trustId,
      school_id: person.school_id,
      equipment_id: randomUUID(),
      person_id: person.person_id,
      what,
      added_at: at,
      added_by: actor.name,
      returned_at: null,
      returned_to: null,
    })
    .execute();
}

/** Something came back. @throws RequestRefused 404, or 409 when it is back already. */
export async function equipmentReturned(
  context: ServerContext,
  scope: SchoolScope,
  id: string,
  actor: AuditActor,
): Promise<void> {
  const { store, owner } = context;
  const item = await store
    .selectFrom('equipment')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('equipment_id', '=', id)
    .where(inScope('equipment.school_id', scope))
    .executeTakeFirst();
  if (item === undefined) throw notFound('equipment');
  await store.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('equipment')
      .set({ returned_at: context.now().toISOString(), returned_to: actor.name })
      .where('trust_id', '=', owner.trustId)
      .where('equipment_id', '=', id)
      .where('returned_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) {
      throw new RequestRefused(409, { code: 'equipment.returned', detail: 'This came back already.' });
    }
    await recordAction(transaction, context, {
      action: 'equipment.returned',
      actor,
      schoolId: item.school_id,
      subject: item.person_id,
      detail: { what: item.what },
    });
  });
}
