import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { acceptanceDetail, consolePaths, type AcceptanceDetail } from '../../contract/console.ts';
import type { ServerContext } from '../context.ts';
import { personOf, readEventAt } from '../events/read-events.ts';
import { refusals } from '../http/openapi.ts';
import { RequestRefused } from '../http/problems.ts';
import { lookInto } from '../openings/look-into.ts';
import { placeOfAcceptance } from './acceptance-id.ts';
import { evidenceFor } from './evidence.ts';
import { verifyEvidence } from './verify-evidence.ts';

export function acceptanceRoutes(app: FastifyInstance, context: ServerContext): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    consolePaths.acceptance,
    {
      config: { access: 'session', permission: 'person.open', area: 'console' },
      schema: {
        tags: ['console'],
        summary:
          'One acceptance, once it is said why: what was signed, the policy by hash, and whether all of it verifies',
        params: z.object({ id: z.string().max(200) }),
        response: { 200: acceptanceDetail, ...refusals(401, 403, 404) },
      },
    },
    (request) => readAcceptance(context, request, request.params.id),
  );
}

async function readAcceptance(context: ServerContext, request: FastifyRequest, id: string): Promise<AcceptanceDetail> {
  const { trustId } = context.owner;
  const place = placeOfAcceptance(id);
  const reader = { store: context.store, trustId, scope: request.scope };
  const personId = place === null ? null : await personOf(reader, place);
  if (personId !== null) await lookInto(context, request, personId, 'acceptance');
  const evidence = place === null || personId === null ? null : await evidenceFor(context.store, trustId, place);
  const event = place === null || personId === null ? null : await readEventAt(reader, place);
  if (evidence === null || event === null) {
    throw new RequestRefused(404, {
      code: 'console.notFound',
      detail: 'There is no acceptance with this id.',
      field: 'id',
    });
  }
  if (evidence.policy === null) {
    throw new RequestRefused(404, {
      code: 'console.policyUnknown',
      detail:
        'This acceptance names a policy that was never published here, so it cannot be shown. Its event is in the list.',
      field: 'id',
    });
  }
  const checks = verifyEvidence(evidence, context.key.publicKey);
  return {
    id,
    event,
    record: evidence.record,
    policy: evidence.policy,
    receipt: evidence.receipt,
    verification: {
      sound: checks.every((one) => one.ok),
      checkedAt: context.now().toISOString(),
      checks,
    },
  };
}
