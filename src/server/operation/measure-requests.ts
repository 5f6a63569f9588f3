import type { FastifyInstance } from 'fastify';
import type { ServerMetrics } from './metrics.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The answer is a stream that ends when its reader leaves; its time says nothing. */
    longLived?: boolean;
  }
}

/** Counts and times every answer under its route pattern. */
export function measureRequests(app: FastifyInstance, metrics: ServerMetrics): void {
  app.addHook('onResponse', async (request, reply) => {
    metrics.answered({
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      seconds: request.routeOptions.config.longLived === true ? null : reply.elapsedTime / 1_000,
    });
  });
}
