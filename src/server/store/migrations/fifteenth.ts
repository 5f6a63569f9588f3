import type { Kysely, Migration } from 'kysely';

/** The event at which a feed stands still because its receiver refuses it. */
export const fifteenth: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema.alterTable('event_feeds').addColumn('refused_number', 'bigint').execute();
  },
};
