import { expect, test } from 'vitest';
import { consoleCallers } from '../fuzz/callers.ts';
import { fuzz } from '../fuzz/fuzz.ts';
import { databaseOf, temporaryFolder } from './running.ts';

/** How many requests, always the same ones; `npm run fuzz` sends the whole of them, and others each time. */
const requests = Number(process.env['USHER_FUZZ_REQUESTS'] ?? 2_000);
const seed = Number(process.env['USHER_FUZZ_SEED'] ?? 20_261_125);

test(
  'every route, asked from its own schema with valid, nearly valid and hostile requests: no fault, no hang, no leak, no change',
  { timeout: 180_000 },
  async () => {
    const totals = await fuzz({ requests, seed, databaseUrl: await databaseOf(await temporaryFolder()) });
    expect({ seed, failures: totals.failures }).toEqual({ seed, failures: [] });
    expect(totals.requests).toBe(requests);
    expect(totals.routes).toBeGreaterThan(20);
    for (const caller of consoleCallers) expect(totals.byCaller[caller]?.routes, caller).toBeGreaterThan(20);
    expect(Object.keys(totals.byStatus)).toEqual(expect.arrayContaining(['200', '400', '401', '404']));
  },
);
