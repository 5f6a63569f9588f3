import type { UserRow } from '../../contract/console-access.ts';
import { mayBeManaged, mayBeSeen } from '../../rules/role-changes.ts';
import { setUpOf } from '../../rules/sign-in-set-up.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { firstAdministrator } from '../auth/administrators.ts';
import { rolesOfEverybody } from '../auth/roles-of-everybody.ts';
import { waysIn } from '../auth/ways-in.ts';
import type { ServerContext } from '../context.ts';

/** Users whose roles reach into the schools of `scope`, by name. */
export async function readUsers(
  { store, owner }: ServerContext,
  { scope, askedBy, providerName }: { scope: SchoolScope; askedBy: string; providerName: string },
): Promise<UserRow[]> {
  const ways = await waysIn(store, owner.trustId);
  const roles = await rolesOfEverybody(store, owner.trustId);
  const rows = await store
    .selectFrom('console_users')
    .innerJoin('user', 'user.id', 'console_users.user_id')
    .select((row) => [
      'user.id',
      'user.name',
      'user.email',
      'console_users.created_at',
      'console_users.disabled_at',
      'console_users.last_sign_in_at',
      row
        .selectFrom('session')
        .whereRef('session.userId', '=', 'user.id')
        .where('session.expiresAt', '>', new Date().toISOString())
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('sessions'),
    ])
    .where('console_users.trust_id', '=', owner.trustId)
    .orderBy('user.name')
    .orderBy('user.id')
    .execute();
  return rows.flatMap((row): UserRow[] => {
    const theirs = roles.get(row.id) ?? [];
    const way = ways.get(row.id);
    if (way === undefined || !mayBeSeen(theirs, scope)) return [];
    return [
      {
        id: row.id,
        name: row.name,
        email: row.email,
        state: row.disabled_at !== null ? 'disabled' : setUpOf(way) === 'needed' ? 'invited' : 'active',
        roles: theirs,
        createdAt: row.created_at,
        lastSignInAt: row.last_sign_in_at,
        password: way.password,
        totp: way.totp,
        passkeys: way.passkeys,
        providers: way.providers > 0 ? [providerName] : [],
        sessions: Number(row.sessions ?? 0),
        manageable: row.id !== askedBy && row.email !== firstAdministrator && mayBeManaged(theirs, scope),
      },
    ];
  });
}
