import type { Kysely, Migration } from 'kysely';
import { keyed, required } from './columns.ts';

/** Who is signed in where, how each machine is protected, and what is wrong on it: kept true to the events. */
export const second: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database;
    await keyed(schema.createTable('open_sessions'))
      .addColumn('device_id', 'text', required)
      .addColumn('session', 'text', required)
      .addColumn('account_key', 'text', required)
      .addColumn('account_name', 'text', required)
      .addColumn('since', 'text', required)
      .addColumn('locked_since', 'text')
      .addPrimaryKeyConstraint('open_sessions_key', ['trust_id', 'device_id', 'session'])
      .execute();
    await schema
      .createIndex('open_sessions_by_account')
      .on('open_sessions')
      .columns(['trust_id', 'school_id', 'account_key'])
      .execute();
    await keyed(schema.createTable('machine_troubles'))
      .addColumn('device_id', 'text', required)
      .addColumn('session', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('detail', 'text', required)
      .addColumn('since', 'text', required)
      .addPrimaryKeyConstraint('machine_troubles_key', ['trust_id', 'device_id', 'session', 'kind'])
      .execute();
    await keyed(schema.createTable('machine_states'))
      .addColumn('device_id', 'text', required)
      .addColumn('posture', 'text')
      .addColumn('posture_at', 'text')
      .addColumn('bad_checks', 'text', required)
      .addColumn('inventory', 'text')
      .addColumn('inventory_at', 'text')
      .addPrimaryKeyConstraint('machine_states_key', ['trust_id', 'device_id'])
      .execute();
  },
};
