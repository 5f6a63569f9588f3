import { z } from 'zod';
import type { RouteAccess } from '../../src/server/http/access.ts';
import type { JsonSchema } from './schema-values.ts';

const schema = z.record(z.string(), z.unknown());
const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  schema: schema.default({}),
});
const content = z.record(z.string(), z.object({ schema: schema.optional() }));
const operation = z.object({
  parameters: z.array(parameter).default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })).default({}),
});
const openApi = z.object({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()).default({}) }).default({ schemas: {} }),
});

/** One route as it describes itself, and who may call it. */
export interface ApiRoute {
  method: string;
  /** With parameters as `{name}`. */
  path: string;
  access: RouteAccess['access'];
  parameters: z.infer<typeof parameter>[];
  body: JsonSchema | null;
  /** What is described of each status: schemas by media type, null where there is none. */
  answers: Map<number, Map<string, () => z.ZodType | null>>;
}

export interface Api {
  routes: ApiRoute[];
  named: Record<string, unknown>;
}

/**
 * Every route of the server: what the document describes, and what it does not with nothing but its path. A route that
 * is added later is in it by itself.
 */
export async function apiOf(origin: string, access: readonly RouteAccess[]): Promise<Api> {
  const document = openApi.parse(await (await fetch(`${origin}/docs/json`)).json());
  const named = document.components.schemas;
  const routes = access
    .filter(({ method, url }) => method !== 'HEAD' && !url.startsWith('/docs'))
    .map(({ method, url, access: who }): ApiRoute => {
      const path = url.replaceAll(/:(\w+)/g, '{$1}');
      const described = document.paths[path]?.[method.toLowerCase()] ?? operation.parse({});
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      const missing = inPath.filter(
        (name) => !described.parameters.some((one) => one.in === 'path' && one.name === name),
      );
      return {
        method,
        path,
        access: who,
        parameters: [
          ...described.parameters,
          ...missing.map((name) => ({ name, in: 'path' as const, schema: { type: 'string' } })),
        ],
        body: described.requestBody?.content['application/json']?.schema ?? null,
        answers: answersOf(described.responses, named),
      };
    });
  return { routes, named };
}

function answersOf(
  responses: z.infer<typeof operation>['responses'],
  named: Record<string, unknown>,
): ApiRoute['answers'] {
  return new Map(
    Object.entries(responses).map(([status, answer]) => [
      Number(status),
      new Map(
        Object.entries(answer.content ?? {}).map(([type, { schema: body }]) => [type, once(() => zodOf(body, named))]),
      ),
    ]),
  );
}

/** Makes something when it is first asked for: most of a route's answers never come. */
function once<T>(make: () => T): () => T {
  let made: { value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

/** The schema as a check; null where the document has none. `$ref`s are moved to where a schema on its own has them. */
function zodOf(described: JsonSchema | undefined, named: Record<string, unknown>): z.ZodType | null {
  if (described === undefined) return null;
  const moved: unknown = JSON.parse(
    JSON.stringify({ ...described, $defs: named }).replaceAll('#/components/schemas/', '#/$defs/'),
  );
  return z.fromJSONSchema(schema.parse(moved));
}
