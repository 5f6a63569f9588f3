import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  answerRequest,
  codeAnswer,
  createCode,
  createGrant,
  deviceDetail,
  deviceList,
  devicePaths,
  devicesQuery,
  grants,
  plugs,
  requests,
  triedRules,
  tryRules,
} from '../../contract/console-devices.ts';
import { doerOf } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { notFound } from '../http/problems.ts';
import { addGrant, readGrants, revokeGrant } from './grants.ts';
import { makeOfflineCode } from './offline-codes.ts';
import { readDevice, readDevices, readPlugged } from './read-devices.ts';
import { answer, readRequests } from './requests.ts';
import { tryRulesOn } from './try-rules.ts';

const reads = { access: 'session', permission: 'devices.read', area: 'device' } as const;
const answers = { access: 'session', permission: 'devices.answer', area: 'device' } as const;
const tags = ['console'];
const byId = z.object({ id: z.string().min(1).max(60) });
const done = z.object({});

export function deviceRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    devicePaths.plugged,
    {
      config: reads,
      schema: { tags, summary: 'What is plugged in where', response: { 200: plugs, ...refusals(401) } },
    },
    async (request) => ({ items: await readPlugged(context, request.scope) }),
  );
  routes.get(
    devicePaths.devices,
    {
      config: reads,
      schema: {
        tags,
        summary: 'USB devices, newest first',
        querystring: devicesQuery,
        response: { 200: deviceList, ...refusals(400, 401) },
      },
    },
    (request) => readDevices(context, request.scope, request.query.search),
  );
  routes.get(
    devicePaths.device,
    {
      config: reads,
      schema: {
        tags,
        summary: 'One device: where it was, and what is allowed about it',
        params: byId,
        response: { 200: deviceDetail, ...refusals(400, 401, 404) },
      },
    },
    async (request) => {
      const found = await readDevice(context, request.scope, request.params.id);
      if (found === null) throw notFound('device');
      return found;
    },
  );
  routes.get(
    devicePaths.requests,
    {
      config: reads,
      schema: { tags, summary: 'Requests, open ones first', response: { 200: requests, ...refusals(401) } },
    },
    async (request) => ({ items: await readRequests(context, request.scope) }),
  );
  routes.post(
    devicePaths.answer,
    {
      config: answers,
      schema: {
        tags,
        summary: 'Answer a request',
        params: byId,
        body: answerRequest,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await answer(context, request.params.id, request.body, doerOf(request));
      return {};
    },
  );
  routes.get(
    devicePaths.grants,
    {
      config: reads,
      schema: { tags, summary: 'Permissions, newest first', response: { 200: grants, ...refusals(401) } },
    },
    async (request) => ({ items: await readGrants(context, request.scope) }),
  );
  routes.post(
    devicePaths.grants,
    {
      config: answers,
      schema: {
        tags,
        summary: 'Allow a device',
        body: createGrant,
        response: { 200: z.object({ id: z.string() }), ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => ({
      id: await context.store
        .transaction()
        .execute((transaction) =>
          addGrant(context, transaction, { ...request.body, requestId: null }, doerOf(request)),
        ),
    }),
  );
  routes.post(
    devicePaths.revoke,
    {
      config: answers,
      schema: {
        tags,
        summary: 'End a permission before its time',
        params: byId,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await revokeGrant(context, request.params.id, doerOf(request));
      return {};
    },
  );
  routes.post(
    devicePaths.codes,
    {
      config: answers,
      schema: {
        tags,
        summary: 'Make a code to read out to somebody at a machine without a network',
        body: createCode,
        response: { 200: codeAnswer, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    (request) => makeOfflineCode(context, request.body, doerOf(request)),
  );
  routes.post(
    devicePaths.tryRule,
    {
      config: reads,
      schema: {
        tags,
        summary: 'What a list of USB rules would have done',
        body: tryRules,
        response: { 200: triedRules, ...refusals(400, 401, 403, 413) },
      },
    },
    (request) => tryRulesOn(context, request.scope, request.body),
  );
}
