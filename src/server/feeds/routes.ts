import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  alertId,
  alertPaths,
  feedInput,
  feedList,
  madeAnswer,
  skipFeedEvent,
  testAnswer,
} from '../../contract/console-alerts.ts';
import type { AlertContext } from '../alerts/surroundings.ts';
import { actorOf } from '../audit/record-action.ts';
import { refusals } from '../http/openapi.ts';
import { addFeed, changeFeed, readFeeds, removeFeed, testFeed } from './feeds.ts';
import { skipEvent } from './skip-event.ts';

const reads = { access: 'session', permission: 'alerts.read', area: 'feed' } as const;
/** Room for a field that is far too long, so that it is refused by its name. */
const bodyBounds = { compressedBytes: 256 * 1024, bytes: 256 * 1024 };
const manages = { access: 'session', permission: 'alerts.manage', area: 'feed', bodyBounds } as const;
const tags = ['console'];
const byId = z.object({ id: alertId });
const nothing = z.strictObject({});
const done = z.object({});

/** Feeds of events to other systems. */
export function feedRoutes(app: FastifyInstance, context: AlertContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    alertPaths.feeds,
    {
      config: reads,
      schema: {
        tags,
        summary: 'Feeds of events, and how far each has come',
        response: { 200: feedList, ...refusals(401, 403) },
      },
    },
    async (request) => ({ items: await readFeeds(context, request.scope) }),
  );
  routes.post(
    alertPaths.feeds,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Add a feed',
        body: feedInput,
        response: { 200: madeAnswer, ...refusals(400, 401, 403, 503) },
      },
    },
    (request) => addFeed(context, request.scope, request.body, actorOf(request)),
  );
  routes.post(
    alertPaths.feed,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Change a feed; it goes on where it is',
        params: byId,
        body: feedInput,
        response: { 200: madeAnswer, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    (request) => changeFeed(context, request.scope, request.params.id, request.body, actorOf(request)),
  );
  routes.post(
    alertPaths.removeFeed,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Remove a feed',
        params: byId,
        body: nothing,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await removeFeed(context, request.scope, request.params.id, actorOf(request));
      return {};
    },
  );
  routes.post(
    alertPaths.skipFeedEvent,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Leave out the event that the receiver of a feed refuses, and go on after it',
        params: byId,
        body: skipFeedEvent,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await skipEvent(context, request.scope, request.params.id, request.body.event, actorOf(request));
      return {};
    },
  );
  routes.post(
    alertPaths.testFeed,
    {
      config: { ...manages, rateLimit: { max: 20, timeWindow: 60_000 } },
      schema: {
        tags,
        summary: 'Send one test event at once; answers what the receiver answered',
        params: byId,
        body: nothing,
        response: { 200: testAnswer, ...refusals(400, 401, 403, 404, 429, 503) },
      },
    },
    (request) => testFeed(context, request.scope, request.params.id, actorOf(request)),
  );
}
