import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths, eventRow, events, eventsQuery } from '../../contract/console.ts';
import type { ServerContext } from '../context.ts';
import { requirePermission } from '../http/access.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import { lookInto } from '../openings/look-into.ts';
import { eventNumber, readEvent, readEvents } from './read-events.ts';

export function eventRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const reader = (request: FastifyRequest) => ({
    store: context.store,
    trustId: context.owner.trustId,
    scope: request.scope,
  });
  routes.get(
    consolePaths.events,
    {
      config: { access: 'session', permission: 'events.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Events, newest first; those of one person only once it is said why',
        querystring: eventsQuery,
        response: { 200: events, ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const { person } = request.query;
      if (person !== undefined) {
        requirePermission(request, 'person.open');
        await lookInto(context, request, person, 'events');
      }
      return await readEvents(reader(request), request.query);
    },
  );
  routes.get(
    consolePaths.event,
    {
      config: { access: 'session', permission: 'events.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'One event',
        params: z.object({ id: z.string().max(200) }),
        response: { 200: eventRow, ...refusals(400, 401, 404) },
      },
    },
    async (request) => {
      const found = await readEvent(reader(request), eventNumber(request.params.id, 'id'));
      if (found === null) {
        throw new RequestRefused(404, {
          code: 'console.notFound',
          detail: 'There is no event with this id.',
          field: 'id',
        });
      }
      return found;
    },
  );
}
