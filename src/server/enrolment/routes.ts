import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { enrolAnswer, enrolRequest } from '../../contract/sync.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { enrol } from './enrol.ts';

export function enrolmentRoutes(app: FastifyInstance, context: ServerContext): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/enrol',
    {
      config: { access: 'device', area: 'enrol', rateLimit: { max: 600, timeWindow: 60_000 } },
      schema: {
        tags: ['machines'],
        summary: 'Trade an enrolment token for a place among the machines of a school',
        body: enrolRequest,
        response: { 200: enrolAnswer, ...refusals(400, 401, 413, 415, 429, 503) },
      },
    },
    (request) => enrol(context, request.body),
  );
}
