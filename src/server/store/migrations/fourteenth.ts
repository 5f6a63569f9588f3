import { sql, type Kysely, type Migration } from 'kysely';
import { keyed, required } from './columns.ts';

/** Several policies in force at once, second signatures, and people who leave. */
export const fourteenth: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database;
    await schema
      .createTable('policies_in_force')
      .addColumn('trust_id', 'text', required)
      .addColumn('policy_id', 'text', required)
      .addColumn('publication', 'bigint', required)
      .addColumn('place', 'integer', required)
      .addPrimaryKeyConstraint('policies_in_force_key', ['trust_id', 'policy_id'])
      .execute();
    // Until now the one that was published last was in force alone.
    await sql`insert into policies_in_force (trust_id, policy_id, publication, place)
      select trust_id, policy_id, publication, 1 from policies
      where publication = (select max(newest.publication) from policies as newest where newest.trust_id = policies.trust_id)`.execute(
      database,
    );

    for (const [name, type] of [
      ['audience', sql`text`],
      ['left_at', sql`text`],
      ['left_by', sql`text`],
      ['left_note', sql`text not null default ''`],
      ['seen_after_leaving_at', sql`text`],
      ['closed_at', sql`text`],
    ] as const) {
      await schema.alterTable('people').addColumn(name, type).execute();
    }
    await schema.createIndex('people_who_left').on('people').columns(['trust_id', 'left_at']).execute();

    await keyed(schema.createTable('counter_signatures'))
      .addColumn('person_id', 'text', required)
      .addColumn('policy_id', 'text', required)
      .addColumn('policy_hash', 'text', required)
      .addColumn('acceptance_id', 'text', required)
      .addColumn('accepted_at', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('decided_at', 'text')
      .addColumn('decided_by', 'text')
      .addColumn('decided_by_name', 'text')
      .addColumn('office', 'text')
      .addColumn('note', 'text', required)
      .addPrimaryKeyConstraint('counter_signatures_key', ['trust_id', 'person_id', 'policy_hash'])
      .execute();
    await schema
      .createIndex('counter_signatures_by_state')
      .on('counter_signatures')
      .columns(['trust_id', 'state', 'accepted_at'])
      .execute();

    await keyed(schema.createTable('offices'))
      .addColumn('office', 'text', required)
      .addColumn('user_id', 'text', required)
      .addPrimaryKeyConstraint('offices_key', ['trust_id', 'school_id', 'office', 'user_id'])
      .execute();

    await keyed(schema.createTable('equipment'))
      .addColumn('equipment_id', 'text', required)
      .addColumn('person_id', 'text', required)
      .addColumn('what', 'text', required)
      .addColumn('added_at', 'text', required)
      .addColumn('added_by', 'text', required)
      .addColumn('returned_at', 'text')
      .addColumn('returned_to', 'text')
      .addPrimaryKeyConstraint('equipment_key', ['trust_id', 'equipment_id'])
      .execute();
    await schema.createIndex('equipment_by_person').on('equipment').columns(['trust_id', 'person_id']).execute();
  },
};
