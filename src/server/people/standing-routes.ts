import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  addEquipment,
  comeBack,
  counterSignatures,
  decideCounterSignature,
  leave,
  leavers,
  offices,
  setOffice,
  standingPaths,
} from '../../contract/console-standing.ts';
import { sha256Hex } from '../../contract/primitives.ts';
import { actorOf } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { refusals } from '../http/openapi.ts';
import { decideCounterSignatureOf, readCounterSignatures } from './counter-signatures.ts';
import { addEquipmentOf, comeBackToSchool, equipmentReturned, leaveSchool, readLeavers } from './leavers.ts';
import { changeOffice, readOffices } from './offices.ts';

const tags = ['console'];
const reads = { access: 'session', permission: 'people.read', area: 'console' } as const;
const manages = { access: 'session', permission: 'people.manage', area: 'console' } as const;
const byId = z.object({ id: z.string().min(1).max(200) });
const done = z.object({});

/** Second signatures, who may give them, and people who leave. */
export function standingRoutes(app: FastifyInstance, context: ServerContext): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    standingPaths.counterSignatures,
    {
      config: reads,
      schema: {
        tags,
        summary: 'Second signatures to policies in force, what waits first',
        response: { 200: counterSignatures, ...refusals(401) },
      },
    },
    async (request) => ({ items: await readCounterSignatures(context, request.scope, request.consoleUser) }),
  );
  routes.post(
    standingPaths.counterSign,
    {
      config: reads,
      schema: {
        tags,
        summary: 'Give or refuse a second signature, in an office that the policy names',
        params: z.object({ person: z.string().min(1).max(200), hash: sha256Hex }),
        body: decideCounterSignature,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      const { person: personId, hash: policyHash } = request.params;
      await decideCounterSignatureOf(context, request, { personId, policyHash }, request.body);
      return {};
    },
  );
  routes.get(
    standingPaths.offices,
    {
      config: { access: 'session', permission: 'users.read', area: 'console' },
      schema: {
        tags,
        summary: 'Who is headteacher and business manager of which school',
        response: { 200: offices, ...refusals(401, 403) },
      },
    },
    (request) => readOffices(context, request.scope),
  );
  routes.put(
    standingPaths.offices,
    {
      config: { access: 'session', permission: 'users.manage', area: 'console' },
      schema: {
        tags,
        summary: 'Say who holds an office in a school',
        body: setOffice,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await changeOffice(context, request.scope, request.body, actorOf(request));
      return {};
    },
  );
  routes.get(
    standingPaths.leavers,
    {
      config: reads,
      schema: {
        tags,
        summary: 'Who has left, what they still have, and whether their account was seen since',
        response: { 200: leavers, ...refusals(401) },
      },
    },
    async (request) => ({ items: await readLeavers(context, request.scope) }),
  );
  routes.post(
    standingPaths.leave,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Mark a person as having left: what they accepted is closed',
        params: byId,
        body: leave,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await leaveSchool(context, request.scope, request.params.id, request.body, actorOf(request));
      return {};
    },
  );
  routes.post(
    standingPaths.comeBack,
    {
      config: manages,
      schema: {
        tags,
        summary: 'A person who had left works here again',
        params: byId,
        body: comeBack,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await comeBackToSchool(context, request.scope, request.params.id, request.body.note, actorOf(request));
      return {};
    },
  );
  routes.post(
    standingPaths.equipment,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Note something of the school’s that a person has',
        params: byId,
        body: addEquipment,
        response: { 200: done, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      await addEquipmentOf(context, request.scope, request.params.id, request.body.what, actorOf(request));
      return {};
    },
  );
  routes.post(
    standingPaths.returned,
    {
      config: manages,
      schema: {
        tags,
        summary: 'Something came back',
        params: byId,
        response: { 200: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request) => {
      await equipmentReturned(context, request.scope, request.params.id, actorOf(request));
      return {};
    },
  );
}
