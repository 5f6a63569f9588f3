import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { coversSchool } from '../../rules/console-access.ts';
import type { ServerContext } from '../context.ts';
import { eventNumber, newestEventNumber, readEventsAfter } from '../events/read-events.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import { EventStream } from './event-stream.ts';

/** Rows read at once while catching up. */
const replayPage = 200;
/** A client that missed more than this reads the list instead. */
const replayLimit = 2_000;
const openStreamsLimit = 500;

/**
 * `GET /v1/console/events/stream`. Starts after `Last-Event-ID` (or `?after=`), else with the next event.
 * @returns how to end every open stream.
 */
export function liveRoutes(
  app: FastifyInstance,
  context: ServerContext,
  stillAllowed: (request: FastifyRequest) => Promise<boolean>,
): () => void {
  const open = new Set<EventStream>();
  app.withTypeProvider<ZodTypeProvider>().get(
    consolePaths.eventStream,
    {
      config: {
        access: 'session',
        permission: 'events.read',
        area: 'console',
        longLived: true,
        rateLimit: { max: 120, timeWindow: 60_000 },
      },
      schema: {
        tags: ['console'],
        summary: 'New events as they are committed (server-sent events)',
        headers: z.object({ 'last-event-id': z.string().max(200).optional() }),
        querystring: z.object({ after: z.string().max(200).optional() }),
        response: {
          200: {
            description: 'Each `data` is one event row',
            content: { 'text/event-stream': { schema: z.string() } },
          },
          ...refusals(400, 401, 503),
        },
      },
    },
    async (request, reply) => {
      if (open.size >= openStreamsLimit) {
        throw new RequestRefused(
          503,
          { code: 'server.busy', detail: 'Too many consoles are open at once. Close one and try again.' },
          { retryAfterSeconds: 30 },
        );
      }
      const { trustId } = context.owner;
      const { scope } = request;
      const given = request.headers['last-event-id'] ?? request.query.after;
      const newest = await newestEventNumber(context.store, trustId);
      const asked = given === undefined || given === '' ? newest : eventNumber(given, 'last-event-id');
      const from = Math.max(Math.min(asked, newest), newest - replayLimit);

      reply.hijack();
      reply.raw.writeHead(200, {
        ...plain(reply.getHeaders()),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      reply.raw.write('retry: 1000\n\n');
      const stream = new EventStream(reply.raw, from, () => stillAllowed(request));
      open.add(stream);
      const unsubscribe = context.feed.subscribe((rows) =>
        stream.push(rows.filter(({ schoolId }) => coversSchool(scope, schoolId))),
      );
      context.metrics.streamOpened();
      reply.raw.on('close', () => {
        unsubscribe();
        open.delete(stream);
        context.metrics.streamClosed();
      });
      await catchUp(context, scope, stream, from);
      return reply;
    },
  );
  return () => {
    for (const stream of open) stream.end();
  };
}

async function catchUp(context: ServerContext, scope: SchoolScope, stream: EventStream, from: number): Promise<void> {
  try {
    for (let after = from; ;) {
      const rows = await readEventsAfter(
        { store: context.store, trustId: context.owner.trustId, scope },
        after,
        replayPage,
      );
      stream.replay(rows);
      const last = rows.at(-1);
      if (last === undefined || rows.length < replayPage) break;
      after = Number(last.id);
    }
    stream.goLive();
  } catch (error) {
    context.log.warn({ err: error }, 'a live stream could not catch up');
    stream.end();
  }
}

function plain(
  headers: Record<string, number | string | string[] | undefined>,
): Record<string, number | string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
