import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  assessmentQuery,
  changeRetention,
  created,
  endHold,
  erasePerson as erasePersonBody,
  exportPerson,
  holds,
  placeHold,
  privacyPaths,
  purges,
  ranPurge,
  retention,
  retentionPreview,
} from '../../contract/console-privacy.ts';
import { actorOf } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { lookIntoWhereAgreed } from '../openings/look-into.ts';
import { refusals } from '../http/openapi.ts';
import { endIt, place, readHolds } from '../retention/holds.ts';
import { askedPatienceMs, erasePerson, purgeWhatIsDue } from '../retention/purge.ts';
import { previewChange, readPurges } from '../retention/read-purges.ts';
import { changeKept, readRetention } from '../retention/settings.ts';
import { assessmentDocx } from './assessment-docx.ts';
import { assessmentHtml } from './assessment-html.ts';
import { assessmentDocument } from './assessment.ts';
import { subjectAccess } from './subject-access.ts';

const reads = { access: 'session', permission: 'retention.read', area: 'privacy' } as const;
const manages = { access: 'session', permission: 'retention.manage', area: 'privacy' } as const;
const exportsData = { access: 'session', permission: 'rights.export', area: 'privacy' } as const;
const tags = ['console'];
const byId = z.object({ id: z.string().min(1).max(60) });
const done = z.object({});
const docxType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

export function privacyRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    privacyPaths.retention,
    {
      config: reads,
      schema: { tags, summary: 'For how long everything is kept', response: { 200: retention, ...refusals(401, 403) } },
    },
    (request) => readRetention(context, request.scope),
  );
  routes.post(
    privacyPaths.retention,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Decide for how long a category is kept',
        body: changeRetention,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await changeKept(context, request.scope, request.body, actorOf(request));
      return {};
    },
  );
  routes.post(
    privacyPaths.preview,
    {
      config: reads,
      schema: {
        tags,
        summary: 'What such a decision would remove; changes nothing',
        body: changeRetention,
        response: { 200: retentionPreview, ...refusals(400, 401, 403, 404) },
      },
    },
    (request) => previewChange(context, request.scope, request.body),
  );
  routes.get(
    privacyPaths.purges,
    {
      config: reads,
      schema: { tags, summary: 'What was removed, newest first', response: { 200: purges, ...refusals(401, 403) } },
    },
    async (request) => ({ items: await readPurges(context, request.scope) }),
  );
  routes.post(
    privacyPaths.purges,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Remove now what is due',
        body: done,
        response: { 200: ranPurge, ...refusals(400, 401, 403, 503) },
      },
    },
    (request) => purgeWhatIsDue(context, request.scope, actorOf(request), askedPatienceMs),
  );
  routes.get(
    privacyPaths.holds,
    {
      config: reads,
      schema: { tags, summary: 'Legal holds, those that count first', response: { 200: holds, ...refusals(401, 403) } },
    },
    async (request) => ({ items: await readHolds(context, request.scope) }),
  );
  routes.post(
    privacyPaths.holds,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Place a legal hold',
        body: placeHold,
        response: { 200: created, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => ({ id: await place(context, request.scope, request.body, actorOf(request)) }),
  );
  routes.post(
    privacyPaths.endHold,
    {
      config: manages,
      schema: {
        tags,
        summary: 'End a legal hold',
        params: byId,
        body: endHold,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await endIt(context, request.scope, request.params.id, request.body.reason, actorOf(request));
      return {};
    },
  );
  routes.post(
    privacyPaths.erase,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Remove what is held about one person (article 17 UK GDPR)',
        params: byId,
        body: erasePersonBody,
        response: { 200: created, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => ({
      id: await erasePerson(context, request.scope, request.params.id, request.body, actorOf(request)),
    }),
  );
  routes.post(
    privacyPaths.export,
    {
      config: exportsData,
      schema: {
        tags,
        summary: 'Everything held about one person, as a .zip (article 15 UK GDPR)',
        params: byId,
        body: exportPerson,
        response: {
          200: { description: 'The archive', content: { 'application/zip': { schema: z.any() } } },
          ...refusals(400, 401, 403, 404, 503),
        },
      },
    },
    async (request, reply) => {
      await lookIntoWhereAgreed(context, request, request.params.id);
      const { name, archive } = await subjectAccess(
        context,
        request.scope,
        request.params.id,
        request.body.reason,
        actorOf(request),
      );
      return await reply
        .header('content-type', 'application/zip')
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .send(archive);
    },
  );
  routes.get(
    privacyPaths.assessment,
    {
      config: reads,
      schema: {
        tags,
        summary: 'Data protection impact assessment out of the settings in force',
        querystring: assessmentQuery,
        response: {
          200: {
            description: 'The document',
            content: { [docxType]: { schema: z.any() }, 'text/html': { schema: z.any() } },
          },
          ...refusals(400, 401, 403),
        },
      },
    },
    async (request, reply) => {
      const document = await assessmentDocument(context, request.scope);
      reply.header('cache-control', 'no-store');
      if (request.query.format === 'html') {
        return await reply.header('content-type', 'text/html; charset=utf-8').send(assessmentHtml(document));
      }
      return await reply
        .header('content-type', docxType)
        .header('content-disposition', 'attachment; filename="usher-data-protection-impact-assessment.docx"')
        .send(await assessmentDocx(document));
    },
  );
}
