import { isIP } from 'node:net';
import type { z } from 'zod';
import { passkeyOptions, type PasskeyAssertion, type SignInStep } from '../../contract/console-access.ts';
import type { RequestRefused } from '../http/problems.ts';
import { beginAttempt } from './attempts.ts';
import { completeSignIn, noteFailure, signInRefused, type SignInDesk } from './sign-in.ts';
import { answerOf } from './telling-faults.ts';

/** Can passkeys be used at this address? Never at one in numbers (WebAuthn Level 3 §5.1.2). */
export const passkeysAt = (hostname: string): boolean => isIP(hostname.replace(/^\[|\]$/g, '')) === 0;

export interface PasskeyQuestion {
  options: z.infer<typeof passkeyOptions>;
  cookies: string[];
}

/** What the browser asks the authenticator for a sign-in. The authenticator has to check who uses it. */
export async function askForPasskey(
  { context, administrators }: SignInDesk,
  headers: Headers,
): Promise<PasskeyQuestion> {
  const answer = await answerOf(context.store, () =>
    administrators().on().api.generatePasskeyAuthenticationOptions({ headers, asResponse: true }),
  );
  const options = passkeyOptions.parse(await answer.json());
  return { options: { ...options, userVerification: 'required' }, cookies: answer.headers.getSetCookie() };
}

/** @throws RequestRefused 401 or 429. */
export async function signInByPasskey(
  desk: SignInDesk,
  headers: Headers,
  { response, address }: { response: PasskeyAssertion; address: string },
): Promise<{ step: SignInStep; cookies: string[] }> {
  const { context, administrators } = desk;
  const attempt = { email: null, address };
  await beginAttempt(context, attempt);
  const outcome = await context.store
    .transaction()
    .execute(async (transaction): Promise<{ cookies: string[] } | { refusal: RequestRefused }> => {
      const auth = administrators().on(transaction);
      const answer = await answerOf(transaction, () =>
        auth.api.verifyPasskeyAuthentication({ body: { response }, headers, asResponse: true }),
      );
      if (!answer.ok) {
        const known = await transaction
          .selectFrom('passkey')
          .select('userId')
          .where('credentialID', '=', response.id)
          .executeTakeFirst();
        await noteFailure(transaction, context, {
          way: 'passkey',
          userId: known?.userId ?? null,
          address,
          why: 'wrong',
        });
        return { refusal: signInRefused() };
      }
      const cookies = answer.headers.getSetCookie();
      const done = await completeSignIn(transaction, desk, auth, { cookies, way: 'passkey', attempt });
      return done ? { cookies } : { refusal: signInRefused() };
    });
  if ('refusal' in outcome) throw outcome.refusal;
  return { step: { next: 'signedIn' }, cookies: outcome.cookies };
}
