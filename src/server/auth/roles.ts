import { role, type Role, type RoleGrant, type SchoolScope } from '../../contract/roles.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/** Stands in `school_id` for every school of the trust. */
const everySchool = '*';

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
  const found = new Map<Role, SchoolScope>();
  for (const row of rows) {
    const name = role.parse(row.role);
    const before = found.get(name) ?? [];
    found.set(name, before === 'all' || row.school_id === everySchool ? 'all' : [...before, row.school_id]);
  }
  return [...found].map(([name, schools]) => ({ role: name, schools }));
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
