import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { createToken, machinePaths, madeToken, tokenList } from '../../contract/console-machines.ts';
import { enrolAnswer, enrolRequest } from '../../contract/sync.ts';
import { actorOf } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { enrol } from './enrol.ts';
import { createEnrolmentToken, readTokens, revokeToken } from './tokens.ts';

const reads = { access: 'sessionOrOperator', permission: 'machines.read', area: 'machine' } as const;
const manages = { access: 'sessionOrOperator', permission: 'machines.manage', area: 'machine' } as const;

export function enrolmentRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/enrol',
    {
      config: { access: 'device', area: 'enrol', rateLimit: { max: 600, timeWindow: 60_000 } },
      schema: {
        tags: ['machines'],
        summary: 'Trade an enrolment token for a place among the machines of a school',
        body: enrolRequest,
        response: { 200: enrolAnswer, ...refusals(400, 401, 403, 413, 415, 429, 503) },
      },
    },
    (request) => enrol(context, request.body, request.ip),
  );
  tokenRoutes(app, context);
}

function tokenRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const by = (request: FastifyRequest) => ({ actor: actorOf(request), scope: request.scope });
  routes.get(
    machinePaths.tokens,
    {
      config: reads,
      schema: {
        tags: ['console'],
        summary: 'Enrolment tokens, newest first; never their secrets',
        response: { 200: tokenList, ...refusals(401, 403) },
      },
    },
    async (request) => ({ items: await readTokens(context, request.scope) }),
  );
  routes.post(
    machinePaths.tokens,
    {
      config: manages,
      schema: {
        tags: ['console'],
        summary: 'Make an enrolment token; the answer is the only time it is told',
        body: createToken,
        response: { 200: madeToken, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return await createEnrolmentToken(context, request.body, by(request));
    },
  );
  routes.post(
    machinePaths.revokeToken,
    {
      config: manages,
      schema: {
        tags: ['console'],
        summary: 'Revoke an enrolment token: no machine comes in with it any more',
        params: z.object({ id: z.string().min(1).max(60) }),
        response: { 200: z.object({}), ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await revokeToken(context, request.params.id, by(request));
      return {};
    },
  );
}
