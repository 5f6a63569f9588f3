import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { accessPaths, auditExportQuery, auditList, auditQuery, auditVerdict } from '../../contract/console-access.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { exportTrail, readTrail } from './read-trail.ts';
import { actorOf, recordAction } from './record-action.ts';
import { verifyTrail } from './verify-trail.ts';

const tags = ['console'];
const reads = { access: 'session', permission: 'audit.read', area: 'audit' } as const;

export function auditRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    accessPaths.audit,
    {
      config: reads,
      schema: {
        tags,
        summary: 'What was done in the console, newest first',
        querystring: auditQuery,
        response: { 200: auditList, ...refusals(400, 401, 403) },
      },
    },
    (request) => readTrail(context, request.scope, request.query),
  );
  routes.get(
    accessPaths.auditVerify,
    {
      config: { ...reads, rateLimit: { max: 10, timeWindow: 60_000 } },
      schema: {
        tags,
        summary: 'Does the whole audit trail hold together?',
        response: { 200: auditVerdict, ...refusals(401, 403, 429) },
      },
    },
    () => verifyTrail({ store: context.store, trustId: context.owner.trustId, now: context.now }),
  );
  routes.get(
    accessPaths.auditExport,
    {
      config: reads,
      schema: {
        tags,
        summary: 'The audit trail as JSON lines, oldest first, without a limit',
        querystring: auditExportQuery,
        response: {
          200: { description: 'One entry a line', content: { 'application/x-ndjson': { schema: z.unknown() } } },
          ...refusals(400, 401, 403, 503),
        },
      },
    },
    async (request, reply) => {
      const filters = Object.fromEntries(Object.entries(request.query).filter(([, value]) => value !== undefined));
      await context.store.transaction().execute((transaction) =>
        recordAction(transaction, context, {
          action: 'audit.exported',
          actor: actorOf(request),
          schoolId: null,
          subject: null,
          detail: { filters },
        }),
      );
      return reply
        .type('application/x-ndjson; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', 'attachment; filename="usher-audit-trail.jsonl"')
        .send(Readable.from(exportTrail(context, request.scope, request.query)));
    },
  );
}
