import type { Kysely, Migration } from 'kysely';
import { keyed, required } from './columns.ts';

/**
 * Alerts, their way out, and feeds of events. `school_id` is `*` where something is for every school. `sealed` holds what
 * is secret, encrypted with a key that is not in the database.
 */
export const tenth: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database;
    await keyed(schema.createTable('alert_channels'))
      .addColumn('channel_id', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('settings', 'text', required)
      .addColumn('sealed', 'text')
      .addColumn('enabled', 'integer', required)
      .addColumn('created_at', 'text', required)
      .addColumn('last_success_at', 'text')
      .addColumn('last_failure_at', 'text')
      .addColumn('last_failure', 'text')
      .addPrimaryKeyConstraint('alert_channels_key', ['trust_id', 'channel_id'])
      .execute();
    await keyed(schema.createTable('alert_rules'))
      .addColumn('rule_id', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('terms', 'text', required)
      .addColumn('enabled', 'integer', required)
      .addColumn('created_at', 'text', required)
      .addColumn('last_alert_at', 'text')
      .addPrimaryKeyConstraint('alert_rules_key', ['trust_id', 'rule_id'])
      .execute();
    await keyed(schema.createTable('alert_states'))
      .addColumn('rule_id', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('held_back', 'integer', required)
      .addColumn('newest', 'text', required)
      .addPrimaryKeyConstraint('alert_states_key', ['trust_id', 'rule_id', 'school_id'])
      .execute();
    await schema
      .createTable('alert_cursors')
      .addColumn('trust_id', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('value', 'bigint', required)
      .addPrimaryKeyConstraint('alert_cursors_key', ['trust_id', 'name'])
      .execute();
    await schema
      .createTable('alert_findings')
      .addColumn('trust_id', 'text', required)
      .addColumn('finding', 'text', required)
      .addColumn('counted', 'integer', required)
      .addColumn('seen_at', 'text', required)
      .addPrimaryKeyConstraint('alert_findings_key', ['trust_id', 'finding'])
      .execute();
    await schema.createIndex('alert_findings_by_time').on('alert_findings').columns(['trust_id', 'seen_at']).execute();
    await keyed(schema.createTable('alerts'))
      .addColumn('alert_id', 'text', required)
      .addColumn('number', 'bigint', required)
      .addColumn('kind', 'text', required)
      .addColumn('rule_id', 'text')
      .addColumn('rule_name', 'text', required)
      .addColumn('at', 'text', required)
      .addColumn('message', 'text', required)
      .addPrimaryKeyConstraint('alerts_key', ['trust_id', 'alert_id'])
      .execute();
    await schema.createIndex('alerts_by_number').on('alerts').columns(['trust_id', 'number']).execute();
    await keyed(schema.createTable('alert_deliveries'))
      .addColumn('delivery_id', 'text', required)
      .addColumn('number', 'bigint', required)
      .addColumn('alert_id', 'text', required)
      .addColumn('channel_id', 'text', required)
      .addColumn('channel_name', 'text', required)
      .addColumn('target', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('attempts', 'integer', required)
      .addColumn('created_at', 'text', required)
      .addColumn('next_at', 'text', required)
      .addColumn('settled_at', 'text')
      .addColumn('error', 'text')
      .addPrimaryKeyConstraint('alert_deliveries_key', ['trust_id', 'delivery_id'])
      .execute();
    await schema
      .createIndex('alert_deliveries_by_state')
      .on('alert_deliveries')
      .columns(['trust_id', 'state', 'channel_id', 'target', 'number'])
      .execute();
    await schema
      .createIndex('alert_deliveries_by_alert')
      .on('alert_deliveries')
      .columns(['trust_id', 'alert_id'])
      .execute();
    await keyed(schema.createTable('alert_digests'))
      .addColumn('settings', 'text', required)
      .addColumn('enabled', 'integer', required)
      .addPrimaryKeyConstraint('alert_digests_key', ['trust_id', 'school_id'])
      .execute();
    await keyed(schema.createTable('event_feeds'))
      .addColumn('feed_id', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('settings', 'text', required)
      .addColumn('sealed', 'text')
      .addColumn('enabled', 'integer', required)
      .addColumn('created_at', 'text', required)
      .addColumn('position', 'bigint', required)
      .addColumn('sent', 'bigint', required)
      .addColumn('refused', 'bigint', required)
      .addColumn('failures', 'integer', required)
      .addColumn('next_at', 'text', required)
      .addColumn('last_success_at', 'text')
      .addColumn('last_failure_at', 'text')
      .addColumn('last_failure', 'text')
      .addPrimaryKeyConstraint('event_feeds_key', ['trust_id', 'feed_id'])
      .execute();
  },
};
