import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { AuditAction } from '../../contract/audit.ts';
import type { InviteUser } from '../../contract/console-access.ts';
import type { RoleGrant, SchoolScope } from '../../contract/roles.ts';
import { isTrustAdministrator, isWithin, mayBeManaged, mayBeSeen, withoutDoubles } from '../../rules/role-changes.ts';
import { recordAction, type Doer } from '../audit/record-action.ts';
import { firstAdministrator } from '../auth/administrators.ts';
import { endInvitations, makeInvitation } from '../auth/links.ts';
import { replaceRoles, rolesOf } from '../auth/roles.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import type { Tables } from '../store/tables.ts';

interface Change {
  transaction: Transaction<Tables>;
  context: ServerContext;
  by: Doer;
}

export interface UserLink {
  id: string;
  link: string;
  expiresAt: string;
}

const refused = (status: number, code: string, detail: string, field?: string) =>
  new RequestRefused(status, field === undefined ? { code, detail } : { code, detail, field });

/** Makes a user who signs in first with the link. @throws RequestRefused 400, 403 or 409. */
export async function inviteUser(context: ServerContext, given: InviteUser, by: Doer): Promise<UserLink> {
  return await context.store.transaction().execute(async (transaction) => {
    const roles = await givable({ transaction, context, by }, given.roles);
    const known = await transaction.selectFrom('user').select('id').where('email', '=', given.email).executeTakeFirst();
    if (known !== undefined) {
      throw refused(409, 'user.known', 'There is a user with this e-mail address already.', 'email');
    }
    const id = randomUUID();
    const now = context.now().toISOString();
    await transaction
      .insertInto('user')
      .values({
        id,
        name: given.name,
        email: given.email,
        // Who invites vouches for the address; a provider's word for the same address then is this user's.
        emailVerified: 1,
        image: null,
        createdAt: now,
        updatedAt: now,
        twoFactorEnabled: 0,
      })
      .execute();
    await transaction
      .insertInto('console_users')
      .values({
        trust_id: context.owner.trustId,
        user_id: id,
        created_at: now,
        must_set_up: 1,
        disabled_at: null,
        last_sign_in_at: null,
        last_code_hash: null,
        last_code_at: null,
      })
      .execute();
    await replaceRoles(transaction, context.owner.trustId, id, roles);
    const made = await makeInvitation(transaction, context, id);
    await note({ transaction, context, by }, 'user.invited', id, roles, {
      name: given.name,
      email: given.email,
      roles,
    });
    return { id, ...made };
  });
}

/** Gives a user exactly these roles and ends their sessions. @throws RequestRefused 400, 403, 404 or 409. */
export async function setRoles(
  context: ServerContext,
  id: string,
  wanted: readonly RoleGrant[],
  by: Doer,
): Promise<void> {
  await change(context, id, by, async (one, before) => {
    const roles = await givable(one, wanted);
    await replaceRoles(one.transaction, context.owner.trustId, id, roles);
    await endSessions(one, id);
    await note(one, 'user.rolesSet', id, [...before, ...roles], { before, roles });
    if (isTrustAdministrator(before) && !isTrustAdministrator(roles)) await refuseLast(one);
  });
}

/** Keeps a user out from now on. @throws RequestRefused 403, 404 or 409. */
export async function disableUser(context: ServerContext, id: string, by: Doer): Promise<void> {
  await change(context, id, by, async (one, roles) => {
    await one.transaction
      .updateTable('console_users')
      .set({ disabled_at: context.now().toISOString() })
      .where('trust_id', '=', context.owner.trustId)
      .where('user_id', '=', id)
      .where('disabled_at', 'is', null)
      .execute();
    await endSessions(one, id);
    await endInvitations(one.transaction, context, id);
    await note(one, 'user.disabled', id, roles);
    if (isTrustAdministrator(roles)) await refuseLast(one);
  });
}

/** Lets a disabled user in again. @throws RequestRefused 403 or 404. */
export async function enableUser(context: ServerContext, id: string, by: Doer): Promise<void> {
  await change(context, id, by, async (one, roles) => {
    await one.transaction
      .updateTable('console_users')
      .set({ disabled_at: null })
      .where('trust_id', '=', context.owner.trustId)
      .where('user_id', '=', id)
      .execute();
    await note(one, 'user.enabled', id, roles);
  });
}

/** Takes every way to sign in from a user and makes a link to begin again with. @throws RequestRefused 403, 404 or 409. */
export async function resetUser(context: ServerContext, id: string, by: Doer): Promise<UserLink> {
  return await change(context, id, by, async (one, roles) => {
    const { transaction } = one;
    const { disabled_at } = await transaction
      .selectFrom('console_users')
      .select('disabled_at')
      .where('trust_id', '=', context.owner.trustId)
      .where('user_id', '=', id)
      .executeTakeFirstOrThrow();
    if (disabled_at !== null) throw refused(409, 'user.disabled', 'This user is disabled. Let them in again first.');
    await transaction.deleteFrom('twoFactor').where('userId', '=', id).execute();
    await transaction.deleteFrom('passkey').where('userId', '=', id).execute();
    await transaction.deleteFrom('account').where('userId', '=', id).execute();
    await transaction.updateTable('user').set({ twoFactorEnabled: 0 }).where('id', '=', id).execute();
    await endSessions(one, id);
    const made = await makeInvitation(transaction, context, id);
    await note(one, 'user.reset', id, roles);
    return { id, ...made };
  });
}

/** @throws RequestRefused 403 or 404. */
export async function endUserSessions(context: ServerContext, id: string, by: Doer): Promise<void> {
  await change(context, id, by, async (one, roles) => {
    await endSessions(one, id);
    await note(one, 'user.sessionsEnded', id, roles);
  });
}

/** Runs a change of a user whom the one who asks may change. A user they may not see is not there for them. */
async function change<T>(
  context: ServerContext,
  id: string,
  by: Doer,
  act: (change: Change, roles: RoleGrant[]) => Promise<T>,
): Promise<T> {
  return await context.store.transaction().execute(async (transaction) => {
    const user = await transaction
      .selectFrom('console_users')
      .innerJoin('user', 'user.id', 'console_users.user_id')
      .select('user.email')
      .where('console_users.trust_id', '=', context.owner.trustId)
      .where('console_users.user_id', '=', id)
      .executeTakeFirst();
    const roles = await rolesOf(transaction, context.owner.trustId, id);
    if (user === undefined || !mayBeSeen(roles, by.scope)) throw notFound('user');
    if (user.email === firstAdministrator) {
      throw refused(
        403,
        'user.builtIn',
        'This user is the way in with a link from the server itself, so it stays as it is. Nothing was changed.',
      );
    }
    if (id === by.actor.id) {
      throw refused(403, 'user.self', 'Nobody changes their own roles or access. Ask another administrator.');
    }
    if (!mayBeManaged(roles, by.scope)) {
      throw refused(
        403,
        'user.beyondScope',
        'This user also has roles in schools you do not manage. Ask an administrator of the whole trust.',
      );
    }
    return await act({ transaction, context, by }, roles);
  });
}

/** @throws RequestRefused 400 for a school that is not there, 403 for one that is not the giver's to give. */
async function givable({ transaction, context, by }: Change, wanted: readonly RoleGrant[]): Promise<RoleGrant[]> {
  const roles = withoutDoubles(wanted);
  const rows = await transaction
    .selectFrom('schools')
    .select('school_id')
    .where('trust_id', '=', context.owner.trustId)
    .execute();
  const schools = new Set(rows.map((row) => row.school_id));
  for (const [index, grant] of roles.entries()) {
    if (!isWithin(grant.schools, by.scope)) {
      const detail = 'You can give roles only for the schools you manage users of.';
      throw refused(403, 'user.beyondScope', detail, `roles.${index}.schools`);
    }
    const unknown = grant.schools === 'all' ? undefined : grant.schools.find((school) => !schools.has(school));
    if (unknown !== undefined) {
      throw refused(400, 'user.noSchool', `There is no school "${unknown}".`, `roles.${index}.schools`);
    }
  }
  return roles;
}

async function endSessions({ transaction }: Change, id: string): Promise<void> {
  await transaction.deleteFrom('session').where('userId', '=', id).execute();
}

/** One school's, when everything it concerns is in that one. */
function schoolOf(roles: readonly RoleGrant[]): string | null {
  const scopes: SchoolScope[] = roles.map(({ schools }) => schools);
  if (scopes.includes('all')) return null;
  const schools = new Set(scopes.flat());
  return schools.size === 1 ? ([...schools][0] ?? null) : null;
}

async function note(
  { transaction, context, by }: Change,
  action: AuditAction,
  subject: string,
  roles: readonly RoleGrant[],
  detail: Record<string, unknown> = {},
): Promise<void> {
  await recordAction(transaction, context, { action, actor: by.actor, schoolId: schoolOf(roles), subject, detail });
}

/**
 * Called last, after the change's entry: that has locked the trail's counter, so two administrators who remove each other
 * at the same moment are looked at one after the other.
 */
async function refuseLast({ transaction, context }: Change): Promise<void> {
  const left = await transaction
    .selectFrom('console_roles')
    .innerJoin('console_users', (join) =>
      join
        .onRef('console_users.trust_id', '=', 'console_roles.trust_id')
        .onRef('console_users.user_id', '=', 'console_roles.user_id'),
    )
    .innerJoin('user', 'user.id', 'console_roles.user_id')
    .select('console_roles.user_id')
    .where('console_roles.trust_id', '=', context.owner.trustId)
    .where('console_roles.role', '=', 'administrator')
    .where('console_roles.school_id', '=', '*')
    .where('console_users.disabled_at', 'is', null)
    .where('user.email', '!=', firstAdministrator)
    .limit(1)
    .executeTakeFirst();
  if (left !== undefined) return;
  throw refused(
    409,
    'user.lastAdministrator',
    'This is the last administrator of the whole trust. Make somebody else one first.',
  );
}
