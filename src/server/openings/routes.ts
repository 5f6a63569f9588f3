import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  accessPaths,
  accessSettings,
  answerOpening as answers,
  askOpening,
  done,
  openingNow,
  openings,
} from '../../contract/console-access.ts';
import { doerOf } from '../audit/record-action.ts';
import { signedInUser } from '../auth/signed-in-user.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { requireWholeTrust } from '../http/whole-trust.ts';
import { accessSettingsOf, setAccessSettings } from './access-settings.ts';
import { answerOpening, askForOpening, openingOf, readOpenings } from './openings.ts';

const tags = ['console'];
const opens = { access: 'session', permission: 'person.open', area: 'opening' } as const;
const approves = { access: 'session', permission: 'person.approve', area: 'opening' } as const;
const byId = z.object({ id: z.string().min(1).max(200) });

export function openingRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    accessPaths.opening,
    {
      config: opens,
      schema: {
        tags,
        summary: 'What stands between you and this person’s record',
        params: byId,
        response: { 200: openingNow, ...refusals(401, 403, 404) },
      },
    },
    (request) => openingOf(context, request, request.params.id),
  );
  routes.post(
    accessPaths.opening,
    {
      config: opens,
      schema: {
        tags,
        summary: 'Say why this person’s record has to be looked at',
        params: byId,
        body: askOpening,
        response: { 200: openingNow, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await askForOpening(context, request, request.params.id, request.body);
      return await openingOf(context, request, request.params.id);
    },
  );
  routes.get(
    accessPaths.openings,
    {
      config: approves,
      schema: {
        tags,
        summary: 'Cases for opening people’s records, those that wait for an answer first',
        response: { 200: openings, ...refusals(401, 403) },
      },
    },
    async (request) => ({
      items: await readOpenings(context, { scope: request.scope, reader: signedInUser(request).id }),
    }),
  );
  routes.get(
    accessPaths.ownOpenings,
    {
      config: opens,
      schema: {
        tags,
        summary: 'Your own cases',
        response: { 200: openings, ...refusals(401, 403) },
      },
    },
    async (request) => {
      const { id } = signedInUser(request);
      return { items: await readOpenings(context, { scope: request.scope, reader: id, userId: id }) };
    },
  );
  routes.post(
    accessPaths.openingAnswer,
    {
      config: approves,
      schema: {
        tags,
        summary: 'Agree that somebody else opens a person’s record, or refuse it',
        params: byId,
        body: answers,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await answerOpening(context, request, request.params.id, request.body);
      return {};
    },
  );
  routes.get(
    accessPaths.accessSettings,
    {
      config: { access: 'session', permission: 'server.read', area: 'access' },
      schema: {
        tags,
        summary: 'How people’s records are opened in this trust',
        response: { 200: accessSettings, ...refusals(401, 403) },
      },
    },
    () => accessSettingsOf(context.store, context.owner.trustId),
  );
  routes.put(
    accessPaths.accessSettings,
    {
      config: { access: 'session', permission: 'server.manage', area: 'access' },
      schema: {
        tags,
        summary: 'Set how people’s records are opened in this trust',
        body: accessSettings,
        response: { 200: accessSettings, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      requireWholeTrust(request, 'change how records are opened');
      await setAccessSettings(context, request.body, doerOf(request));
      return request.body;
    },
  );
}
