import type { Kysely, Migration } from 'kysely';
import { required } from './columns.ts';

/** With which keys the database was begun. */
export const fifth: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('server_identity')
      .addColumn('trust_id', 'text', required)
      .addColumn('key_fingerprint', 'text', required)
      .addColumn('session_secret_hash', 'text', required)
      .addColumn('since', 'text', required)
      .addPrimaryKeyConstraint('server_identity_key', ['trust_id'])
      .execute();
  },
};
