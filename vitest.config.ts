import { defineConfig } from 'vitest/config';

/** The server's tests, each of which runs on both of its engines and is counted twice. */
const serverTests = 'tests/server/**/*.test.ts';
/** What only PostgreSQL has: partitions, several servers, a database that goes away. */
const postgresOnly = 'tests/server/postgres/**';
/** Server tests mostly wait, for commits and connections, so more of them run at once than there are processors. */
const manyAtOnce = { maxWorkers: 3, sequence: { groupOrder: 3 } };
/** A real display, a real locker and real waiting: whatever else runs then comes in between. */
const realScreens = ['tests/e2e/{lock,real-lock,real-window}.test.ts', 'tests/machine/linux-*.test.ts'];
const onSqlite = { engine: 'sqlite', postgres: { missing: 'This half runs on SQLite' } } as const;

export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // What is waited for comes at once, but not always within the second that is the default when much runs at once.
    expect: { poll: { timeout: 10_000 } },
    pool: 'forks',
    reporters: ['default', './tests/support/totals-reporter.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'real-screens',
          include: realScreens,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
          provide: onSqlite,
        },
      },
      {
        extends: true,
        test: {
          name: 'all',
          // A browser and the programs it looks at wait for each other, so two files keep two processors busy.
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
          include: ['tests/**/*.test.ts'],
          exclude: ['**/node_modules/**', serverTests, ...realScreens],
          provide: onSqlite,
        },
      },
      {
        extends: true,
        test: {
          ...manyAtOnce,
          name: 'server-sqlite',
          include: [serverTests],
          exclude: ['**/node_modules/**', postgresOnly],
          provide: onSqlite,
        },
      },
      {
        extends: true,
        test: {
          ...manyAtOnce,
          name: 'server-postgres',
          include: [serverTests],
          provide: { engine: 'postgres' },
          globalSetup: ['tests/support/postgres/for-the-run.ts'],
          setupFiles: ['tests/support/postgres/skip-without.ts'],
        },
      },
    ],
  },
});
