import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Api, ApiRoute } from './api-routes.ts';
import { hostileValues, hostileWords, nearly } from './hostile-values.ts';
import { valuesOf } from './schema-values.ts';
import type { TwoSchools } from './two-schools.ts';

/** Who a request says it comes from. */
export const callers = ['nobody', 'ownSchool', 'ownAuditor', 'wholeTrust', 'operator', 'forged', 'twice'] as const;
export type Caller = (typeof callers)[number];

export interface FuzzRequest {
  route: ApiRoute;
  caller: Caller;
  /** Path and query, as they go on the wire. */
  target: string;
  headers: Record<string, string | string[]>;
  body: Buffer | null;
}

const encoded = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  try {
    return encodeURIComponent(text.slice(0, 3_000));
  } catch {
    // Half a surrogate pair has no encoding: the raw bytes of one, as a broken client sends them.
    return '%ED%A0%80';
  }
};

/** Broken or unusual encodings that `encodeURIComponent` never makes. */
const rawParts = fc.constantFrom(
  '%',
  '%zz',
  '%00',
  '%c0%af',
  '..%2f..',
  '%2e%2e',
  ';a=b',
  'x'.repeat(400),
  '%F0%9F%98%80',
);

/** Valid, nearly valid and hostile requests to one route. */
export function requestsTo(route: ApiRoute, { named }: Api, schools: TwoSchools): fc.Arbitrary<FuzzRequest> {
  const id = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('none', ...schools.otherIds).map(encoded) },
    { weight: 3, arbitrary: fc.constantFrom('none', ...schools.ownIds).map(encoded) },
    { weight: 2, arbitrary: hostileWords.map(encoded) },
    { weight: 1, arbitrary: rawParts },
  );
  // Without its last part a path is another route's.
  const part = id.filter((text) => text !== '');
  const query = route.parameters.filter((parameter) => parameter.in === 'query');
  const ofQuery = fc.tuple(
    ...query.map(({ name, schema }) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(null) },
        { weight: 3, arbitrary: valuesOf(schema, named).map((value) => `${name}=${encoded(value)}`) },
        { weight: 2, arbitrary: id.map((value) => `${name}=${value}`) },
        { weight: 1, arbitrary: hostileWords.map((value) => `${name}=${encoded(value)}`) },
        { weight: 1, arbitrary: hostileWords.map((value) => `${name}=a&${name}=${encoded(value)}`) },
        { weight: 1, arbitrary: hostileWords.map((value) => `${name}[${encoded(value)}]=1`) },
      ),
    ),
  );
  const path = fc
    .tuple(...route.path.split('/').map((name) => (name.startsWith('{') ? part : fc.constant(name))))
    .map((parts) => parts.join('/').replaceAll('*', 'x'));
  const target = fc
    .tuple(path, ofQuery, fc.oneof({ weight: 9, arbitrary: fc.constant('') }, { weight: 1, arbitrary: rawParts }))
    .map(([where, parts, extra]) => {
      const given = [...parts.filter((part) => part !== null), ...(extra === '' ? [] : [`extra=${extra}`])];
      return given.length === 0 ? where : `${where}?${given.join('&')}`;
    });
  return fc
    .record({
      caller: fc.constantFrom(...callers),
      target,
      headers: headersFor(route, id),
      body: bodiesFor(route, named, schools),
    })
    .map(({ caller, target: where, headers, body }) => ({
      route,
      caller,
      target: where,
      headers: { ...headers, ...body.headers },
      body: body.bytes,
    }));
}

/** What may stand in a header at all; Node's own client refuses the rest. */
const inHeader = (text: string): string => text.replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?').slice(0, 2_000);

function headersFor(route: ApiRoute, id: fc.Arbitrary<string>): fc.Arbitrary<Record<string, string | string[]>> {
  const described = route.parameters.filter((parameter) => parameter.in === 'header');
  return fc
    .tuple(
      fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: unusualHeaders }),
      ...described.map(({ name }) =>
        fc
          .option(fc.oneof(id, hostileWords), { nil: null })
          .map((value) => (value === null ? {} : { [name]: inHeader(value) })),
      ),
    )
    .map((parts) => Object.assign({}, ...parts));
}

const unusualHeaders: fc.Arbitrary<Record<string, string | string[]>> = fc.oneof(
  hostileWords.map((word) => ({ accept: inHeader(word) })),
  hostileWords.map((word) => ({ 'x-forwarded-for': ['203.0.113.7', inHeader(word)], 'x-forwarded-proto': 'https' })),
  hostileWords.map((word) => ({ cookie: ['a=1', `usher.session_token=${inHeader(word).replaceAll(';', '')}`] })),
  hostileWords.map((word) => ({ host: inHeader(word).replaceAll(/[\s]/g, '') || 'x' })),
  fc.constant({ 'x-http-method-override': 'DELETE' }),
  fc.constant({ range: 'bytes=0-0,5-2', 'if-none-match': '*' }),
  fc.constant<Record<string, string[]>>({ 'content-encoding': ['gzip', 'gzip'] }),
  fc.constant({ 'transfer-encoding': 'chunked', te: 'trailers' }),
);

interface Body {
  bytes: Buffer | null;
  headers: Record<string, string>;
}

const json = { 'content-type': 'application/json' };

function bodiesFor(route: ApiRoute, named: Record<string, unknown>, schools: TwoSchools): fc.Arbitrary<Body> {
  const none: fc.Arbitrary<Body> = fc.constant({ bytes: null, headers: {} });
  const values = route.body === null ? fc.jsonValue({ maxDepth: 2 }) : valuesOf(route.body, named);
  const genuine = schools.genuine[route.path] ?? [];
  const sound = genuine.length === 0 ? values : fc.oneof(values, fc.constantFrom(...genuine));
  const changed = fc
    .tuple(sound, fc.nat(1e6), hostileValues)
    .map(([value, place, instead]) => nearly(value, place, instead));
  const asJson = fc.oneof(
    { weight: 3, arbitrary: sound },
    { weight: 5, arbitrary: changed },
    { weight: 2, arbitrary: hostileValues },
  );
  const text = asJson.map((value) => JSON.stringify(value) ?? 'null');
  const sent = fc.oneof(
    { weight: 8, arbitrary: text.map((body): Body => ({ bytes: Buffer.from(body), headers: json })) },
    {
      weight: 2,
      arbitrary: text.map((body): Body => ({
        bytes: gzipSync(body),
        headers: { ...json, 'content-encoding': 'gzip' },
      })),
    },
    { weight: 1, arbitrary: text.map((body): Body => ({ bytes: Buffer.from(body.slice(0, -1)), headers: json })) },
    { weight: 1, arbitrary: rawBodies },
  );
  return route.method === 'GET' ? fc.oneof({ weight: 9, arbitrary: none }, { weight: 1, arbitrary: sent }) : sent;
}

/** A small bomb: 4 MB of zeros in 4 KB. */
const bomb = gzipSync(Buffer.alloc(4 * 1024 * 1024));

const rawBodies: fc.Arbitrary<Body> = fc.oneof(
  fc.constantFrom<Body>(
    { bytes: bomb, headers: { ...json, 'content-encoding': 'gzip' } },
    { bytes: bomb.subarray(0, 900), headers: { ...json, 'content-encoding': 'gzip' } },
    { bytes: Buffer.from('not gzip'), headers: { ...json, 'content-encoding': 'gzip' } },
    { bytes: Buffer.from('{}'), headers: { ...json, 'content-encoding': 'br' } },
    { bytes: Buffer.from('{}'), headers: {} },
    { bytes: Buffer.from('a=1&b=2'), headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { bytes: Buffer.from('{}'), headers: { 'content-type': 'application/json; charset=utf-16' } },
    { bytes: Buffer.from('{}'), headers: { 'content-type': 'application/jsonp/../x' } },
    { bytes: Buffer.from('['.repeat(5_000)), headers: json },
    { bytes: Buffer.from(''), headers: json },
    { bytes: Buffer.from([0xff, 0xfe, 0x7b, 0x7d]), headers: json },
    { bytes: Buffer.from('{"a":1,"a":{"__proto__":[]}}'), headers: json },
    { bytes: Buffer.alloc(300 * 1024, '['), headers: json },
  ),
  fc.uint8Array({ maxLength: 200 }).map((bytes): Body => ({ bytes: Buffer.from(bytes), headers: json })),
);
