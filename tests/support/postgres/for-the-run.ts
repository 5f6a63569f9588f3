import type { TestProject } from 'vitest/node';
import { openStore } from '../../../src/server/store/database.ts';
import { openComingMonths } from '../../../src/server/store/partitions.ts';
import { embeddedPostgres, type RunningPostgres } from './embedded.ts';

/** What every test of the server's PostgreSQL half is given. */
export type PostgresForTests = { templateUrl: string; template: string } | { missing: string };

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: PostgresForTests;
    engine: 'sqlite' | 'postgres';
  }
}

const template = 'usher_template';

/**
 * Starts PostgreSQL once for the run, with a migrated database that each test server's own is copied from.
 * Where it cannot be started, the tests are skipped and say why.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  let running: RunningPostgres;
  try {
    running = await embeddedPostgres({ durable: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\nPostgreSQL could not be started, so the server is tested on SQLite only: ${why}\n`);
    project.provide('postgres', { missing: `PostgreSQL could not be started here: ${why}` });
    return undefined;
  }
  await running.run(`create database ${template}`);
  const store = await openStore(running.urlOf(template));
  await openComingMonths(store, new Date());
  await store.destroy();
  project.provide('postgres', { templateUrl: running.urlOf(template), template });
  return () => running.stop();
}
