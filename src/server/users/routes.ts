import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  accessPaths,
  done,
  inviteUser as invite,
  setRoles as roles,
  userLink,
  users,
} from '../../contract/console-access.ts';
import { doerOf } from '../audit/record-action.ts';
import { providerId } from '../auth/better-auth.ts';
import type { SignInDesk } from '../auth/sign-in.ts';
import { signedInUser } from '../auth/signed-in-user.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import type { Doer } from '../audit/record-action.ts';
import { disableUser, enableUser, endUserSessions, inviteUser, resetUser, setRoles } from './change-users.ts';
import { readUsers } from './read-users.ts';

const tags = ['console'];
const manages = { access: 'session', permission: 'users.manage', area: 'user' } as const;
const byId = z.object({ id: z.string().min(1).max(200) });

export function userRoutes(app: FastifyInstance, context: ServerContext, { administrators }: SignInDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    accessPaths.users,
    {
      config: { access: 'session', permission: 'users.read', area: 'user' },
      schema: {
        tags,
        summary: 'Users of the console and their roles',
        response: { 200: users, ...refusals(401, 403) },
      },
    },
    async (request) => ({
      items: await readUsers(context, {
        scope: request.scope,
        askedBy: signedInUser(request).id,
        providerName: administrators().providerName ?? providerId,
      }),
    }),
  );
  routes.post(
    accessPaths.users,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Invite a user: answers with the link they sign in with first',
        body: invite,
        response: { 200: userLink, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    (request) => inviteUser(context, request.body, doerOf(request)),
  );
  routes.put(
    accessPaths.userRoles,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Give a user exactly these roles; their sessions end',
        params: byId,
        body: roles,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await setRoles(context, request.params.id, request.body.roles, doerOf(request));
      return {};
    },
  );
  routes.post(
    accessPaths.userReset,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Take every way to sign in from a user and make a link to begin again with',
        params: byId,
        response: { 200: userLink, ...refusals(401, 403, 404, 409, 503) },
      },
    },
    (request) => resetUser(context, request.params.id, doerOf(request)),
  );
  const plain = (url: string, summary: string, act: (context: ServerContext, id: string, by: Doer) => Promise<void>) =>
    routes.post(
      url,
      {
        config: manages,
        schema: { tags, summary, params: byId, response: { 200: done, ...refusals(401, 403, 404, 409, 503) } },
      },
      async (request) => {
        await act(context, request.params.id, doerOf(request));
        return {};
      },
    );
  plain(accessPaths.userDisable, 'Keep a user out; their sessions end', disableUser);
  plain(accessPaths.userEnable, 'Let a disabled user in again', enableUser);
  plain(accessPaths.userEndSessions, 'End a user’s sessions', endUserSessions);
}
