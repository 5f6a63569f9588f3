import { sql, type Kysely, type Migration } from 'kysely';
import { keyed, required } from './columns.ts';

/** How long things are kept, what is held, and what was removed. In `retention_rules`, school `*` is the whole trust. */
export const ninth: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database;
    await keyed(schema.createTable('retention_rules'))
      .addColumn('category', 'text', required)
      .addColumn('keep_from', 'text', required)
      .addColumn('months', 'integer', required)
      .addColumn('changed_at', 'text', required)
      .addColumn('changed_by', 'text', required)
      .addPrimaryKeyConstraint('retention_rules_key', ['trust_id', 'school_id', 'category'])
      .execute();
    await keyed(schema.createTable('legal_holds'))
      .addColumn('hold_id', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('person_id', 'text')
      .addColumn('device_id', 'text')
      .addColumn('from_at', 'text')
      .addColumn('to_at', 'text')
      .addColumn('reason', 'text', required)
      .addColumn('owner', 'text', required)
      .addColumn('review_on', 'text', required)
      .addColumn('created_at', 'text', required)
      .addColumn('created_by', 'text', required)
      .addColumn('ended_at', 'text')
      .addColumn('ended_by', 'text')
      .addColumn('end_reason', 'text')
      .addPrimaryKeyConstraint('legal_holds_key', ['trust_id', 'hold_id'])
      .execute();
    await keyed(schema.createTable('purges'))
      .addColumn('purge_id', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('person_id', 'text')
      .addColumn('account_key', 'text')
      .addColumn('keep_acceptances', 'integer', required)
      .addColumn('reason', 'text', required)
      .addColumn('actor', 'text', required)
      .addColumn('started_at', 'text', required)
      .addColumn('ended_at', 'text')
      .addColumn('rules', 'text', required)
      .addColumn('counts', 'text', required)
      .addColumn('other_rows', 'integer', required)
      .addColumn('oldest_at', 'text')
      .addColumn('newest_at', 'text')
      .addColumn('digest', 'text', required)
      .addColumn('still_held', 'integer', required)
      .addColumn('audit_number', 'bigint')
      .addColumn('audit_hash', 'text')
      .addPrimaryKeyConstraint('purges_key', ['trust_id', 'purge_id'])
      .execute();
    await schema.createIndex('purges_by_time').on('purges').columns(['trust_id', 'school_id', 'started_at']).execute();
    await schema
      .createIndex('audit_entries_by_subject')
      .ifNotExists()
      .on('audit_entries')
      .columns(['trust_id', 'subject', 'number'])
      .execute();
    await schema
      .createIndex('records_with_body')
      .on('records')
      .columns(['trust_id', 'school_id', 'type', 'received_at'])
      .where(sql.ref('body'), 'is not', null)
      .execute();
  },
};
