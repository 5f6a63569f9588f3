import type { Kysely, Migration } from 'kysely';

/** What a school's own lists need once a trust holds millions of events. */
export const twelfth: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database;
    // The newest of one school, without reading past every other school's.
    await schema.createIndex('records_by_school').on('records').columns(['trust_id', 'school_id', 'number']).execute();
    // A school's events of a type or a day between two moments, found and counted in the index alone.
    await schema
      .createIndex('records_by_school_time')
      .on('records')
      .columns(['trust_id', 'school_id', 'at', 'type'])
      .execute();
  },
};
