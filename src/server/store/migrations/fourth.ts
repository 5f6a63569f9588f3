import type { Kysely, Migration } from 'kysely';
import { required } from './columns.ts';

/** Who may do what in the console, and everything that was done there. */
export const fourth: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database;
    await schema
      .createTable('console_roles')
      .addColumn('trust_id', 'text', required)
      .addColumn('user_id', 'text', required)
      .addColumn('role', 'text', required)
      .addColumn('school_id', 'text', required)
      .addPrimaryKeyConstraint('console_roles_key', ['trust_id', 'user_id', 'role', 'school_id'])
      .execute();
    await schema
      .createTable('audit_entries')
      .addColumn('trust_id', 'text', required)
      .addColumn('number', 'bigint', required)
      .addColumn('school_id', 'text')
      .addColumn('at', 'text', required)
      .addColumn('actor_id', 'text', required)
      .addColumn('action', 'text', required)
      .addColumn('subject', 'text')
      .addColumn('body', 'text', required)
      .addColumn('prev', 'text', required)
      .addColumn('hash', 'text', required)
      .addPrimaryKeyConstraint('audit_entries_key', ['trust_id', 'number'])
      .execute();
  },
};
