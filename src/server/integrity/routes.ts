import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import {
  checkpointQuery,
  consistencyAnswer,
  consistencyQuery,
  fileFinding,
  forkRows,
  inclusionAnswer,
  inclusionQuery,
  integrityPaths,
  integrityState,
  personPackRequest,
  schoolPackRequest,
  tileQuery,
  verifyFileBounds,
} from '../../contract/console-integrity.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { actorOf, recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { readBoundedBody } from '../http/bounded-body.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import { checkHeld } from './check-held.ts';
import { checkpointOf, latestCheckpoint } from './checkpoints.ts';
import { readForks } from './forks.ts';
import { checkpointAndWitness } from './jobs.ts';
import { consistencyProof, coveringLeaf, inclusionProof, logSize } from './log.ts';
import type { PackLimits } from './pack-size.ts';
import { aboutPerson, aboutSchool, sendPack } from './pack-routes.ts';
import { readState } from './state.ts';
import { readTile, TileReader } from './tiles.ts';
import { verifyFile } from './verify-file.ts';
import type { WitnessSettings } from './witness.ts';

const publicLog = { access: 'public', area: 'log' } as const;
const reads = { access: 'session', permission: 'integrity.read', area: 'integrity' } as const;
/** Records "Check now" goes over while somebody waits; the scheduled work goes on from there. */
const recordsAtOnce = 100_000;

const notInLog = (detail: string, field: string) => new RequestRefused(404, { code: 'log.notFound', detail, field });
const ofType = (type: string, description: string) => ({
  description,
  content: { [type]: { schema: z.any() } },
});
const inside = (scope: SchoolScope, schoolId: string): boolean => scope === 'all' || scope.includes(schoolId);

export function integrityRoutes(
  app: FastifyInstance,
  context: ServerContext,
  witness: WitnessSettings | null,
  limits: PackLimits,
): void {
  logRoutes(app, context);
  consoleRoutes(app, context, witness);
  // In a scope of its own, so that no other route takes bodies of bytes.
  void app.register(async (scope) => {
    fileRoutes(scope, context, limits);
  });
}

/** The log for anyone: no more than hashes, sizes and signatures. */
function logRoutes(app: FastifyInstance, context: ServerContext): void {
  const { store, owner } = context;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    integrityPaths.checkpoint,
    {
      config: publicLog,
      schema: {
        tags: ['log'],
        summary: 'The newest checkpoint as a signed note, with its cosignatures',
        response: { 200: ofType('text/plain', 'A checkpoint (c2sp.org/tlog-checkpoint)'), ...refusals(404, 429, 503) },
      },
    },
    async (_request, reply) => {
      const newest = await latestCheckpoint(store, owner.trustId);
      if (newest === null) throw notInLog('There is no checkpoint yet: no machine has sent a record.', 'size');
      return reply.type('text/plain; charset=utf-8').send(newest.note);
    },
  );
  routes.get(
    integrityPaths.checkpointOf,
    {
      config: publicLog,
      schema: {
        tags: ['log'],
        summary: 'The checkpoint of one size',
        params: checkpointQuery,
        response: {
          200: ofType('text/plain', 'A checkpoint (c2sp.org/tlog-checkpoint)'),
          ...refusals(400, 404, 429, 503),
        },
      },
    },
    async (request, reply) => {
      const kept = await checkpointOf(store, owner.trustId, request.params.size);
      if (kept === null) throw notInLog('No checkpoint was made at this size. Ask for the newest.', 'size');
      return reply.type('text/plain; charset=utf-8').send(kept.note);
    },
  );
  routes.get(
    integrityPaths.consistency,
    {
      config: publicLog,
      schema: {
        tags: ['log'],
        summary: 'The proof that the log of one size begins with that of a smaller one',
        querystring: consistencyQuery,
        response: { 200: consistencyAnswer, ...refusals(400, 404, 422, 429, 503) },
      },
    },
    async ({ query: { old, size } }) => {
      if (size > (await logSize(store, owner.trustId))) throw notInLog('The log has fewer entries than this.', 'size');
      if (old > size)
        throw new RequestRefused(422, {
          code: 'log.sizes',
          detail: 'old must not be larger than size. Give the smaller size as old.',
          field: 'old',
        });
      const proof = await consistencyProof(new TileReader(store, owner.trustId), old, size);
      return { old, size, proof: proof.map((hash) => hash.toString('hex')) };
    },
  );
  routes.get(
    integrityPaths.tile,
    {
      config: publicLog,
      schema: {
        tags: ['log'],
        summary: 'Up to 256 hashes of the tree, 32 bytes each, as in c2sp.org/tlog-tiles',
        params: tileQuery,
        response: {
          200: ofType('application/octet-stream', 'The hashes as far as the tile is filled'),
          ...refusals(400, 404, 429, 503),
        },
      },
    },
    async ({ params: { level, index } }, reply) => {
      const tile = await readTile(store, owner.trustId, level, index);
      if (tile.length === 0) throw notInLog('The log has no such tile.', 'index');
      return reply.type('application/octet-stream').send(Buffer.concat(tile));
    },
  );
}

function consoleRoutes(app: FastifyInstance, context: ServerContext, witness: WitnessSettings | null): void {
  const { store, owner } = context;
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    integrityPaths.state,
    {
      config: reads,
      schema: {
        tags: ['console'],
        summary: 'Whether everything held verifies, since when, and the checkpoints',
        response: { 200: integrityState, ...refusals(401, 403, 503) },
      },
    },
    (request) => readState(context, request.scope, witness),
  );
  routes.get(
    integrityPaths.forks,
    {
      config: reads,
      schema: {
        tags: ['console'],
        summary: 'Records of which two versions were sent',
        response: { 200: forkRows, ...refusals(401, 403, 503) },
      },
    },
    (request) => readForks(context, request.scope),
  );
  routes.post(
    integrityPaths.check,
    {
      config: reads,
      schema: {
        tags: ['console'],
        summary: 'Make a checkpoint and check everything held again now, as far as it goes in a moment',
        body: z.strictObject({}),
        response: { 200: integrityState, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      await store.transaction().execute((transaction) =>
        recordAction(transaction, context, {
          action: 'integrity.checked',
          actor: actorOf(request),
          schoolId: null,
          subject: null,
        }),
      );
      await checkpointAndWitness(context, witness);
      await checkHeld(context, { budget: recordsAtOnce, now: true });
      return await readState(context, request.scope, witness);
    },
  );
  routes.get(
    integrityPaths.inclusion,
    {
      config: reads,
      schema: {
        tags: ['console'],
        summary: 'The log entry that covers a record, and the proof that it is in the log',
        querystring: inclusionQuery,
        response: { 200: inclusionAnswer, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async (request) => {
      const { size: wanted, ...place } = request.query;
      const size = wanted ?? (await latestCheckpoint(store, owner.trustId))?.size ?? 0;
      if (size > (await logSize(store, owner.trustId))) throw notInLog('The log has fewer entries than this.', 'size');
      const covering = await coveringLeaf(store, owner.trustId, place, size);
      if (covering === null || !inside(request.scope, covering.schoolId))
        throw notInLog('No entry of the log covers this record yet. The next checkpoint will.', 'seq');
      const proof = await inclusionProof(new TileReader(store, owner.trustId), covering.index, size);
      return { size, index: covering.index, leaf: covering.leaf, proof: proof.map((hash) => hash.toString('hex')) };
    },
  );
}

function fileRoutes(app: FastifyInstance, context: ServerContext, limits: PackLimits): void {
  app.addContentTypeParser('application/octet-stream', async (request: FastifyRequest, payload: IncomingMessage) => {
    const { area = 'request', bodyBounds = verifyFileBounds } = request.routeOptions.config;
    return await readBoundedBody(payload, request.headers['content-encoding'], bodyBounds, area);
  });
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.post(
    integrityPaths.verifyFile,
    {
      config: { ...reads, bodyBounds: verifyFileBounds },
      schema: {
        tags: ['console'],
        summary: 'Verify an export or an evidence pack, sent as application/octet-stream',
        body: z.any(),
        response: { 200: fileFinding, ...refusals(400, 401, 403, 413, 415, 503) },
      },
    },
    (request) => {
      if (Buffer.isBuffer(request.body)) return verifyFile(request.body, context.key.publicKey);
      throw new RequestRefused(415, {
        code: 'request.mediaType',
        detail: 'The body must be the file itself: send it with "Content-Type: application/octet-stream".',
      });
    },
  );
  const zip = { 200: ofType('application/zip', 'The evidence pack') };
  routes.post(
    integrityPaths.schoolPack,
    {
      config: reads,
      schema: {
        tags: ['console'],
        summary: 'Make an evidence pack about a school',
        body: schoolPackRequest,
        response: { ...zip, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) =>
      sendPack(context, request, reply, await aboutSchool(context, request.scope, request.body), request.body, limits),
  );
  routes.post(
    integrityPaths.personPack,
    {
      config: { access: 'session', permission: 'rights.export', area: 'integrity' },
      schema: {
        tags: ['console'],
        summary: 'Make an evidence pack about one person; nothing about others is in it',
        body: personPackRequest,
        response: { ...zip, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) =>
      sendPack(context, request, reply, await aboutPerson(context, request.scope, request.body), request.body, limits),
  );
}
