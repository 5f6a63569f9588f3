import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths, policies, publishAnswer } from '../../contract/console.ts';
import { publishablePolicy } from '../../contract/policy-publishing.ts';
import { mostPoliciesInForce } from '../../contract/policy-set.ts';
import { signedPolicy } from '../../contract/policy.ts';
import { documentId, sha256Hex } from '../../contract/primitives.ts';
import { actorOf } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { requireWholeTrust } from '../http/whole-trust.ts';
import { RequestRefused } from '../http/problems.ts';
import { orderPolicies, withdrawPolicy } from './in-force.ts';
import { policyLifeRoutes } from './life-routes.ts';
import { policyBounds } from './policy-bounds.ts';
import { publicationOf, publications } from './publications.ts';
import { publishPolicy } from './publish.ts';

export function policyRoutes(app: FastifyInstance, context: ServerContext): void {
  policyLifeRoutes(app, context);
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    '/v1/policies',
    {
      config: { access: 'sessionOrOperator', permission: 'policies.publish', area: 'policy', bodyBounds: policyBounds },
      schema: {
        tags: ['operator'],
        summary: 'Publish a policy: it comes into force in place of the version before, beside the others',
        querystring: z.object({ insteadOf: documentId.optional() }),
        body: publishablePolicy,
        response: { 200: publishAnswer, ...refusals(400, 401, 403, 409, 413, 415, 503) },
      },
    },
    (request) => {
      requireWholeTrust(request, 'publish a policy');
      return publishPolicy(context, request.body, {
        actor: actorOf(request),
        insteadOf: request.query.insteadOf,
      });
    },
  );
  routes.get(
    consolePaths.policies,
    {
      config: { access: 'sessionOrOperator', permission: 'policies.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Published policies, newest first',
        response: { 200: policies, ...refusals(401) },
      },
    },
    async (request) => ({ items: await publications(context.store, context.owner.trustId, request.scope) }),
  );
  routes.get(
    consolePaths.policy,
    {
      config: { access: 'sessionOrOperator', permission: 'policies.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'A published policy by its hash',
        params: z.object({ hash: sha256Hex }),
        response: { 200: signedPolicy, ...refusals(400, 401, 404) },
      },
    },
    async (request) => {
      const found = await publicationOf(context.store, context.owner.trustId, request.params.hash);
      if (found === null) {
        throw new RequestRefused(404, {
          code: 'console.notFound',
          detail: 'No policy with this hash was published here.',
          field: 'hash',
        });
      }
      return found.signed;
    },
  );
  routes.post(
    consolePaths.withdrawPolicy,
    {
      config: { access: 'session', permission: 'policies.publish', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Take a policy out of force',
        params: z.object({ hash: sha256Hex }),
        response: { 200: policies, ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      requireWholeTrust(request, 'withdraw a policy');
      await withdrawPolicy(context, request.params.hash, actorOf(request));
      return { items: await publications(context.store, context.owner.trustId, request.scope) };
    },
  );
  routes.post(
    consolePaths.orderPolicies,
    {
      config: { access: 'session', permission: 'policies.publish', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Set in which order people are asked for the policies in force',
        body: z.strictObject({ hashes: z.array(sha256Hex).max(mostPoliciesInForce) }),
        response: { 200: policies, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      requireWholeTrust(request, 'set the order of policies');
      await orderPolicies(context, request.body.hashes, actorOf(request));
      return { items: await publications(context.store, context.owner.trustId, request.scope) };
    },
  );
}
