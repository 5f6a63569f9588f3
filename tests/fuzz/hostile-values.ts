import fc from 'fast-check';

/** What has broken servers before: types, sizes, numbers, prototypes, encodings, SQL, paths, markup. */
const words = [
  '',
  ' ',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  "' OR '1'='1",
  '%',
  '_',
  '\\',
  '\u0000',
  '\uD800',
  '\u202Eabc',
  '😀'.repeat(50),
  'ǆ İ ß ﬁ',
  '../../../../etc/hosts',
  '..%2f..%2f',
  '%00',
  '%zz',
  '<script>alert(1)</script>',
  '${7*7}',
  'a'.repeat(10_000),
  '9'.repeat(400),
  '-1',
  '1e309',
  'NaN',
  '0x10',
  '2026-02-30T25:61:61Z',
  '+275760-09-13T00:00:00.001Z',
  'A1B2C3',
] as const;

export const hostileWords: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...words),
  fc.string({ unit: 'binary', maxLength: 60 }),
);

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

export const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  hostileWords,
  fc.constantFrom<unknown>(null, true, false, 0, -0, -1, 1.5, 2 ** 31, 2 ** 53, 2 ** 53 + 2, -(2 ** 63), 1e308, 5e-324),
  fc.constantFrom<unknown>([], {}, [[]], [null], Array(300).fill('x'), { length: 5 }, { toString: 'no' }),
  fc.integer({ min: 5, max: 150 }).map(nested),
  fc.constant(JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}')),
  fc.jsonValue({ maxDepth: 3 }),
);

/** The value with one place in it changed, left out or added: nearly valid. */
export function nearly(value: unknown, place: number, instead: unknown): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = value;
    if (items.length === 0) return [instead];
    const at = place % items.length;
    return items.map((item, index) => (index === at ? nearly(item, Math.floor(place / items.length), instead) : item));
  }
  if (typeof value !== 'object' || value === null) return instead;
  const entries = Object.entries(value);
  const at = place % (entries.length + 2);
  if (at === entries.length) return { ...value, added: instead };
  if (at === entries.length + 1) return Object.fromEntries(entries.slice(1));
  return Object.fromEntries(
    entries.map(([name, inner], index) =>
      index === at
        ? [name, place % 3 === 0 ? instead : nearly(inner, Math.floor(place / (entries.length + 2)), instead)]
        : [name, inner],
    ),
  );
}
