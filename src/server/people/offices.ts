import type { Offices, SetOffice } from '../../contract/console-standing.ts';
import { counterSigner, type CounterSigner } from '../../contract/policy-asking.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { coversSchool } from '../../rules/console-access.ts';
import type { AuditActor } from '../../contract/audit.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import type { ConsoleUser } from '../http/access.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';

/** The offices somebody holds, and in which schools. */
export async function officesOf(
  { store, owner }: Pick<ServerContext, 'store' | 'owner'>,
  user: ConsoleUser | null,
): Promise<{ schoolId: string; office: CounterSigner }[]> {
  if (user === null) return [];
  const rows = await store
    .selectFrom('offices')
    .select(['school_id', 'office'])
    .where('trust_id', '=', owner.trustId)
    .where('user_id', '=', user.id)
    .execute();
  return rows.flatMap(({ school_id: schoolId, office }) => {
    const known = counterSigner.safeParse(office).data;
    return known === undefined ? [] : [{ schoolId, office: known }];
  });
}

/** Who holds which office in the schools of the scope. */
export async function readOffices({ store, owner }: ServerContext, scope: SchoolScope): Promise<Offices> {
  const schools = await store
    .selectFrom('schools')
    .select(['school_id', 'name'])
    .where('trust_id', '=', owner.trustId)
    .where(inScope('schools.school_id', scope))
    .orderBy('name')
    .execute();
  const held = await store
    .selectFrom('offices')
    .select(['school_id', 'office', 'user_id'])
    .where('trust_id', '=', owner.trustId)
    .orderBy('user_id')
    .execute();
  const users = await store
    .selectFrom('user')
    .innerJoin('console_roles', 'console_roles.user_id', 'user.id')
    .select(['user.id', 'user.name'])
    .distinct()
    .innerJoin('console_users', (join) =>
      join
        .onRef('console_users.trust_id', '=', 'console_roles.trust_id')
        .onRef('console_users.user_id', '=', 'console_roles.user_id'),
    )
    .where('console_roles.trust_id', '=', owner.trustId)
    .where('console_users.disabled_at', 'is', null)
    .orderBy('user.name')
    .execute();
  return {
    items: schools.flatMap(({ school_id: schoolId, name }) =>
      counterSigner.options.map((office) => ({
        schoolId,
        school: name,
        office,
        userIds: held.filter((one) => one.school_id === schoolId && one.office === office).map((one) => one.user_id),
      })),
    ),
    users,
  };
}

/** Says who holds an office in a school from now on. @throws RequestRefused for a school or user that is not there. */
export async function changeOffice(
  context: ServerContext,
  scope: SchoolScope,
  { schoolId, office, userIds }: SetOffice,
  actor: AuditActor,
): Promise<void> {
  const { store, owner } = context;
  const known = await readOffices(context, scope);
  if (!coversSchool(scope, schoolId) || !known.items.some((one) => one.schoolId === schoolId)) throw notFound('school');
  const unknown = userIds.find((id) => !known.users.some((user) => user.id === id));
  if (unknown !== undefined) {
    throw new RequestRefused(409, {
      code: 'office.unknownUser',
      field: 'userIds',
      detail: 'One of these is no user of the console. Invite them first, under Users.',
    });
  }
  await store.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('offices')
      .where('trust_id', '=', owner.trustId)
      .where('school_id', '=', schoolId)
      .where('office', '=', office)
      .execute();
    for (const userId of new Set(userIds)) {
      await transaction
        .insertInto('offices')
        .values({ trust_id: owner.trustId, school_id: schoolId, office, user_id: userId })
        .execute();
    }
    await recordAction(transaction, context, {
      action: 'office.set',
      actor,
      schoolId,
      subject: office,
      detail: { names: known.users.filter(({ id }) => userIds.includes(id)).map(({ name }) => name) },
    });
  });
}
