import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { eventBody } from '../../contract/event.ts';
import { policy, section, signedPolicy } from '../../contract/policy.ts';
import { httpProblem } from '../../contract/problem.ts';
import { receipt, sealedRecord, signedHead } from '../../contract/record.ts';

/** Schemas that get a name of their own in the document. */
const named = z.registry<{ id: string }>();
named.add(section, { id: 'Section' });
named.add(policy, { id: 'Policy' });
named.add(signedPolicy, { id: 'SignedPolicy' });
named.add(eventBody, { id: 'EventBody' });
named.add(sealedRecord, { id: 'SealedRecord' });
named.add(signedHead, { id: 'SignedHead' });
named.add(receipt, { id: 'Receipt' });
named.add(httpProblem, { id: 'Problem' });

/** OpenAPI 3.1 out of the Zod schemas that also check requests and answers; shown by swagger-ui at `/docs`. */
export async function describeApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Usher central endpoint',
        version,
        description:
          'Machines enrol and sync; the console reads. Every refusal is `application/problem+json` (RFC 9457) with a stable `code`.',
      },
      tags: [
        { name: 'machines', description: 'Called by enrolled machines' },
        { name: 'log', description: 'The public log of receipted heads: checkpoints and proofs' },
        { name: 'console', description: 'Called by the console, with a session' },
        { name: 'operator', description: 'Called on the server itself, with its operator token' },
      ],
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'usher.session_token' },
          operator: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    transform: createJsonSchemaTransform({ schemaRegistry: named }),
    transformObject: createJsonSchemaTransformObject({ schemaRegistry: named }),
  });
}

/** Browsable documentation, and the document itself at `/docs/json`. */
export async function serveDocs(app: FastifyInstance): Promise<void> {
  const { default: swaggerUi } = await import('@fastify/swagger-ui');
  await app.register(swaggerUi, { routePrefix: '/docs', uiConfig: { docExpansion: 'list', deepLinking: true } });
}

/** Response entries for the refusals a route may answer with. */
export function refusals<S extends number>(...statuses: S[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      { description: 'Refused', content: { 'application/problem+json': { schema: httpProblem } } },
    ]),
  );
}
