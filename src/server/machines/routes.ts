import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { consolePaths, machineDetail, machines } from '../../contract/console.ts';
import {
  answerReplacement as answerReplacementBody,
  approvedMany,
  approveMany as approveManyBody,
  changeFinding,
  findingList,
  findingsQuery,
  machineCounts,
  machinePaths,
  machineSchools,
  machinesQuery,
  moveMachine as moveMachineBody,
  renameMachine as renameMachineBody,
  schoolHours,
  withReason,
} from '../../contract/console-machines.ts';
import { schoolId } from '../../contract/roles.ts';
import { actorOf } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import { answerReplacement, approveMany, moveMachine, renameMachine, stepMachine } from './change-machine.ts';
import type { Changer } from './change-machine.ts';
import { countMachines } from './count-machines.ts';
import { readFindings, updateFinding } from './read-findings.ts';
import { readMachine, readMachines, type MachineReader } from './read-machines.ts';
import { readSchoolHours, setSchoolHours } from './school-hours.ts';

const reads = { access: 'session', permission: 'machines.read', area: 'machine' } as const;
const manages = { access: 'session', permission: 'machines.manage', area: 'machine' } as const;
const tags = ['console'];
const byId = z.object({ id: z.string().min(1).max(200) });
const done = z.object({});
const changes = { 200: done, ...refusals(400, 401, 403, 404, 409, 503) };

const changerOf = (request: FastifyRequest): Changer => ({ actor: actorOf(request), scope: request.scope });

export function machineRoutes(app: FastifyInstance, context: ServerContext): void {
  listRoutes(app, context);
  changeRoutes(app, context);
  findingRoutes(app, context);
}

function listRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const readerOf = (request: FastifyRequest): MachineReader => ({
    store: context.store,
    trustId: context.owner.trustId,
    scope: request.scope,
  });
  routes.get(
    consolePaths.machines,
    {
      config: reads,
      schema: {
        tags,
        summary: 'Machines by name, a page at a time',
        querystring: machinesQuery,
        response: { 200: machines, ...refusals(400, 401, 403) },
      },
    },
    (request) => readMachines(readerOf(request), request.query),
  );
  routes.get(
    machinePaths.counts,
    {
      config: reads,
      schema: {
        tags,
        summary: 'How many machines stand where, and how many have something found',
        querystring: z.object({ school: schoolId.optional() }),
        response: { 200: machineCounts, ...refusals(400, 401, 403) },
      },
    },
    (request) => countMachines(readerOf(request), request.query.school),
  );
  routes.get(
    machinePaths.schools,
    {
      config: reads,
      schema: { tags, summary: 'Schools whose machines you see', response: { 200: machineSchools, ...refusals(401) } },
    },
    async (request) => ({
      items: await context.store
        .selectFrom('schools')
        .select(['school_id as id', 'name'])
        .where('trust_id', '=', context.owner.trustId)
        .where(inScope('school_id', request.scope))
        .orderBy('name')
        .orderBy('school_id')
        .execute(),
    }),
  );
  routes.get(
    consolePaths.machine,
    {
      config: reads,
      schema: {
        tags,
        summary: 'One machine with how it is protected and what it is made of',
        params: byId,
        response: { 200: machineDetail, ...refusals(400, 401, 403, 404) },
      },
    },
    async (request) => {
      const found = await readMachine(readerOf(request), request.params.id);
      if (found === null) throw notFound('machine');
      return found;
    },
  );
}

function changeRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    machinePaths.approve,
    { config: manages, schema: { tags, summary: 'Approve a machine that waits', params: byId, response: changes } },
    async (request) => {
      await stepMachine(context, request.params.id, 'approve', '', changerOf(request));
      return {};
    },
  );
  routes.post(
    machinePaths.approveMany,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Approve those of these machines that wait',
        body: approveManyBody,
        response: { 200: approvedMany, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => ({ approved: await approveMany(context, request.body.ids, changerOf(request)) }),
  );
  const steps = [
    ['refuse', machinePaths.refuse, 'Do not let a machine in that waits'],
    ['revoke', machinePaths.revoke, 'Stop trusting a machine'],
    ['readmit', machinePaths.readmit, 'Let a machine that was refused or revoked wait for approval again'],
  ] as const;
  for (const [step, path, summary] of steps) {
    routes.post(
      path,
      { config: manages, schema: { tags, summary, params: byId, body: withReason, response: changes } },
      async (request) => {
        await stepMachine(context, request.params.id, step, request.body.reason, changerOf(request));
        return {};
      },
    );
  }
  routes.post(
    machinePaths.rename,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Give a machine a name of its own, or its hostname back',
        params: byId,
        body: renameMachineBody,
        response: changes,
      },
    },
    async (request) => {
      await renameMachine(context, request.params.id, request.body.name, changerOf(request));
      return {};
    },
  );
  routes.post(
    machinePaths.move,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Move a machine to another school; its records stay with the former',
        params: byId,
        body: moveMachineBody,
        response: changes,
      },
    },
    async (request) => {
      await moveMachine(context, request.params.id, request.body, changerOf(request));
      return {};
    },
  );
  routes.post(
    machinePaths.replacement,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Say whether a machine is another one set up again',
        params: byId,
        body: answerReplacementBody,
        response: changes,
      },
    },
    async (request) => {
      await answerReplacement(context, request.params.id, request.body.sameComputer, changerOf(request));
      return {};
    },
  );
}

function findingRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    machinePaths.findings,
    {
      config: reads,
      schema: {
        tags,
        summary: 'What was found about machines, newest first',
        querystring: findingsQuery,
        response: { 200: findingList, ...refusals(400, 401, 403) },
      },
    },
    (request) =>
      readFindings(
        { store: context.store, trustId: context.owner.trustId, scope: request.scope },
        request.query,
        request.consoleUser?.id ?? null,
      ),
  );
  routes.post(
    machinePaths.finding,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Take a finding on, note something on it, or resolve it',
        params: byId,
        body: changeFinding,
        response: changes,
      },
    },
    async (request) => {
      await updateFinding(context, request.params.id, request.body, changerOf(request));
      return {};
    },
  );
  routes.get(
    machinePaths.hours,
    {
      config: reads,
      schema: {
        tags,
        summary: 'When machines are expected to be heard of',
        response: { 200: schoolHours, ...refusals(401, 403) },
      },
    },
    () => readSchoolHours(context.store, context.owner.trustId),
  );
  routes.post(
    machinePaths.hours,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Set when machines are expected to be heard of',
        body: schoolHours,
        response: { 200: schoolHours, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      if (request.scope !== 'all') {
        throw new RequestRefused(403, {
          code: 'machine.wholeTrust',
          detail: 'These hours are for every school of the trust: ask somebody who looks after all of them.',
        });
      }
      await setSchoolHours(context, request.body, actorOf(request));
      return request.body;
    },
  );
}
