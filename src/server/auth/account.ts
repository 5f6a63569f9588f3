import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { OwnAccount } from '../../contract/console-access.ts';
import { passwordFault } from '../../rules/password-rules.ts';
import { setUpOf, setUpSentence } from '../../rules/sign-in-set-up.ts';
import { recordAction } from '../audit/record-action.ts';
import type { ConsoleUser } from '../http/access.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import type { Tables } from '../store/tables.ts';
import { beginAttempt, forgive } from './attempts.ts';
import { providerId } from './better-auth.ts';
import type { SignInDesk } from './sign-in.ts';
import { waysInOf } from './ways-in.ts';

const wrongPassword = (field: string) =>
  new RequestRefused(403, {
    code: 'account.wrongPassword',
    detail: 'This is not your password. Nothing was changed.',
    field,
  });

/** Everything somebody can see of their own account. `headers` carry the session it is asked with. */
export async function readAccount(desk: SignInDesk, user: ConsoleUser, headers: Headers): Promise<OwnAccount> {
  const { context, administrators } = desk;
  const { store } = context;
  const auth = administrators().on();
  const ways = await waysInOf(store, context.owner.trustId, user.id);
  if (ways === null) throw notFound('user');
  const current = await auth.api.getSession({ headers });
  const passkeys = await store.selectFrom('passkey').selectAll().where('userId', '=', user.id).orderBy('id').execute();
  const sessions = await store
    .selectFrom('session')
    .selectAll()
    .where('userId', '=', user.id)
    .where('expiresAt', '>', new Date().toISOString())
    .orderBy('createdAt', 'desc')
    .execute();
  return {
    id: user.id,
    name: user.name,
    email: user.email,
    setUp: setUpOf(ways),
    setUpSentence: setUpSentence(ways),
    password: ways.password,
    totp: ways.totp,
    backupCodesLeft: ways.totp ? (await auth.api.viewBackupCodes({ body: { userId: user.id } })).backupCodes.length : 0,
    passkeys: passkeys.map((one) => ({ id: one.id, name: one.name ?? 'Passkey', createdAt: one.createdAt })),
    providers: ways.providers > 0 ? [administrators().providerName ?? providerId] : [],
    sessions: sessions.map((one) => ({
      id: one.id,
      current: one.id === current?.session.id,
      createdAt: one.createdAt,
      expiresAt: one.expiresAt,
      address: one.ipAddress === '' ? null : one.ipAddress,
      browser: one.userAgent === '' ? null : one.userAgent,
    })),
  };
}

/**
 * Sets or changes one's own password; one's other sessions end.
 * @throws RequestRefused 400 for one that is too easily guessed, 403 when the present one is wrong.
 */
export async function setOwnPassword(
  desk: SignInDesk,
  user: ConsoleUser,
  headers: Headers,
  given: { current?: string | undefined; password: string; address: string },
): Promise<void> {
  const { context, administrators } = desk;
  const fault = passwordFault(given.password, user);
  if (fault !== null) {
    throw new RequestRefused(400, { code: 'account.weakPassword', detail: `password: ${fault}.`, field: 'password' });
  }
  const auth = administrators().on();
  const session = await auth.api.getSession({ headers });
  const { password } = await auth.$context;
  const kept = await context.store
    .selectFrom('account')
    .select(['id', 'password'])
    .where('userId', '=', user.id)
    .where('providerId', '=', 'credential')
    .executeTakeFirst();
  if (typeof kept?.password === 'string')
    await checkOwnPassword(desk, user, { ...given, password: given.current ?? '' });
  const hash = await password.hash(given.password);
  const now = context.now().toISOString();
  await context.store.transaction().execute(async (transaction) => {
    if (kept === undefined) {
      await transaction
        .insertInto('account')
        .values({
          ...noTokens,
          id: randomUUID(),
          accountId: user.id,
          providerId: 'credential',
          userId: user.id,
          password: hash,
          createdAt: now,
          updatedAt: now,
        })
        .execute();
    } else {
      await transaction
        .updateTable('account')
        .set({ password: hash, updatedAt: now })
        .where('id', '=', kept.id)
        .execute();
    }
    await transaction
      .deleteFrom('session')
      .where('userId', '=', user.id)
      .where('id', '!=', session?.session.id ?? '')
      .execute();
    await noteOwn(transaction, desk, user, 'account.passwordSet');
  });
}

const noTokens = {
  accessToken: null,
  refreshToken: null,
  idToken: null,
  accessTokenExpiresAt: null,
  refreshTokenExpiresAt: null,
  scope: null,
};

/**
 * Is this one's password? Guesses are counted like those of a sign-in: an unattended session must not give it away.
 * @throws RequestRefused 403 or 429.
 */
export async function checkOwnPassword(
  { context, administrators }: SignInDesk,
  user: ConsoleUser,
  given: { password: string; address: string },
  field = 'current',
): Promise<void> {
  const attempt = { email: user.email, address: given.address };
  await beginAttempt(context, attempt);
  const { password } = await administrators().on().$context;
  const kept = await context.store
    .selectFrom('account')
    .select('password')
    .where('userId', '=', user.id)
    .where('providerId', '=', 'credential')
    .executeTakeFirst();
  if (typeof kept?.password !== 'string') throw wrongPassword(field);
  if (!(await password.verify({ hash: kept.password, password: given.password }))) throw wrongPassword(field);
  await context.store.transaction().execute((transaction) => forgive(transaction, context, attempt));
}

/** Ends one of one's own sessions. @throws RequestRefused 404. */
export async function endOwnSession(desk: SignInDesk, user: ConsoleUser, id: string): Promise<void> {
  await desk.context.store.transaction().execute(async (transaction) => {
    const ended = await transaction
      .deleteFrom('session')
      .where('id', '=', id)
      .where('userId', '=', user.id)
      .returning('id')
      .executeTakeFirst();
    if (ended === undefined) throw notFound('session');
    await noteOwn(transaction, desk, user, 'account.sessionEnded');
  });
}

/** Removes one of one's own passkeys. @throws RequestRefused 404, or 409 for the last way to sign in. */
export async function removePasskey(desk: SignInDesk, user: ConsoleUser, id: string): Promise<void> {
  const { context } = desk;
  await context.store.transaction().execute(async (transaction) => {
    const removed = await transaction
      .deleteFrom('passkey')
      .where('id', '=', id)
      .where('userId', '=', user.id)
      .returning('name')
      .executeTakeFirst();
    if (removed === undefined) throw notFound('passkey');
    const left = await waysInOf(transaction, context.owner.trustId, user.id);
    if (left?.mustSetUp === true && setUpOf(left) !== 'done') {
      throw new RequestRefused(409, {
        code: 'account.lastWay',
        detail: 'This is your only way to sign in. Add another passkey or a password with an authenticator app first.',
      });
    }
    await noteOwn(transaction, desk, user, 'account.passkeyRemoved', { name: removed.name });
  });
}

/** What somebody did with their own account, in the audit trail. */
export async function noteOwn(
  transaction: Transaction<Tables>,
  { context }: SignInDesk,
  user: ConsoleUser,
  action: Extract<Parameters<typeof recordAction>[2]['action'], `account.${string}`>,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await recordAction(transaction, context, {
    action,
    actor: { kind: 'user', id: user.id, name: user.name },
    schoolId: null,
    subject: user.id,
    detail,
  });
}
