import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths, people, peopleQuery, personDetail } from '../../contract/console.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { notFound } from '../http/problems.ts';
import { lookInto } from '../openings/look-into.ts';
import { readPeople, readPerson } from './read-people.ts';

export function peopleRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const reader = async (request: FastifyRequest) => ({
    store: context.store,
    trustId: context.owner.trustId,
    scope: request.scope,
    inForce: (await context.policies.inForce()).map(({ signed }) => signed),
    now: context.now(),
  });
  routes.get(
    consolePaths.people,
    {
      config: { access: 'session', permission: 'people.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'People seen on enrolled machines, by sign-in name, and what they accepted',
        querystring: peopleQuery,
        response: { 200: people, ...refusals(400, 401) },
      },
    },
    async (request) => readPeople(await reader(request), request.query),
  );
  routes.get(
    consolePaths.person,
    {
      config: { access: 'session', permission: 'person.open', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'One person with their acceptances and newest events, once it is said why',
        params: z.object({ id: z.string().max(200) }),
        response: { 200: personDetail, ...refusals(401, 403, 404) },
      },
    },
    async (request) => {
      await lookInto(context, request, request.params.id, 'record');
      const found = await readPerson(await reader(request), request.params.id);
      if (found === null) throw notFound('person');
      return found;
    },
  );
}
