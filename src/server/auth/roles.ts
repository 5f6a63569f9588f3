import { role, type Role, type RoleGrant, type SchoolScope } from '../../contract/roles.ts';
import { withoutDoubles } from '../../rules/role-changes.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/** Stands in `school_id` for every school of the trust. */
const everySchool = '*';

/** One row as a grant. */
export const grantOf = (row: { role: string; school_id: string }): RoleGrant => ({
  role: role.parse(row.role),
  schools: row.school_id === everySchool ? 'all' : [row.school_id],
});

/** The roles somebody has, each with its schools. */
export async function rolesOf(store: StoreOrTransaction, trustId: string, userId: string): Promise<RoleGrant[]> {
  const rows = await store
    .selectFrom('console_roles')
    .select(['role', 'school_id'])
    .where('trust_id', '=', trustId)
    .where('user_id', '=', userId)
    .orderBy('role')
    .orderBy('school_id')
    .execute();
  return withoutDoubles(rows.map(grantOf));
}

export async function giveRole(
  store: StoreOrTransaction,
  trustId: string,
  userId: string,
  name: Role,
  schools: SchoolScope,
): Promise<void> {
  const rows = (schools === 'all' ? [everySchool] : schools).map((schoolId) => ({
    trust_id: trustId,
    user_id: userId,
    role: name,
    school_id: schoolId,
  }));
  await store
    .insertInto('console_roles')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Gives somebody exactly these roles. */
export async function replaceRoles(
  store: StoreOrTransaction,
  trustId: string,
  userId: string,
  roles: readonly RoleGrant[],
): Promise<void> {
  await store.deleteFrom('console_roles').where('trust_id', '=', trustId).where('user_id', '=', userId).execute();
  for (const { role: name, schools } of roles) await giveRole(store, trustId, userId, name, schools);
}
