import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { consolePaths, machines } from '../../contract/console.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { readMachines } from './read-machines.ts';

export function machineRoutes(app: FastifyInstance, context: ServerContext): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    consolePaths.machines,
    {
      config: { access: 'session', area: 'console' },
      schema: { tags: ['console'], summary: 'Enrolled machines', response: { 200: machines, ...refusals(401) } },
    },
    async () => ({ items: await readMachines(context.store, context.owner.trustId) }),
  );
}
