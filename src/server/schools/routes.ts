import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  accessPaths,
  addSchool as newSchool,
  done,
  renameSchool as newName,
  schools,
} from '../../contract/console-access.ts';
import { schoolId } from '../../contract/roles.ts';
import { doerOf } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { requireWholeTrust } from '../http/whole-trust.ts';
import { addSchool, readSchools, renameSchool } from './schools.ts';

const tags = ['console'];

export function schoolRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    accessPaths.schools,
    {
      config: { access: 'sessionOrOperator', permission: 'overview.read', area: 'school' },
      schema: { tags, summary: 'Schools of the trust', response: { 200: schools, ...refusals(401, 403) } },
    },
    async (request) => ({ items: await readSchools(context, request.scope) }),
  );
  routes.post(
    accessPaths.schools,
    {
      config: { access: 'sessionOrOperator', permission: 'server.manage', area: 'school' },
      schema: {
        tags,
        summary: 'Add a school to the trust',
        body: newSchool,
        response: { 200: z.object({ id: schoolId }), ...refusals(400, 401, 403, 409, 503) },
      },
    },
    (request) => {
      requireWholeTrust(request, 'add a school');
      return addSchool(context, request.body, doerOf(request));
    },
  );
  routes.put(
    accessPaths.school,
    {
      config: { access: 'sessionOrOperator', permission: 'server.manage', area: 'school' },
      schema: {
        tags,
        summary: 'Rename a school',
        params: z.object({ id: z.string().min(1).max(60) }),
        body: newName,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await renameSchool(context, request.params.id, request.body.name, doerOf(request));
      return {};
    },
  );
}
