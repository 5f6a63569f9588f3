import { beforeEach, inject } from 'vitest';
import './for-the-run.ts';

/** Skips, and so counts, each test of the PostgreSQL half where there is no PostgreSQL. */
beforeEach((context) => {
  const postgres = inject('postgres');
  if ('missing' in postgres) context.skip(postgres.missing);
});
