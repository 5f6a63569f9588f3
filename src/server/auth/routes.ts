import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths, consoleUser, signInLinkAnswer } from '../../contract/console.ts';
import { permissionsOf } from '../../rules/console-access.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import type { Administrators } from './administrators.ts';
import { webHeaders } from './request-headers.ts';

/** Where a sign-in link leads. */
export const signInPath = '/sign-in/link/';

export function authRoutes(
  app: FastifyInstance,
  options: { administrators: () => Administrators; origin: () => string; signInLink: () => Promise<string> },
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    `${signInPath}:token`,
    {
      config: { access: 'public', rateLimit: { max: 30, timeWindow: 60_000 } },
      schema: { hide: true, params: z.object({ token: z.string().max(200) }) },
    },
    async (request, reply) => {
      const cookies = await options.administrators().useSignInToken(request.params.token, webHeaders(request));
      reply.header('cache-control', 'no-store');
      if (cookies === null) return reply.redirect('/sign-in?problem=linkUsed', 303);
      for (const cookie of cookies) reply.header('set-cookie', cookie);
      return reply.redirect('/', 303);
    },
  );

  routes.post(
    consolePaths.signOut,
    {
      config: { access: 'public' },
      schema: {
        tags: ['console'],
        summary: 'Sign out: ends the session and clears its cookie',
        response: { 200: z.object({ success: z.boolean() }) },
      },
    },
    async (request, reply) => {
      const answer = await options.administrators().handle(
        new Request(new URL(consolePaths.signOut, options.origin()), {
          method: 'POST',
          headers: withoutBody(webHeaders(request)),
        }),
      );
      if (answer.status === 403) {
        throw new RequestRefused(403, {
          code: 'request.origin',
          detail: 'This request did not come from a page of the console, so nothing was changed.',
        });
      }
      for (const cookie of answer.headers.getSetCookie()) reply.header('set-cookie', cookie);
      return reply.header('cache-control', 'no-store').send({ success: answer.ok });
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
    async () => ({ signInLink: await options.signInLink() }),
  );

  routes.get(
    consolePaths.me,
    {
      config: { access: 'session', permission: 'signedIn', area: 'console' },
      schema: { tags: ['console'], summary: 'Who is signed in', response: { 200: consoleUser, ...refusals(401) } },
    },
    async (request) => {
      if (request.consoleUser === null) throw new Error('The access check let a request without a user through');
      const { roles, ...user } = request.consoleUser;
      return { ...user, roles: [...roles], permissions: permissionsOf(roles) };
    },
  );
}

function withoutBody(headers: Headers): Headers {
  for (const name of ['content-length', 'content-type', 'content-encoding', 'transfer-encoding', 'connection']) {
    headers.delete(name);
  }
  return headers;
}
