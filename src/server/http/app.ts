import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { jsonOf, readBoundedBody } from './bounded-body.ts';
import { RequestRefused, problemBody, problemMediaType, sendProblem } from './problems.ts';
import { refusalOf } from './refusal-of.ts';
import { logRequests } from './request-log.ts';
import { securityHeaders } from './security-headers.ts';

/** Bound of a body where a route sets none. */
export const defaultBodyBounds = { compressedBytes: 64 * 1024, bytes: 256 * 1024 };

export interface AppOptions {
  log: Logger;
  overHttps: boolean;
  /** Requests one address may make in a minute; a school's machines often share one. */
  requestsPerMinute: number;
  phase: () => 'starting' | 'running' | 'stopping';
}

/** The bare web server: bodies bounded, every refusal a problem document, headers set, nothing served yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const logger: FastifyBaseLogger = options.log;
  const app = Fastify({
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    requestTimeout: 120_000,
    trustProxy: options.overHttps ? 'loopback' : false,
    frameworkErrors: (error, _request, reply) => {
      void sendProblem(reply, refusalOf(error, 'request'));
    },
    clientErrorHandler: (_error, socket) => {
      const body = JSON.stringify(
        problemBody(400, {
          code: 'request.invalid',
          detail: 'This is not a valid HTTP request, or its headers are too large.',
        }),
      );
      if (!socket.writable) return;
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nContent-Type: ${problemMediaType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, request.routeOptions.config.area ?? 'request');
    // What was refused on purpose is no fault; under load there are many of them.
    if (refusal.status >= 500 && error !== refusal) request.log.error({ err: error }, refusal.problem.code);
    return sendProblem(reply, refusal);
  });
  app.addHook('onRequest', async (_request, reply) => {
    const phase = options.phase();
    if (phase === 'running') return;
    reply.header('connection', 'close');
    throw new RequestRefused(
      503,
      { code: `server.${phase}`, detail: `The server is ${phase}. Nothing was taken; try again in a few seconds.` },
      { retryAfterSeconds: 5 },
    );
  });
  logRequests(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: IncomingMessage) => {
    const { area = 'request', bodyBounds = defaultBodyBounds } = request.routeOptions.config;
    return jsonOf(await readBoundedBody(payload, request.headers['content-encoding'], bodyBounds, area), area);
  });
  await app.register(helmet, securityHeaders(options.overHttps));
  await app.register(rateLimit, {
    max: options.requestsPerMinute,
    timeWindow: 60_000,
    errorResponseBuilder: (_request, context) =>
      new RequestRefused(
        429,
        { code: 'request.tooMany', detail: 'Too many requests came from this address. Try again in a minute.' },
        { retryAfterSeconds: Math.max(1, Math.ceil(context.ttl / 1_000)) },
      ),
  });
  return app;
}
