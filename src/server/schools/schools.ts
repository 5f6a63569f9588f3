import { schoolId, type SchoolScope } from '../../contract/roles.ts';
import type { SchoolRow } from '../../contract/console-access.ts';
import { recordAction, type Doer } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';

/** Schools by name, with how much there is of each. */
export async function readSchools({ store, owner }: ServerContext, scope: SchoolScope): Promise<SchoolRow[]> {
  const rows = await store
    .selectFrom('schools')
    .select((row) => [
      'schools.school_id',
      'schools.name',
      'schools.created_at',
      row
        .selectFrom('devices')
        .whereRef('devices.trust_id', '=', 'schools.trust_id')
        .whereRef('devices.school_id', '=', 'schools.school_id')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('machines'),
      row
        .selectFrom('people')
        .whereRef('people.trust_id', '=', 'schools.trust_id')
        .whereRef('people.school_id', '=', 'schools.school_id')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('people'),
    ])
    .where('schools.trust_id', '=', owner.trustId)
    .where(inScope('schools.school_id', scope))
    .orderBy('schools.name')
    .orderBy('schools.school_id')
    .execute();
  return rows.map((row) => ({
    id: row.school_id,
    name: row.name,
    createdAt: row.created_at,
    machines: Number(row.machines ?? 0),
    people: Number(row.people ?? 0),
  }));
}

/** Adds a school to the trust. @throws RequestRefused 400 for a name no id can be made of, 409 for an id that is taken. */
export async function addSchool(
  context: ServerContext,
  given: { id?: string | undefined; name: string },
  by: Doer,
): Promise<{ id: string }> {
  const id = given.id ?? idFrom(given.name);
  await context.store.transaction().execute(async (transaction) => {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('schools')
      .values({
        trust_id: context.owner.trustId,
        school_id: id,
        name: given.name,
        created_at: context.now().toISOString(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows !== 1n) {
      throw new RequestRefused(409, {
        code: 'school.known',
        detail: `There is a school with the id "${id}" already. Give this one another id.`,
        field: 'id',
      });
    }
    await recordAction(transaction, context, {
      action: 'school.added',
      actor: by.actor,
      schoolId: id,
      subject: id,
      detail: { name: given.name },
    });
  });
  return { id };
}

/** @throws RequestRefused 404. */
export async function renameSchool(context: ServerContext, id: string, name: string, by: Doer): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const before = await transaction
      .selectFrom('schools')
      .select('name')
      .where('trust_id', '=', context.owner.trustId)
      .where('school_id', '=', id)
      .where(inScope('school_id', by.scope))
      .executeTakeFirst();
    if (before === undefined) throw notFound('school');
    await transaction
      .updateTable('schools')
      .set({ name })
      .where('trust_id', '=', context.owner.trustId)
      .where('school_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'school.renamed',
      actor: by.actor,
      schoolId: id,
      subject: id,
      detail: { before: before.name, name },
    });
  });
}

/** `St Mary's Primary` as `st-mary-s-primary`. @throws RequestRefused 400 when nothing is left of it. */
function idFrom(name: string): string {
  const made = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  const id = schoolId.safeParse(made);
  if (id.success) return id.data;
  throw new RequestRefused(400, {
    code: 'school.invalid',
    detail: 'No id can be made from this name. Give one of lower-case letters, digits and hyphens.',
    field: 'id',
  });
}
