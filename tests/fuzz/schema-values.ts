import fc from 'fast-check';
import { z } from 'zod';

/** A JSON Schema as OpenAPI 3.1 holds it (https://spec.openapis.org/oas/v3.1.0#schema-object). */
export type JsonSchema = Record<string, unknown>;
const schemaOf = z.record(z.string(), z.unknown());
const schemas = z.array(schemaOf);
const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);

/** Deeper than this a recursive schema gives null. */
const deepest = 6;

const formats: Record<string, fc.Arbitrary<string>> = {
  'date-time': fc
    .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
    .map((date) => date.toISOString()),
  date: fc
    .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  uri: fc.webUrl(),
  email: fc.emailAddress(),
  uuid: fc.uuid(),
};

/**
 * Values that a schema allows, as far as it says so in JSON Schema; checks that are code (a signature) it cannot know.
 * @param named the document's schemas by name, for `$ref`.
 */
export function valuesOf(schema: JsonSchema, named: Record<string, unknown>, depth = 0): fc.Arbitrary<unknown> {
  const within = (inner: unknown) => valuesOf(schemaOf.catch({}).parse(inner), named, depth + 1);
  const reference = text.parse(schema['$ref']);
  if (depth > deepest) return fc.constant(null);
  if (reference !== undefined) return within(named[reference.split('/').at(-1) ?? '']);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0)
    return fc.constantFrom(...schema['enum'].map(asUnknown));
  for (const either of ['anyOf', 'oneOf']) {
    const options = schemas.safeParse(schema[either]);
    if (options.success && options.data.length > 0) return fc.oneof(...options.data.map(within));
  }
  const all = schemas.safeParse(schema['allOf']);
  if (all.success && all.data.length > 0) {
    return fc
      .tuple(...all.data.map(within))
      .map((parts) => Object.assign({}, ...parts.filter((part) => typeof part === 'object')));
  }
  switch ([schema['type']].flat()[0]) {
    case 'object':
      return objectsOf(schema, within);
    case 'array':
      return fc.array(within(schema['items']), {
        minLength: number.parse(schema['minItems']) ?? 0,
        maxLength: Math.min(number.parse(schema['maxItems']) ?? 4, (number.parse(schema['minItems']) ?? 0) + 4),
      });
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.max(number.parse(schema['minimum']) ?? -1_000, Number.MIN_SAFE_INTEGER),
        max: Math.min(number.parse(schema['maximum']) ?? 100_000, Number.MAX_SAFE_INTEGER),
      });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'string':
      return stringsOf(schema);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

const asUnknown = (value: unknown): unknown => value;

function objectsOf(schema: JsonSchema, within: (inner: unknown) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const properties = Object.entries(schemaOf.catch({}).parse(schema['properties'] ?? {}));
  const required = z.array(z.string()).catch([]).parse(schema['required']);
  if (properties.length === 0)
    return fc.dictionary(fc.string({ maxLength: 20 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 3 });
  const model = Object.fromEntries(properties.map(([name, inner]) => [name, within(inner)]));
  return fc.record(model, { requiredKeys: required.filter((name) => name in model) });
}

function stringsOf(schema: JsonSchema): fc.Arbitrary<string> {
  const format = text.parse(schema['format']);
  const known = format === undefined ? undefined : formats[format];
  if (known !== undefined) return known;
  const minLength = number.parse(schema['minLength']) ?? 0;
  const maxLength = Math.max(minLength, Math.min(number.parse(schema['maxLength']) ?? 40, minLength + 60));
  const pattern = text.parse(schema['pattern']);
  if (pattern !== undefined) {
    try {
      return fc.stringMatching(new RegExp(pattern)).filter((found) => found.length <= 4_000);
    } catch {
      // A pattern the generator does not know: any text instead, which is then nearly valid.
    }
  }
  return fc.string({ minLength, maxLength, unit: 'grapheme' });
}
