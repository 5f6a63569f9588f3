import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths, eventRow, events, eventsQuery } from '../../contract/console.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import { eventNumber, readEvent, readEvents } from './read-events.ts';

export function eventRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    consolePaths.events,
    {
      config: { access: 'session', permission: 'events.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Events, newest first',
        querystring: eventsQuery,
        response: { 200: events, ...refusals(400, 401) },
      },
    },
    (request) => readEvents(context.store, context.owner.trustId, request.query),
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
      const found = await readEvent(context.store, context.owner.trustId, eventNumber(request.params.id, 'id'));
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
