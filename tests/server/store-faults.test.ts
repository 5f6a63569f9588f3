import { expect, test } from 'vitest';
import { storeFaultOf, wantsRetry } from '../../src/server/store/faults.ts';
import { retried } from '../../src/server/store/retried.ts';

const coded = (code: string) => Object.assign(new Error(code), { code });

test.each([
  ...['53100', '58030', 'SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'ENOSPC'].map((code) => [code, 'full'] as const),
  ...['40001', '40P01', '55P03', '57P01', '57P03', '08006', '08001', '53300', '25006', 'SQLITE_BUSY'].map(
    (code) => [code, 'busy'] as const,
  ),
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EAI_AGAIN'].map((code) => [code, 'busy'] as const),
  ...['23505', '42P01', '42601', 'SQLITE_CONSTRAINT', 'ERR_ASSERTION', ''].map((code) => [code, null] as const),
])('%s is %s', (code, fault) => {
  expect(storeFaultOf(coded(code))).toBe(fault);
});

test.each([
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error and is not queryable',
])('"%s" is a database that is gone for now', (message) => {
  expect(storeFaultOf(new Error(message))).toBe('busy');
});

test('a transaction that PostgreSQL ended in favour of another is run again, any other fault is not', async () => {
  let runs = 0;
  const result = await retried(() => {
    runs += 1;
    return runs < 3 ? Promise.reject(coded('40P01')) : Promise.resolve('done');
  });
  expect([result, runs]).toEqual(['done', 3]);
  await expect(retried(() => Promise.reject(coded('23505')))).rejects.toThrow('23505');
  expect(['40001', '40P01', '57P01', '23505'].map((code) => wantsRetry(coded(code)))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});

test('one that is always in the way is given up after a few tries', async () => {
  let runs = 0;
  const work = () => {
    runs += 1;
    return Promise.reject(coded('40001'));
  };
  await expect(retried(work)).rejects.toThrow('40001');
  expect(runs).toBe(8);
});
