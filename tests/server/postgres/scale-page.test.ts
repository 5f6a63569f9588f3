import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../src/server/store/database.ts';
import { tablesOf } from '../../../src/server/transfer/tables.ts';
import { freshDatabase } from '../../support/postgres/fresh-database.ts';

test('docs/scale.md distributes exactly the tables there are: ours by trust, those without trust_id as reference tables', async () => {
  const { url, drop } = await freshDatabase();
  onTestFinished(drop);
  const store = await openStore(url);
  onTestFinished(() => store.destroy());
  const tables = await tablesOf(store);
  const page = await readFile(new URL('../../../docs/scale.md', import.meta.url), 'utf8');
  const listed = (call: RegExp) => [...page.matchAll(call)].map((found) => found[1] ?? '').sort();
  const named = (own: boolean) =>
    tables
      .filter(({ columns }) => columns.includes('trust_id') === own)
      .map(({ name }) => name)
      .sort();
  expect(listed(/create_distributed_table\('(\w+)', 'trust_id'/g)).toEqual(named(true));
  expect(listed(/create_reference_table\('"?(\w+)"?'\)/g)).toEqual(named(false));
});
