import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { consolePaths, overview } from '../../contract/console.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { readOverview } from './read-overview.ts';

export function overviewRoutes(app: FastifyInstance, context: ServerContext): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    consolePaths.overview,
    {
      config: { access: 'session', permission: 'overview.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Coverage, today, and what needs a person',
        response: { 200: overview, ...refusals(401) },
      },
    },
    (request) => readOverview(context, request.scope),
  );
}
