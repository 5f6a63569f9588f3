import type { Role, RoleGrant } from '../../contract/roles.ts';
import { withoutDoubles } from '../../rules/role-changes.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { grantOf } from './roles.ts';

/** Every user's roles, by user id. */
export async function rolesOfEverybody(store: StoreOrTransaction, trustId: string): Promise<Map<string, RoleGrant[]>> {
  const rows = await store
    .selectFrom('console_roles')
    .select(['user_id', 'role', 'school_id'])
    .where('trust_id', '=', trustId)
    .orderBy('role')
    .orderBy('school_id')
    .execute();
  const byUser = Map.groupBy(rows, (row) => row.user_id);
  return new Map([...byUser].map(([userId, grants]) => [userId, withoutDoubles(grants.map(grantOf))]));
}

/** Users who have one of these roles in a school and may sign in, by name. */
export async function usersWith(
  store: StoreOrTransaction,
  trustId: string,
  roles: readonly Role[],
  schoolId: string,
): Promise<{ id: string; name: string }[]> {
  if (roles.length === 0) return [];
  return await store
    .selectFrom('console_roles')
    .innerJoin('console_users', (join) =>
      join
        .onRef('console_users.trust_id', '=', 'console_roles.trust_id')
        .onRef('console_users.user_id', '=', 'console_roles.user_id'),
    )
    .innerJoin('user', 'user.id', 'console_roles.user_id')
    .select(['user.id', 'user.name'])
    .distinct()
    .where('console_roles.trust_id', '=', trustId)
    .where('console_roles.role', 'in', roles)
    .where('console_roles.school_id', 'in', [schoolId, '*'])
    .where('console_users.disabled_at', 'is', null)
    .orderBy('user.name')
    .orderBy('user.id')
    .execute();
}
