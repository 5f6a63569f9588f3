import type { z } from 'zod';
import type { secondFactor, SignInStep } from '../../contract/console-access.ts';
import { sha256 } from '../../proof/index.ts';
import type { RequestRefused } from '../http/problems.ts';
import { beginAttempt, forgiveAddress } from './attempts.ts';
import {
  completeOrEnd,
  completeSignIn,
  noteFailure,
  refuseSignIn,
  signInExpired,
  signInRefused,
  type SignInDesk,
} from './sign-in.ts';
import { answerOf } from './telling-faults.ts';

export interface StepTaken {
  step: SignInStep;
  cookies: string[];
}

/**
 * First step: e-mail address and password. An unknown address takes as long as a wrong password, because better-auth
 * hashes what was given all the same.
 * @throws RequestRefused 401 or 429.
 */
export async function checkPassword(
  desk: SignInDesk,
  headers: Headers,
  given: { email: string; password: string; address: string },
): Promise<StepTaken> {
  const { context, administrators } = desk;
  const attempt = { email: given.email, address: given.address };
  await beginAttempt(context, attempt);
  const { email, password } = given;
  const answer = await answerOf(context.store, () =>
    administrators().on().api.signInEmail({ body: { email, password }, headers, asResponse: true }),
  );
  const user = await context.store
    .selectFrom('user')
    .select(['id', 'twoFactorEnabled'])
    .where('email', '=', given.email)
    .executeTakeFirst();
  const failure = { way: 'password', userId: user?.id ?? null, address: given.address } as const;
  if (!answer.ok || user === undefined) throw await refuseSignIn(desk, { ...failure, why: 'wrong' });
  const cookies = answer.headers.getSetCookie();
  // Its failure still counts: a password that is right but for its second factor must not clear the account's waits.
  if (user.twoFactorEnabled === 1) {
    await context.store.transaction().execute((transaction) => forgiveAddress(transaction, context, attempt));
    return { step: { next: 'secondFactor' }, cookies };
  }
  if (!(await completeOrEnd(desk, { cookies, way: 'password', attempt }))) throw signInRefused();
  return { step: { next: 'setUp' }, cookies };
}

/** How long a used code is remembered: longer than any clock's tolerance lets it count. */
const usedCodeSeconds = 120;

type Outcome = { cookies: string[] } | { refusal: RequestRefused };

/**
 * Second step: a code of the authenticator app, or a backup code.
 * @throws RequestRefused 401 or 429.
 */
export async function checkSecondFactor(
  desk: SignInDesk,
  headers: Headers,
  given: z.infer<typeof secondFactor> & { address: string },
): Promise<StepTaken> {
  const { context, administrators } = desk;
  const user = await userInBetween(desk, headers);
  if (user === null) throw signInExpired();
  const attempt = { email: user.email, address: given.address };
  const way = given.kind === 'totp' ? 'totp' : 'backupCode';
  await beginAttempt(context, attempt);
  const outcome = await context.store.transaction().execute(async (transaction): Promise<Outcome> => {
    const failure = { way, userId: user.id, address: given.address } as const;
    const codeHash = sha256(`${user.id} ${given.code}`).toString('hex');
    if (given.kind === 'totp') {
      const usedSince = new Date(context.now().getTime() - usedCodeSeconds * 1_000).toISOString();
      const used = await transaction
        .selectFrom('console_users')
        .select('user_id')
        .where('trust_id', '=', context.owner.trustId)
        .where('user_id', '=', user.id)
        .where('last_code_hash', '=', codeHash)
        .where('last_code_at', '>', usedSince)
        .executeTakeFirst();
      if (used !== undefined) {
        await noteFailure(transaction, context, { ...failure, why: 'codeUsedBefore' });
        return { refusal: signInRefused() };
      }
    }
    const auth = administrators().on(transaction);
    const call = { body: { code: given.code }, headers, asResponse: true } as const;
    const answer = await answerOf(transaction, () =>
      given.kind === 'totp' ? auth.api.verifyTOTP(call) : auth.api.verifyBackupCode(call),
    );
    if (!answer.ok) {
      const why = await codeOf(answer);
      await noteFailure(transaction, context, { ...failure, why: why === null ? 'wrong' : why });
      return { refusal: why !== null && begunAgain.has(why) ? signInExpired() : signInRefused() };
    }
    const cookies = answer.headers.getSetCookie();
    if (!(await completeSignIn(transaction, desk, auth, { cookies, way, attempt })))
      return { refusal: signInRefused() };
    await transaction
      .updateTable('console_users')
      .set({ last_code_hash: codeHash, last_code_at: context.now().toISOString() })
      .where('trust_id', '=', context.owner.trustId)
      .where('user_id', '=', user.id)
      .execute();
    return { cookies };
  });
  if ('refusal' in outcome) throw outcome.refusal;
  return { step: { next: 'signedIn' }, cookies: outcome.cookies };
}

/** Better-auth's codes after which only the password again helps. */
const begunAgain = new Set(['INVALID_TWO_FACTOR_COOKIE', 'TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE']);

async function codeOf(answer: Response): Promise<string | null> {
  const body: unknown = await answer.json().catch(() => null);
  if (typeof body !== 'object' || body === null || !('code' in body)) return null;
  return typeof body.code === 'string' && /^[A-Z_]{1,60}$/.test(body.code) ? body.code : null;
}

/** Who gave a right password and owes the code: better-auth keeps that under the name in its cookie. */
async function userInBetween(
  { administrators }: SignInDesk,
  headers: Headers,
): Promise<{ id: string; email: string } | null> {
  const { createAuthCookie, internalAdapter } = await administrators().on().$context;
  const { name } = createAuthCookie('two_factor');
  const sent = (headers.get('cookie') ?? '').split(/;\s*/).find((one) => one.startsWith(`${name}=`));
  if (sent === undefined) return null;
  // `identifier.signature`; better-auth checks the signature when it checks the code.
  const [identifier = ''] = decodeURIComponent(sent.slice(name.length + 1)).split('.');
  const kept = await internalAdapter.findVerificationValue(identifier);
  if (kept === null || kept.expiresAt < new Date()) return null;
  return await internalAdapter.findUserById(kept.value);
}
