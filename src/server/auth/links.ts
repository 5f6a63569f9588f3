import type { Transaction } from 'kysely';
import { sha256 } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import { randomSecret } from '../keys/secret-file.ts';
import type { Tables } from '../store/tables.ts';
import { completeOrEnd, noteFailure, type SignInDesk, type Way } from './sign-in.ts';
import { answerOf } from './telling-faults.ts';

/** Where a sign-in link leads. */
export const signInPath = '/sign-in/link/';

/** How long an invited user's link works. */
export const invitationHours = 72;

const tokenHash = (token: string): string => sha256(token).toString('hex');

/** Makes the one link that works for a user; an earlier one no longer does. */
export async function makeInvitation(
  transaction: Transaction<Tables>,
  context: ServerContext,
  userId: string,
): Promise<{ link: string; expiresAt: string }> {
  const token = randomSecret();
  const expiresAt = new Date(context.now().getTime() + invitationHours * 3_600_000).toISOString();
  await endInvitations(transaction, context, userId);
  await transaction
    .insertInto('sign_in_links')
    .values({ trust_id: context.owner.trustId, token_hash: tokenHash(token), user_id: userId, expires_at: expiresAt })
    .execute();
  return { link: `${context.origin()}${signInPath}${token}`, expiresAt };
}

export async function endInvitations(
  transaction: Transaction<Tables>,
  { owner }: ServerContext,
  userId: string,
): Promise<void> {
  await transaction
    .deleteFrom('sign_in_links')
    .where('trust_id', '=', owner.trustId)
    .where('user_id', '=', userId)
    .execute();
}

/**
 * Trades a link's token, of an invitation or of the server's own console, for the session's cookies.
 * @returns null when it is used, expired or unknown.
 */
export async function useLink(
  desk: SignInDesk,
  headers: Headers,
  { token, address }: { token: string; address: string },
): Promise<string[] | null> {
  const { context, administrators } = desk;
  const invited = await takeInvitation(context, token);
  const way: Way = invited === null ? 'link' : 'invitation';
  const used = invited === null ? token : await administrators().signInToken(invited.email);
  const answer = await answerOf(context.store, () =>
    administrators()
      .on()
      .api.magicLinkVerify({ query: { token: used }, headers, asResponse: true }),
  );
  const cookies = answer.headers.getSetCookie();
  if (!answer.ok) {
    await context.store
      .transaction()
      .execute((transaction) => noteFailure(transaction, context, { way, userId: null, address, why: 'linkUsed' }));
    return null;
  }
  return (await completeOrEnd(desk, { cookies, way, attempt: { email: null, address } })) ? cookies : null;
}

/** Uses an invitation up; of two at once, one gets it. */
async function takeInvitation({ store, owner, now }: ServerContext, token: string): Promise<{ email: string } | null> {
  const taken = await store
    .deleteFrom('sign_in_links')
    .where('trust_id', '=', owner.trustId)
    .where('token_hash', '=', tokenHash(token))
    .returning(['user_id', 'expires_at'])
    .executeTakeFirst();
  if (taken === undefined || taken.expires_at < now().toISOString()) return null;
  const user = await store.selectFrom('user').select('email').where('id', '=', taken.user_id).executeTakeFirst();
  return user ?? null;
}
