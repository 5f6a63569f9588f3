import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { httpProblem } from '../../contract/problem.ts';
import { syncAnswer, syncGap, syncLimits, syncRequest, syncStanding, type SyncRequest } from '../../contract/sync.ts';
import type { ServerContext } from '../context.ts';
import { eventRowOf } from '../events/read-events.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import { noteUntrusted } from '../machines/note-untrusted.ts';
import { ownerOf } from '../machines/owner-of.ts';
import { standingRefusal } from '../machines/standing-refusal.ts';
import type { Bound } from '../http/rate-limits.ts';
import { signedInElsewhere } from '../sessions/elsewhere.ts';
import { keptQuery } from '../store/kept-query.ts';
import { peopleNews } from '../people/people-news.ts';
import { policyNews, wantedPolicy } from './policy-news.ts';
import { batchWriter, type WriteBatch } from './batch-writer.ts';
import { bodyTextsOf, chainRefusal, placementRefusal, signatureRefusal, syncRefused } from './check-batch.ts';
import { refuseWhenOverloaded } from './overload.ts';
import { countRejected, unknownDevice } from './rejected-batches.ts';

/** How often a machine asks whose person waits for an answer. */
const whileWaitingSeconds = 3;

/**
 * A gap is part of normal work after a loss, a fork is kept whole in its own table; and who is told to wait or comes too
 * often did nothing wrong.
 */
const notCounted = new Set<string>([
  'sync.gap',
  'sync.fork',
  'sync.waiting',
  'sync.refused',
  'sync.revoked',
  'request.tooMany',
]);

/** @param ofMachine bounds how often one machine may come. */
export function syncRoutes(app: FastifyInstance, context: ServerContext, ofMachine: Bound): void {
  const writeBatch = batchWriter(context.store, context.owner.trustId, context.key);
  app.withTypeProvider<ZodTypeProvider>().post(
    '/v1/sync',
    {
      onRequest: refuseWhenOverloaded(),
      config: { access: 'device', area: 'sync', exchange: true, bodyBounds: syncLimits },
      schema: {
        tags: ['machines'],
        summary: 'Send the next records; get the receipt, a newer policy and the next poll delay',
        body: syncRequest,
        response: {
          200: syncAnswer,
          ...refusals(400, 401, 413, 422, 429, 503),
          403: {
            description: 'The machine waits for approval, was refused or revoked; `standing` is signed',
            content: { 'application/problem+json': { schema: httpProblem.extend(syncStanding.shape) } },
          },
          409: {
            description: 'A gap (with `expectedSeq`) or a fork',
            content: { 'application/problem+json': { schema: httpProblem.extend(syncGap.partial().shape) } },
          },
        },
      },
    },
    async (request) => {
      try {
        return await exchange(context, writeBatch, request.body, () => ofMachine(request));
      } catch (error) {
        if (error instanceof RequestRefused && !notCounted.has(error.problem.code)) {
          await noteRejected(context, request.body.deviceId, error);
        }
        throw error;
      }
    },
  );
}

const sender = keptQuery((store, given: { trustId: string; deviceId: string }) =>
  store
    .selectFrom('devices')
    .select(['public_key', 'hostname', 'school_id', 'standing', 'standing_reason'])
    .where('trust_id', '=', given.trustId)
    .where('device_id', '=', given.deviceId),
);

async function exchange(
  context: ServerContext,
  writeBatch: WriteBatch,
  request: SyncRequest,
  notTooOften: () => Promise<void>,
) {
  const from = performance.now();
  const { store, owner } = context;
  const [device] = await sender(store, { trustId: owner.trustId, deviceId: request.deviceId });
  if (device === undefined) {
    throw syncRefused(
      'sync.unknownDevice',
      'This machine is not enrolled here. Enrol it with a token from this server.',
      {
        field: 'deviceId',
      },
    );
  }
  const forged = await signatureRefusal(request, device.public_key);
  if (forged !== null) {
    await noteUntrusted(context, device, request);
    throw forged;
  }
  await notTooOften();
  const untrusted = await standingRefusal(context, device, request);
  if (untrusted !== null) throw untrusted;
  const bodyTexts = bodyTextsOf(request);
  const broken = chainRefusal(request, bodyTexts);
  if (broken !== null) throw broken;
  const written = await writeBatch({
    owner: ownerOf(owner.trustId, device),
    hostname: device.hostname,
    request,
    bodyTexts,
    now: context.now(),
  });
  if (written.refused !== null) throw placementRefusal(written.refused);
  const oldestAt = written.fresh[0]?.at ?? null;
  context.metrics.batchTaken({
    records: written.fresh.length,
    seconds: (performance.now() - from) / 1_000,
    lagSeconds: oldestAt === null ? null : (Date.parse(request.sentAt) - Date.parse(oldestAt)) / 1_000,
  });
  if (context.feed.isHeard())
    context.feed.publish(written.fresh.flatMap((row) => eventRowOf({ ...row, hostname: device.hostname }) ?? []));
  const ruling = await context.policies.ruling();
  const elsewhere = await signedInElsewhere(context, ruling?.signed ?? null, request.deviceId);
  return {
    receipt: written.receipt,
    ...(await policyNews(context, request)),
    ...(await peopleNews(context, request.deviceId)),
    ...(await wantedPolicy(context, request)),
    ...(written.permits === null ? {} : { permits: written.permits }),
    ...(elsewhere.length > 0 ? { elsewhere } : {}),
    ...(written.exchange === null ? {} : { exchange: written.exchange }),
    ...(request.position === undefined ? {} : { schoolId: device.school_id }),
    serverTime: context.now().toISOString(),
    nextPollSeconds: written.waits ? Math.min(context.pollSeconds, whileWaitingSeconds) : context.pollSeconds,
  };
}

/** The refusal itself matters more than its count: a full disk must not turn a 401 into a 503. */
async function noteRejected(context: ServerContext, deviceId: string, refusal: RequestRefused): Promise<void> {
  const known = refusal.problem.code !== 'sync.unknownDevice';
  try {
    await countRejected(context.store, {
      trustId: context.owner.trustId,
      deviceId: known ? deviceId : unknownDevice,
      code: refusal.problem.code,
      at: context.now(),
    });
  } catch (error) {
    context.log.warn({ err: error }, 'a refused batch could not be counted');
  }
}
