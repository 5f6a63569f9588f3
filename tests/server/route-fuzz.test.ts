import { expect, test } from 'vitest';
import { consoleCallers } from '../fuzz/callers.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { databaseOf, temporaryFolder } from './running.ts';

/** How many requests; `npm run fuzz` sends the whole of them. */
const requests = Number(process.env['USHER_FUZZ_REQUESTS'] ?? 4_000);

test(
  'every route, asked from its own schema with valid, nearly valid and hostile requests: no fault, no hang, no leak, no change',
  { timeout: 180_000 },
  async () => {
    const seed = Math.trunc(Math.random() * 1_000_000);
    const totals = await fuzz({ requests, seed, databaseUrl: await databaseOf(await temporaryFolder()) });
    expect({ seed, failures: totals.failures }).toEqual({ seed, failures: [] });
    expect(totals.requests).toBe(requests);
    expect(totals.routes).toBeGreaterThan(20);
    for (const caller of consoleCallers) expect(totals.byCaller[caller]?.routes, caller).toBeGreaterThan(20);
    expect(Object.keys(totals.byStatus)).toEqual(expect.arrayContaining(['200', '400', '401', '404']));
  },
);
