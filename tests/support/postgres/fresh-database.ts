import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import './for-the-run.ts';

/**
 * A database of its own in the run's PostgreSQL, already migrated unless `empty`.
 * @throws Error in a test of the SQLite half, which has none.
 */
export async function freshDatabase({ empty = false } = {}): Promise<{ url: string; drop(): Promise<void> }> {
  const postgres = inject('postgres');
  if ('missing' in postgres) throw new Error(postgres.missing);
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = new URL(postgres.templateUrl);
  admin.pathname = '/postgres';
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  await run(`create database ${name} template ${empty ? 'template0' : postgres.template}`);
  const url = new URL(postgres.templateUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) };
}
