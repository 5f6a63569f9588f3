import { sql, type Kysely, type Migration } from 'kysely';
import { keyed, required } from './columns.ts';

/** How machines come in, where each stands, and what was found about them. */
export const seventh: Migration = {
  async up(database: Kysely<unknown>) {
    await extendTokens(database);
    await extendDevices(database);
    const { schema } = database;
    await keyed(schema.createTable('enrolment_uses'))
      .addColumn('token_id', 'text', required)
      .addColumn('device_id', 'text', required)
      .addColumn('at', 'text', required)
      .addPrimaryKeyConstraint('enrolment_uses_key', ['trust_id', 'token_id', 'device_id'])
      .execute();
    await keyed(schema.createTable('machine_findings'))
      .addColumn('finding_id', 'text', required)
      .addColumn('device_id', 'text', required)
      .addColumn('kind', 'text', required)
      .addColumn('closed', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('detail', 'text', required)
      .addColumn('found_at', 'text', required)
      .addColumn('last_at', 'text', required)
      .addColumn('times', 'integer', required)
      .addColumn('owner_id', 'text')
      .addColumn('owner_name', 'text')
      .addColumn('note', 'text', required)
      .addColumn('changed_at', 'text')
      .addColumn('changed_by', 'text')
      .addPrimaryKeyConstraint('machine_findings_key', ['trust_id', 'finding_id'])
      .execute();
    await schema
      .createIndex('machine_findings_once')
      .on('machine_findings')
      .columns(['trust_id', 'device_id', 'kind', 'closed'])
      .unique()
      .execute();
    await schema
      .createIndex('machine_findings_by_state')
      .on('machine_findings')
      .columns(['trust_id', 'state', 'last_at'])
      .execute();
    await schema
      .createTable('school_hours')
      .addColumn('trust_id', 'text', required)
      .addColumn('hours', 'text', required)
      .addColumn('changed_at', 'text', required)
      .addColumn('changed_by', 'text', required)
      .addPrimaryKeyConstraint('school_hours_key', ['trust_id'])
      .execute();
  },
};

async function extendTokens(database: Kysely<unknown>): Promise<void> {
  const columns = [
    ['token_id', sql`text not null default ''`],
    ['name', sql`text not null default ''`],
    ['uses_most', sql`integer`],
    ['used', sql`integer not null default 0`],
    ['networks', sql`text not null default '[]'`],
    ['needs_approval', sql`integer not null default 0`],
    ['created_by', sql`text not null default ''`],
    ['revoked_at', sql`text`],
    ['revoked_by', sql`text`],
  ] as const;
  for (const [name, type] of columns) {
    await database.schema.alterTable('enrolment_tokens').addColumn(name, type).execute();
  }
  await sql`update enrolment_tokens set token_id = substr(secret_hash, 1, 32), created_by = 'Usher'`.execute(database);
  await sql`update enrolment_tokens set uses_most = 1 where kind = 'oneTime'`.execute(database);
  await sql`update enrolment_tokens set used = 1 where used_by is not null`.execute(database);
  await database.schema
    .createIndex('enrolment_tokens_by_id')
    .on('enrolment_tokens')
    .columns(['trust_id', 'token_id'])
    .unique()
    .execute();
}

async function extendDevices(database: Kysely<unknown>): Promise<void> {
  const columns = [
    ['display_name', sql`text`],
    ['sort_name', sql`text not null default ''`],
    ['search_text', sql`text not null default ''`],
    ['standing', sql`text not null default 'approved'`],
    ['standing_reason', sql`text not null default ''`],
    ['standing_at', sql`text`],
    ['standing_by', sql`text`],
    ['token_id', sql`text`],
    ['replaces', sql`text`],
    ['untrusted_at', sql`text`],
    ['exchange', sql`text`],
    ['exchange_before', sql`text`],
    ['exchange_displaced', sql`text not null default '[]'`],
    ['exchange_sent_at', sql`text`],
  ] as const;
  for (const [name, type] of columns) {
    await database.schema.alterTable('devices').addColumn(name, type).execute();
  }
  await sql`update devices set sort_name = lower(hostname), search_text = lower(hostname || ' ' || coalesce(serial, '') || ' ' || coalesce(model, ''))`.execute(
    database,
  );
  const { schema } = database;
  await schema.createIndex('devices_by_name').on('devices').columns(['trust_id', 'sort_name', 'device_id']).execute();
  await schema
    .createIndex('devices_by_school')
    .on('devices')
    .columns(['trust_id', 'school_id', 'sort_name', 'device_id'])
    .execute();
  await schema.createIndex('devices_by_serial').on('devices').columns(['trust_id', 'serial']).execute();
  await schema
    .createIndex('devices_by_last_seen')
    .on('devices')
    .columns(['trust_id', 'standing', 'last_seen_at'])
    .execute();
}
