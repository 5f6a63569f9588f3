import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { aliveAnswer, notReady, operationPaths, readyAnswer } from '../../contract/operation.ts';
import { httpProblem } from '../../contract/problem.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import type { ServerMetrics } from './metrics.ts';
import { readinessChecks, type ReadinessSurroundings } from './readiness.ts';

/** For what watches over the server: is it alive, may it be sent requests, what does it count. */
export function operationRoutes(
  app: FastifyInstance,
  { metrics, readiness }: { metrics: ServerMetrics; readiness: ReadinessSurroundings },
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    operationPaths.alive,
    {
      config: { access: 'public', answersAlways: true },
      schema: {
        tags: ['operation'],
        summary: 'Is the process alive? Asks nothing else',
        response: { 200: aliveAnswer, ...refusals(429) },
      },
    },
    async (_request, reply) => reply.header('cache-control', 'no-store').send({ status: 'alive' }),
  );

  routes.get(
    operationPaths.ready,
    {
      config: { access: 'public', answersAlways: true },
      schema: {
        tags: ['operation'],
        summary: 'May requests be sent here? Asks the database and the disk',
        response: {
          200: readyAnswer,
          ...refusals(429),
          503: {
            description: 'Not ready; `checks` says why',
            content: { 'application/problem+json': { schema: httpProblem.extend(notReady.shape) } },
          },
        },
      },
    },
    async (_request, reply) => {
      const checks = await readinessChecks(readiness);
      const wrong = checks.filter(({ ok }) => !ok);
      if (wrong.length === 0) return reply.header('cache-control', 'no-store').send({ status: 'ready', checks });
      throw new RequestRefused(
        503,
        { code: 'server.notReady', detail: wrong.map(({ detail }) => detail).join(' ') },
        { members: { checks }, retryAfterSeconds: 5 },
      );
    },
  );

  routes.get(
    operationPaths.metrics,
    {
      config: { access: 'metrics', answersAlways: true, area: 'metrics' },
      schema: {
        tags: ['operation'],
        summary: 'What the server counts, in the text format of Prometheus',
        response: {
          200: { description: 'Metrics', content: { 'text/plain': { schema: z.string() } } },
          ...refusals(401, 429),
        },
      },
    },
    async (_request, reply) => {
      const text = await metrics.text();
      return reply.header('content-type', metrics.contentType).header('cache-control', 'no-store').send(text);
    },
  );
}
