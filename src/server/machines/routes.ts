import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths, machineDetail, machines } from '../../contract/console.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { notFound } from '../http/problems.ts';
import { readMachine, readMachines } from './read-machines.ts';

export function machineRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    consolePaths.machines,
    {
      config: { access: 'session', permission: 'machines.read', area: 'console' },
      schema: { tags: ['console'], summary: 'Enrolled machines', response: { 200: machines, ...refusals(401) } },
    },
    async (request) => ({ items: await readMachines(context.store, context.owner.trustId, request.scope) }),
  );
  routes.get(
    consolePaths.machine,
    {
      config: { access: 'session', permission: 'machines.read', area: 'console' },
      schema: {
        tags: ['console'],
        summary: 'One machine with how it is protected and what it is made of',
        params: z.object({ id: z.string().max(200) }),
        response: { 200: machineDetail, ...refusals(401, 404) },
      },
    },
    async (request) => {
      const found = await readMachine(context.store, context.owner.trustId, request.scope, request.params.id);
      if (found === null) throw notFound('machine');
      return found;
    },
  );
}
