import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  approveDraft as approveBody,
  discardDraft as discardBody,
  draftNote,
  policyDraft,
  policyDraftDetail,
  policyDrafts,
  policyPaths,
  rollBack as rollBackBody,
} from '../../contract/console-policies.ts';
import { publishAnswer } from '../../contract/console.ts';
import { publishablePolicy } from '../../contract/policy-publishing.ts';
import { documentId, sha256Hex } from '../../contract/primitives.ts';
import { actorOf } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { requireWholeTrust } from '../http/whole-trust.ts';
import { approveDraft, discardDraft, draftDetail, draftsOf, makeDraft, publishDraft } from './drafts.ts';
import { policyBounds } from './policy-bounds.ts';
import { rollBack } from './roll-back.ts';

const ofDraft = z.object({ id: z.string().max(60) });

/** The life of policies: put forward, approved, published, and back to an earlier version. */
export function policyLifeRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    policyPaths.drafts,
    {
      config: { access: 'sessionOrOperator', permission: 'policies.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Drafts of policies: those that wait first, then newest first',
        response: { 200: policyDrafts, ...refusals(401, 403) },
      },
    },
    async () => ({ items: await draftsOf(context) }),
  );
  routes.get(
    policyPaths.draft,
    {
      config: { access: 'session', permission: 'policies.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'A draft with its text',
        params: ofDraft,
        response: { 200: policyDraftDetail, ...refusals(400, 401, 403, 404) },
      },
    },
    (request) => draftDetail(context, request.params.id),
  );
  routes.post(
    policyPaths.drafts,
    {
      config: { access: 'sessionOrOperator', permission: 'policies.publish', area: 'policy', bodyBounds: policyBounds },
      schema: {
        tags: ['console'],
        summary: 'Put a policy forward as a draft; nobody is asked for it until it is published',
        querystring: draftNote,
        body: publishablePolicy,
        response: { 200: policyDraft, ...refusals(400, 401, 403, 413, 415, 503) },
      },
    },
    (request) => {
      requireWholeTrust(request, 'put a policy forward');
      return makeDraft(context, request.body, request.query.note, actorOf(request));
    },
  );
  routes.post(
    policyPaths.approveDraft,
    {
      config: { access: 'session', permission: 'policies.publish', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Approve a draft as it is',
        params: ofDraft,
        body: approveBody,
        response: { 200: policyDraft, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    (request) => {
      requireWholeTrust(request, 'approve a policy');
      return approveDraft(context, request.params.id, request.body.note, actorOf(request));
    },
  );
  routes.post(
    policyPaths.publishDraft,
    {
      config: { access: 'session', permission: 'policies.publish', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Publish an approved draft',
        params: ofDraft,
        body: z.strictObject({ insteadOf: documentId.optional() }),
        response: { 200: publishAnswer, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    (request) => {
      requireWholeTrust(request, 'publish a policy');
      return publishDraft(context, request.params.id, request.body.insteadOf, actorOf(request));
    },
  );
  routes.post(
    policyPaths.discardDraft,
    {
      config: { access: 'session', permission: 'policies.publish', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Put a draft aside for good',
        params: ofDraft,
        body: discardBody,
        response: { 200: policyDraft, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    (request) => {
      requireWholeTrust(request, 'discard a draft');
      return discardDraft(context, request.params.id, request.body.reason, actorOf(request));
    },
  );
  routes.post(
    policyPaths.rollBack,
    {
      config: { access: 'sessionOrOperator', permission: 'policies.publish', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'Publish what an earlier version says once more, as another version',
        params: z.object({ hash: sha256Hex }),
        body: rollBackBody,
        response: { 200: publishAnswer, ...refusals(400, 401, 403, 404, 409) },
      },
    },
    async (request) => {
      requireWholeTrust(request, 'bring an earlier version of a policy back');
      const published = await rollBack(context, request.params.hash, request.body.reason, actorOf(request));
      return { published, alreadyCurrent: false };
    },
  );
}
