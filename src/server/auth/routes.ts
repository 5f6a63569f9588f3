import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths, consoleUser, signInLinkAnswer } from '../../contract/console.ts';
import {
  accessPaths,
  passkeyOptions,
  providerAddress,
  secondFactor,
  signInPassword,
  signInPasskey,
  signInProvider,
  signInStep,
  signInWays,
} from '../../contract/console-access.ts';
import { permissionsOf } from '../../rules/console-access.ts';
import type { AuditActor } from '../../contract/audit.ts';
import { actorOf, recordAction } from '../audit/record-action.ts';
import { refusals } from '../http/openapi.ts';
import { providerId } from './better-auth.ts';
import { signInPath, useLink } from './links.ts';
import { askForPasskey, passkeysAt, signInByPasskey } from './passkeys.ts';
import { checkPassword, checkSecondFactor } from './password-sign-in.ts';
import { callbackPath, comeBack, providerAddressFor } from './providers.ts';
import { webHeaders } from './request-headers.ts';
import type { SignInDesk } from './sign-in.ts';
import { signedInUser } from './signed-in-user.ts';
import { answerOf } from './telling-faults.ts';

const tags = ['console'];
/** Anyone may try, from a page of ours; a few times a minute from one address, besides the waits of `attempts.ts`. */
const tries = {
  access: 'public',
  ownPagesOnly: true,
  area: 'signIn',
  rateLimit: { max: 60, timeWindow: 60_000 },
} as const;

/** Passes better-auth's cookies on; what carries a session is never kept by a cache. */
export function withCookies(reply: FastifyReply, cookies: readonly string[]): FastifyReply {
  for (const cookie of cookies) reply.header('set-cookie', cookie);
  return reply.header('cache-control', 'no-store');
}

export function authRoutes(
  app: FastifyInstance,
  desk: SignInDesk,
  signInLink: (actor: AuditActor) => Promise<string>,
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  linkRoutes(app, desk, signInLink);

  routes.get(
    accessPaths.signInWays,
    {
      config: { access: 'public' },
      schema: { tags, summary: 'How one can sign in here', response: { 200: signInWays } },
    },
    async (request) => {
      const name = desk.administrators().providerName;
      return {
        password: true,
        passkey: passkeysAt(request.hostname),
        providers: name === null ? [] : [{ id: providerId, name }],
      };
    },
  );
  routes.post(
    accessPaths.signInPassword,
    {
      config: tries,
      schema: {
        tags,
        summary: 'Sign in with a password: the first of two steps',
        body: signInPassword,
        response: { 200: signInStep, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const { step, cookies } = await checkPassword(desk, webHeaders(request), {
        ...request.body,
        address: request.ip,
      });
      return withCookies(reply, cookies).send(step);
    },
  );
  routes.post(
    accessPaths.signInSecondFactor,
    {
      config: tries,
      schema: {
        tags,
        summary: 'The second step: a code of the authenticator app, or a backup code',
        body: secondFactor,
        response: { 200: signInStep, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const given = { ...request.body, address: request.ip };
      const { step, cookies } = await checkSecondFactor(desk, webHeaders(request), given);
      return withCookies(reply, cookies).send(step);
    },
  );
  routes.post(
    accessPaths.signInPasskeyOptions,
    {
      config: tries,
      schema: {
        tags,
        summary: 'What to ask the authenticator for a sign-in with a passkey',
        response: { 200: passkeyOptions, ...refusals(403, 429, 503) },
      },
    },
    async (request, reply) => {
      const { options, cookies } = await askForPasskey(desk, webHeaders(request));
      return withCookies(reply, cookies).send(options);
    },
  );
  routes.post(
    accessPaths.signInPasskey,
    {
      config: tries,
      schema: {
        tags,
        summary: 'Sign in with a passkey',
        body: signInPasskey,
        response: { 200: signInStep, ...refusals(400, 401, 403, 429, 503) },
      },
    },
    async (request, reply) => {
      const given = { response: request.body.response, address: request.ip };
      const { step, cookies } = await signInByPasskey(desk, webHeaders(request), given);
      return withCookies(reply, cookies).send(step);
    },
  );
  routes.post(
    accessPaths.signInProvider,
    {
      config: tries,
      schema: {
        tags,
        summary: 'Begin to sign in with another service: where to go',
        body: signInProvider,
        response: { 200: providerAddress, ...refusals(400, 403, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      const { url, cookies } = await providerAddressFor(desk, request.body.provider, webHeaders(request));
      return withCookies(reply, cookies).send({ url });
    },
  );
  routes.get(
    callbackPath,
    {
      config: { access: 'public', area: 'signIn', rateLimit: { max: 60, timeWindow: 60_000 } },
      schema: {
        tags,
        summary: 'Where the other service sends people back to (OpenID Connect authorization code flow)',
        querystring: z.object({
          code: z.string().max(10_000).optional(),
          state: z.string().max(2_000).optional(),
          iss: z.string().max(2_000).optional(),
          error: z.string().max(2_000).optional(),
        }),
        response: { 303: z.null().describe('Goes on to the console'), ...refusals(400, 404, 429, 503) },
      },
    },
    async (request, reply) => {
      const { location, cookies } = await comeBack(desk, request);
      return withCookies(reply, cookies).redirect(location, 303);
    },
  );
  routes.get(
    consolePaths.me,
    {
      config: { access: 'session', permission: 'signedIn', duringSetUp: true, area: 'console' },
      schema: { tags, summary: 'Who is signed in', response: { 200: consoleUser, ...refusals(401) } },
    },
    async (request) => {
      const { roles, ...user } = signedInUser(request);
      return { ...user, roles: [...roles], permissions: permissionsOf(roles) };
    },
  );
  routes.post(
    consolePaths.signOut,
    {
      config: { access: 'public', ownPagesOnly: true },
      schema: {
        tags,
        summary: 'Sign out: ends the session and clears its cookie',
        response: { 200: z.object({ success: z.boolean() }), ...refusals(403, 503) },
      },
    },
    async (request, reply) => {
      const { context, administrators } = desk;
      const headers = webHeaders(request);
      const user = await administrators().userOf(headers);
      const cookies = await context.store.transaction().execute(async (transaction) => {
        const answer = await answerOf(transaction, () =>
          administrators().on(transaction).api.signOut({ headers, asResponse: true }),
        );
        if (user !== null) {
          await recordAction(transaction, context, {
            action: 'signIn.ended',
            actor: { kind: 'user', id: user.id, name: user.name },
            schoolId: null,
            subject: user.id,
          });
        }
        return answer.headers.getSetCookie();
      });
      return withCookies(reply, cookies).send({ success: true });
    },
  );
}

function linkRoutes(app: FastifyInstance, desk: SignInDesk, signInLink: (actor: AuditActor) => Promise<string>): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    `${signInPath}:token`,
    {
      config: { access: 'public', rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: { hide: true, params: z.object({ token: z.string().max(200) }) },
    },
    async (request, reply) => {
      const cookies = await useLink(desk, webHeaders(request), { token: request.params.token, address: request.ip });
      if (cookies === null) return reply.header('cache-control', 'no-store').redirect('/sign-in?problem=linkUsed', 303);
      return withCookies(reply, cookies).redirect('/', 303);
    },
  );
  routes.post(
    '/v1/sign-in-links',
    {
      config: { access: 'operator', area: 'console' },
      schema: {
        tags: ['operator'],
        summary: 'Make a one-time sign-in link for the administrator',
        response: { 200: signInLinkAnswer, ...refusals(401) },
      },
    },
    async (request) => ({ signInLink: await signInLink(actorOf(request)) }),
  );
}
