import type { Transaction } from 'kysely';
import type { AuditActor } from '../../contract/audit.ts';
import { recordAction, theServer } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { RequestRefused } from '../http/problems.ts';
import type { Tables } from '../store/tables.ts';
import type { Administrators } from './administrators.ts';
import { forgive, type Attempt } from './attempts.ts';
import type { Auth } from './better-auth.ts';

/** What sign-in works with. */
export interface SignInDesk {
  context: ServerContext;
  administrators: () => Administrators;
}

/** How somebody signed in, as the audit trail has it. */
export type Way = 'password' | 'totp' | 'backupCode' | 'passkey' | 'provider' | 'link' | 'invitation';

/** The one answer to every wrong attempt: it does not say what was wrong, nor whether there is such a user. */
export const signInRefused = () =>
  new RequestRefused(401, {
    code: 'signIn.refused',
    detail: 'This did not sign you in. Check what you typed, or ask an administrator of Usher for a new link.',
  });

export const signInExpired = () =>
  new RequestRefused(401, {
    code: 'signIn.expired',
    detail: 'Your password was given too long ago, in another browser, or too many codes were wrong. Begin again.',
  });

/** The cookies of an answer, as the browser sends them back. */
export const cookiesAsSent = (cookies: readonly string[]): Headers =>
  new Headers({ cookie: cookies.map((cookie) => cookie.split(';', 1)[0] ?? '').join('; ') });

/**
 * Completes a sign-in that better-auth let through: notes it on the user and in the audit trail, in the transaction.
 * @param auth better-auth on the same transaction.
 * @returns false for a disabled user, whose new session is ended again.
 */
export async function completeSignIn(
  transaction: Transaction<Tables>,
  { context }: SignInDesk,
  auth: Auth,
  { cookies, way, attempt }: { cookies: readonly string[]; way: Way; attempt: Attempt },
): Promise<boolean> {
  const found = await auth.api.getSession({ headers: cookiesAsSent(cookies) });
  if (found === null) throw new Error('A sign-in was let through without a session');
  const { trustId } = context.owner;
  const known = await transaction
    .updateTable('console_users')
    .set({ last_sign_in_at: context.now().toISOString() })
    .where('trust_id', '=', trustId)
    .where('user_id', '=', found.user.id)
    .where('disabled_at', 'is', null)
    .returning('user_id')
    .executeTakeFirst();
  if (known === undefined) {
    await transaction.deleteFrom('session').where('id', '=', found.session.id).execute();
    await noteFailure(transaction, context, { way, userId: found.user.id, address: attempt.address, why: 'disabled' });
    return false;
  }
  await forgive(transaction, context, attempt);
  await recordAction(transaction, context, {
    action: 'signIn.succeeded',
    actor: { kind: 'user', id: found.user.id, name: found.user.name },
    schoolId: null,
    subject: found.user.id,
    detail: { way, address: attempt.address },
  });
  return true;
}

/**
 * The same for a sign-in that was let through outside a transaction, because it takes long (a password's hash) or asks
 * another service. Without its entry in the audit trail the session ends again.
 */
export async function completeOrEnd(
  desk: SignInDesk,
  signIn: { cookies: readonly string[]; way: Way; attempt: Attempt },
): Promise<boolean> {
  const { context, administrators } = desk;
  try {
    return await context.store
      .transaction()
      .execute((transaction) => completeSignIn(transaction, desk, administrators().on(transaction), signIn));
  } catch (error) {
    await administrators()
      .on()
      .api.signOut({ headers: cookiesAsSent(signIn.cookies) });
    throw error;
  }
}

/** Keeps that somebody could not sign in. What they typed is not kept: it may be a password in the wrong field. */
export async function noteFailure(
  transaction: Transaction<Tables>,
  context: ServerContext,
  { way, userId, address, why }: { way: Way; userId: string | null; address: string; why: string },
): Promise<void> {
  await recordAction(transaction, context, {
    action: 'signIn.failed',
    actor: userId === null ? stranger : theServer,
    schoolId: null,
    subject: userId,
    detail: { way, address, why },
  });
}

const stranger: AuditActor = { kind: 'server', id: 'unknown', name: 'Somebody unknown' };

/** Notes a failure and answers as every failure is answered. */
export async function refuseSignIn(
  { context }: SignInDesk,
  failure: { way: Way; userId: string | null; address: string; why: string },
): Promise<RequestRefused> {
  await context.store.transaction().execute((transaction) => noteFailure(transaction, context, failure));
  return signInRefused();
}
