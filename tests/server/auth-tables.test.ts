import { getAuthTables } from 'better-auth/db';
import Database from 'better-sqlite3';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { buildAuth } from '../../src/server/auth/better-auth.ts';
import { openStore } from '../../src/server/store/database.ts';
import { temporaryFolder } from './running.ts';

/** What better-auth writes into a column of each of its types, as SQLite names column types. */
const columnTypes: Record<string, RegExp> = {
  string: /^text$/i,
  boolean: /^integer$/i,
  number: /^integer$/i,
  date: /^date$/i,
};

it('the tables are as better-auth and its plugins describe theirs', async () => {
  const path = join(await temporaryFolder(), 'usher.db');
  const store = await openStore(path);
  const auth = buildAuth(
    {
      origin: 'http://localhost:1',
      trustedOrigins: [],
      secret: 'a secret of the test, long enough for it',
      log: pino({ level: 'silent' }),
      provider: null,
      onLinkToken: () => undefined,
    },
    store,
  );
  const described = Object.values(getAuthTables(auth.options));
  expect(described.map(({ modelName }) => modelName).sort()).toEqual([
    'account',
    'passkey',
    'session',
    'twoFactor',
    'user',
    'verification',
  ]);
  const database = new Database(path, { readonly: true });
  for (const { modelName, fields } of described) {
    const columns = new Map(
      database
        .prepare<[string], { name: string; type: string; notnull: number }>('select * from pragma_table_info(?)')
        .all(modelName)
        .map((column) => [column.name, column]),
    );
    const wanted = Object.entries(fields).map(([key, field]) => [field.fieldName ?? key, field] as const);
    expect([...columns.keys()].sort(), modelName).toEqual(['id', ...wanted.map(([name]) => name)].sort());
    for (const [name, field] of wanted) {
      const column = columns.get(name);
      expect(column?.type, `${modelName}.${name}`).toMatch(columnTypes[String(field.type)] ?? /^$/);
      if (field.required === true) expect(column?.notnull, `${modelName}.${name}`).toBe(1);
      else expect(column?.notnull, `${modelName}.${name}`).toBe(0);
    }
  }
  database.close();
  await store.destroy();
});
