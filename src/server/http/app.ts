import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import Fastify, { LogController, type FastifyBaseLogger, type FastifyInstance, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import { bodyOfRequest, jsonOf } from './bounded-body.ts';
import type { Certificate } from './certificate.ts';
import { answerClientError } from './client-error.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { RequestRefused, sendProblem } from './problems.ts';
import { limitAddresses, type RateLimits } from './rate-limits.ts';
import { refusalOf } from './refusal-of.ts';
import { logRequests } from './request-log.ts';
import { featuresForPages, securityHeaders } from './security-headers.ts';
import { webServer } from './web-server.ts';

/** Bound of a body where a route sets none. */
export const defaultBodyBounds = { compressedBytes: 64 * 1024, bytes: 256 * 1024 };

export interface AppOptions {
  log: Logger;
  overHttps: boolean;
  certificate: Certificate | null;
  /** Proxies whose `X-Forwarded-*` headers count. */
  trustedProxies: readonly string[];
  connections: ConnectionLimits;
  rateLimits: RateLimits | 'none';
  /** Called with every refusal that a route or check of ours throws. */
  refused: (refusal: { route: string | undefined; code: string }) => void;
  phase: () => 'starting' | 'running' | 'stopping';
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answers while the server starts and stops, too. */
    answersAlways?: boolean;
  }
}

/** The bare web server: bodies bounded, every refusal a problem document, headers set, nothing served yet. */
export async function createApp(options: AppOptions): Promise<FastifyInstance> {
  const logger: FastifyBaseLogger = options.log;
  const app = Fastify({
    serverFactory: (handler) => webServer(handler, options.connections, options.certificate),
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 300 },
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    trustProxy: options.trustedProxies.length === 0 ? false : [...options.trustedProxies],
    frameworkErrors: (error, _request, reply) => {
      void sendProblem(reply, refusalOf(error, 'request'));
    },
    clientErrorHandler: answerClientError,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, request.routeOptions.config.area ?? 'request');
    options.refused({ route: request.routeOptions.url, code: refusal.problem.code });
    // What was refused on purpose is no fault; under load there are many of them.
    if (refusal.status >= 500 && error !== refusal) request.log.error({ err: error }, refusal.problem.code);
    return sendProblem(reply, refusal);
  });
  app.addHook('onRequest', async (request, reply) => {
    const phase = options.phase();
    if (phase === 'running' || request.routeOptions.config.answersAlways === true) return;
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
    return jsonOf(await bodyOfRequest(payload, bodyBounds, area), area);
  });
  await app.register(helmet, securityHeaders(options.overHttps));
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('permissions-policy', featuresForPages);
  });
  await limitAddresses(app, options.rateLimits);
  return app;
}
