import type { FastifyRequest } from 'fastify';
import { RequestRefused } from '../http/problems.ts';
import { beginAttempt } from './attempts.ts';
import { providerId } from './better-auth.ts';
import { webHeaders } from './request-headers.ts';
import { completeOrEnd, noteFailure, type SignInDesk } from './sign-in.ts';

/** Where the provider sends people back to; it has to be registered there. */
export const callbackPath = `/api/auth/callback/${providerId}`;
const failedPath = '/sign-in?problem=provider';

/** Where to go to sign in with the provider. @throws RequestRefused 404 or 503. */
export async function providerAddressFor(
  { administrators }: SignInDesk,
  provider: string,
  headers: Headers,
): Promise<{ url: string; cookies: string[] }> {
  if (provider !== providerId) {
    const detail = 'There is no such provider here. Reload the page to see how one can sign in.';
    throw new RequestRefused(404, { code: 'signIn.noProvider', detail, field: 'provider' });
  }
  const auth = await administrators().withProvider();
  const answer = await auth.api.signInSocial({
    body: { provider, callbackURL: '/', errorCallbackURL: failedPath, disableRedirect: true },
    headers,
    asResponse: true,
  });
  const body: unknown = await answer.json();
  if (typeof body !== 'object' || body === null || !('url' in body) || typeof body.url !== 'string') {
    throw new Error('better-auth gave no address of the provider');
  }
  return { url: body.url, cookies: answer.headers.getSetCookie() };
}

/** The way back: better-auth checks state, nonce, code and ID token; then the user is signed in or told that they are not. */
export async function comeBack(
  desk: SignInDesk,
  request: FastifyRequest,
): Promise<{ location: string; cookies: string[] }> {
  const { context, administrators } = desk;
  const attempt = { email: null, address: request.ip };
  await beginAttempt(context, attempt);
  const auth = await administrators().withProvider();
  const answer = await auth.handler(
    new Request(new URL(request.url, context.origin()), { headers: webHeaders(request) }),
  );
  const cookies = answer.headers.getSetCookie();
  const location = new URL(answer.headers.get('location') ?? failedPath, context.origin());
  const error = location.searchParams.get('error');
  if (answer.status === 302 && error === null && location.searchParams.get('problem') === null) {
    const signedIn = await completeOrEnd(desk, { cookies, way: 'provider', attempt });
    return signedIn ? { location: '/', cookies } : { location: failedPath, cookies: [] };
  }
  const why = error !== null && /^[a-zA-Z_ ]{1,60}$/.test(error) ? error : 'wrong';
  await context.store
    .transaction()
    .execute((transaction) =>
      noteFailure(transaction, context, { way: 'provider', userId: null, address: request.ip, why }),
    );
  return { location: failedPath, cookies };
}
