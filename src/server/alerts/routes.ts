import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  alertId,
  alertList,
  alertPaths,
  alertsQuery,
  channelInput,
  channelList,
  digestInput,
  digestList,
  digestPreview,
  madeAnswer,
  ruleInput,
  ruleList,
  testAnswer,
} from '../../contract/console-alerts.ts';
import { schoolId } from '../../contract/roles.ts';
import { actorOf } from '../audit/record-action.ts';
import { refusals } from '../http/openapi.ts';
import { inScope } from '../store/in-scope.ts';
import { addChannel, changeChannel, readChannels, removeChannel, testChannel } from './channels.ts';
import { changeDigest, previewDigest, readDigests } from './digests.ts';
import { readAlerts } from './read-alerts.ts';
import { addRule, changeRule, readRules, removeRule } from './rules.ts';
import type { AlertContext } from './surroundings.ts';

const reads = { access: 'session', permission: 'alerts.read', area: 'alert' } as const;
/** Room for a field that is far too long, so that it is refused by its name. */
const bodyBounds = { compressedBytes: 256 * 1024, bytes: 256 * 1024 };
const manages = { access: 'session', permission: 'alerts.manage', area: 'alert', bodyBounds } as const;
const tags = ['console'];
const byId = z.object({ id: alertId });
const bySchool = z.object({ id: schoolId });
const nothing = z.strictObject({});
const done = z.object({});

/** Alerts: where they go, what they are about, and what became of them. */
export function alertRoutes(app: FastifyInstance, context: AlertContext): void {
  channelRoutes(app, context);
  ruleRoutes(app, context);
  digestRoutes(app, context);
  app.withTypeProvider<ZodTypeProvider>().get(
    alertPaths.alerts,
    {
      config: reads,
      schema: {
        tags,
        summary: 'Alerts, newest first, with what became of each',
        querystring: alertsQuery,
        response: { 200: alertList, ...refusals(400, 401, 403) },
      },
    },
    (request) => readAlerts(context, request.scope, request.query.before),
  );
}

function channelRoutes(app: FastifyInstance, context: AlertContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    alertPaths.channels,
    {
      config: reads,
      schema: { tags, summary: 'Where alerts go', response: { 200: channelList, ...refusals(401, 403) } },
    },
    async (request) => ({ items: await readChannels(context, request.scope), mailServer: context.mail !== null }),
  );
  routes.post(
    alertPaths.channels,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Add a channel',
        body: channelInput,
        response: { 200: madeAnswer, ...refusals(400, 401, 403, 503) },
      },
    },
    (request) => addChannel(context, request.scope, request.body, actorOf(request)),
  );
  routes.post(
    alertPaths.channel,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Change a channel; secrets that are left out stay',
        params: byId,
        body: channelInput,
        response: { 200: madeAnswer, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    (request) => changeChannel(context, request.scope, request.params.id, request.body, actorOf(request)),
  );
  routes.post(
    alertPaths.removeChannel,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Remove a channel; what waits for it is given up',
        params: byId,
        body: nothing,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await removeChannel(context, request.scope, request.params.id, actorOf(request));
      return {};
    },
  );
  routes.post(
    alertPaths.testChannel,
    {
      config: { ...manages, rateLimit: { max: 20, timeWindow: 60_000 } },
      schema: {
        tags,
        summary: 'Send a test at once; answers what the receiver answered',
        params: byId,
        body: nothing,
        response: { 200: testAnswer, ...refusals(400, 401, 403, 404, 429, 503) },
      },
    },
    (request) => testChannel(context, request.scope, request.params.id, actorOf(request)),
  );
}

function ruleRoutes(app: FastifyInstance, context: AlertContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    alertPaths.rules,
    {
      config: reads,
      schema: { tags, summary: 'What is alerted on', response: { 200: ruleList, ...refusals(401, 403) } },
    },
    async (request) => ({
      items: await readRules(context, request.scope),
      schools: await context.store
        .selectFrom('schools')
        .select(['school_id as id', 'name'])
        .where('trust_id', '=', context.owner.trustId)
        .where(inScope('school_id', request.scope))
        .orderBy('name')
        .execute(),
    }),
  );
  routes.post(
    alertPaths.rules,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Add a rule',
        body: ruleInput,
        response: { 200: z.object({ id: z.string() }), ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => ({ id: await addRule(context, request.scope, request.body, actorOf(request)) }),
  );
  routes.post(
    alertPaths.rule,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Change a rule',
        params: byId,
        body: ruleInput,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await changeRule(context, request.scope, request.params.id, request.body, actorOf(request));
      return {};
    },
  );
  routes.post(
    alertPaths.removeRule,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Remove a rule; alerts it raised stay',
        params: byId,
        body: nothing,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await removeRule(context, request.scope, request.params.id, actorOf(request));
      return {};
    },
  );
}

function digestRoutes(app: FastifyInstance, context: AlertContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    alertPaths.digests,
    {
      config: reads,
      schema: { tags, summary: 'Weekly digests, by school', response: { 200: digestList, ...refusals(401, 403) } },
    },
    async (request) => ({ items: await readDigests(context, request.scope) }),
  );
  routes.post(
    alertPaths.digest,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Set when and to whom the digest of a school goes',
        params: bySchool,
        body: digestInput,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await changeDigest(context, request.scope, request.params.id, request.body, actorOf(request));
      return {};
    },
  );
  routes.get(
    alertPaths.digestPreview,
    {
      config: reads,
      schema: {
        tags,
        summary: 'What the digest would say now',
        params: bySchool,
        response: { 200: digestPreview, ...refusals(400, 401, 403, 404) },
      },
    },
    (request) => previewDigest(context, request.scope, request.params.id),
  );
}
