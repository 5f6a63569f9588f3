import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { eventExportQuery, exportPaths } from '../../contract/console-export.ts';
import { actorOf, recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { exportText } from './export-events.ts';
import { newestEventNumber } from './read-events.ts';

const mediaTypes = { jsonl: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const;

/** `GET /v1/console/events/export`: every event the caller may see, as a file that is made while it is read. */
export function eventExportRoutes(app: FastifyInstance, context: ServerContext): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    exportPaths.events,
    {
      config: { access: 'session', permission: 'events.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Export events as JSON lines or CSV',
        querystring: eventExportQuery,
        response: {
          200: {
            description: 'One event on each line, oldest first',
            content: {
              'application/x-ndjson': { schema: z.unknown() },
              'text/csv': { schema: z.unknown() },
            },
          },
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request, reply) => {
      const { query, scope } = request;
      const { store, owner } = context;
      const newest = await newestEventNumber(store, owner.trustId);
      await store.transaction().execute((transaction) =>
        recordAction(transaction, context, {
          action: 'events.exported',
          actor: actorOf(request),
          schoolId: scope !== 'all' && scope.length === 1 ? (scope[0] ?? null) : null,
          subject: null,
          detail: { ...query, upTo: newest },
        }),
      );
      const name = `usher-events-${context.now().toISOString().slice(0, 10)}.${query.format}`;
      return reply
        .header('content-type', mediaTypes[query.format])
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(exportText({ store, trustId: owner.trustId, scope }, query, newest)));
    },
  );
}
