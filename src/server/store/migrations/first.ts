import { sql, type Kysely, type Migration } from 'kysely';
import { engineOf } from '../engine.ts';
import { keyed, required } from './columns.ts';

async function createOurTables(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await keyed(schema.createTable('schools'))
    .addColumn('name', 'text', required)
    .addColumn('created_at', 'text', required)
    .addPrimaryKeyConstraint('schools_key', ['trust_id', 'school_id'])
    .execute();
  await schema
    .createTable('counters')
    .addColumn('trust_id', 'text', required)
    .addColumn('name', 'text', required)
    .addColumn('value', 'bigint', required)
    .addPrimaryKeyConstraint('counters_key', ['trust_id', 'name'])
    .execute();
  await keyed(schema.createTable('enrolment_tokens'))
    .addColumn('secret_hash', 'text', required)
    .addColumn('kind', 'text', required)
    .addColumn('created_at', 'text', required)
    .addColumn('expires_at', 'text', required)
    .addColumn('used_by', 'text')
    .addPrimaryKeyConstraint('enrolment_tokens_key', ['trust_id', 'secret_hash'])
    .execute();
  await keyed(schema.createTable('devices'))
    .addColumn('device_id', 'text', required)
    .addColumn('public_key', 'text', required)
    .addColumn('key_fingerprint', 'text', required)
    .addColumn('hostname', 'text', required)
    .addColumn('operating_system', 'text', required)
    .addColumn('model', 'text')
    .addColumn('serial', 'text')
    .addColumn('agent_version', 'text', required)
    .addColumn('enrolled_at', 'text', required)
    .addColumn('last_seen_at', 'text')
    .addColumn('clock_offset_ms', 'bigint')
    .addColumn('policy_hash', 'text')
    .addPrimaryKeyConstraint('devices_key', ['trust_id', 'device_id'])
    .execute();
}

/**
 * On PostgreSQL `records` is partitioned by the month of `received_at`, so its keys carry that column too. That a place in
 * a chain is held once then rests on the machine's row, which is locked while a batch of it is taken.
 */
async function createRecordTables(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  const partitioned = engineOf(database) === 'postgres';
  const partitionKey = partitioned ? ['received_at' as const] : [];
  await keyed(schema.createTable('chains'))
    .addColumn('device_id', 'text', required)
    .addColumn('epoch', 'integer', required)
    .addColumn('head_seq', 'bigint', required)
    .addColumn('head_hash', 'text', required)
    .addColumn('updated_at', 'text', required)
    .addPrimaryKeyConstraint('chains_key', ['trust_id', 'device_id', 'epoch'])
    .execute();
  for (const name of ['heads', 'receipts']) {
    const table = keyed(schema.createTable(name))
      .addColumn('device_id', 'text', required)
      .addColumn('epoch', 'integer', required)
      .addColumn('seq', 'bigint', required)
      .addColumn('hash', 'text', required)
      .addColumn('signature', 'text', required)
      .addPrimaryKeyConstraint(`${name}_key`, ['trust_id', 'device_id', 'epoch', 'seq']);
    await (name === 'receipts' ? table.addColumn('at', 'text', required) : table).execute();
  }
  const records = keyed(schema.createTable('records'))
    .addColumn('number', 'bigint', required)
    .addColumn('device_id', 'text', required)
    .addColumn('epoch', 'integer', required)
    .addColumn('seq', 'bigint', required)
    .addColumn('prev', 'text', required)
    .addColumn('body_hash', 'text', required)
    .addColumn('hash', 'text', required)
    .addColumn('salt', 'text')
    .addColumn('body', 'text')
    .addColumn('received_at', 'text', required)
    .addColumn('at', 'text')
    .addColumn('type', 'text')
    .addColumn('account_id', 'text')
    .addColumn('account_name', 'text')
    .addColumn('person_id', 'text')
    .addColumn('summary', 'text')
    .addColumn('search_text', 'text')
    .addPrimaryKeyConstraint('records_key', ['trust_id', 'device_id', 'epoch', 'seq', ...partitionKey]);
  await (partitioned ? records.modifyEnd(sql`partition by range (received_at)`) : records).execute();
  await schema
    .createIndex('records_by_number')
    .on('records')
    .columns(['trust_id', 'number', ...partitionKey])
    .unique()
    .execute();
  for (const column of ['type', 'person_id', 'device_id']) {
    await schema.createIndex(`records_by_${column}`).on('records').columns(['trust_id', column, 'number']).execute();
  }
  await schema.createIndex('records_by_time').on('records').columns(['trust_id', 'at', 'type']).execute();
  await keyed(schema.createTable('forks'))
    .addColumn('device_id', 'text', required)
    .addColumn('epoch', 'integer', required)
    .addColumn('seq', 'bigint', required)
    .addColumn('held_hash', 'text', required)
    .addColumn('given_hash', 'text', required)
    .addColumn('record', 'text', required)
    .addColumn('head', 'text', required)
    .addColumn('found_at', 'text', required)
    .addPrimaryKeyConstraint('forks_key', ['trust_id', 'device_id', 'epoch', 'seq', 'given_hash'])
    .execute();
  await schema
    .createTable('rejected_batches')
    .addColumn('trust_id', 'text', required)
    .addColumn('device_id', 'text', required)
    .addColumn('code', 'text', required)
    .addColumn('day', 'text', required)
    .addColumn('batches', 'bigint', required)
    .addColumn('last_at', 'text', required)
    .addPrimaryKeyConstraint('rejected_batches_key', ['trust_id', 'device_id', 'code', 'day'])
    .execute();
}

async function createPeopleAndPolicies(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await keyed(schema.createTable('people'))
    .addColumn('person_id', 'text', required)
    .addColumn('account_key', 'text', required)
    .addColumn('account_name', 'text', required)
    .addColumn('printed_name', 'text')
    .addColumn('last_seen_at', 'text', required)
    .addColumn('latest_acceptance_id', 'text')
    .addColumn('latest_publication', 'bigint')
    .addColumn('latest_title', 'text')
    .addColumn('latest_version', 'integer')
    .addColumn('latest_at', 'text')
    .addColumn('latest_device_id', 'text')
    .addPrimaryKeyConstraint('people_key', ['trust_id', 'person_id'])
    .execute();
  await schema
    .createIndex('people_by_account')
    .on('people')
    .columns(['trust_id', 'account_key', 'person_id'])
    .unique()
    .execute();
  await keyed(schema.createTable('person_policies'))
    .addColumn('person_id', 'text', required)
    .addColumn('policy_hash', 'text', required)
    .addColumn('decision', 'text', required)
    .addColumn('at', 'text', required)
    .addPrimaryKeyConstraint('person_policies_key', ['trust_id', 'person_id', 'policy_hash'])
    .execute();
  await schema
    .createIndex('person_policies_by_policy')
    .on('person_policies')
    .columns(['trust_id', 'policy_hash', 'decision'])
    .execute();
  await keyed(schema.createTable('policies'))
    .addColumn('publication', 'bigint', required)
    .addColumn('hash', 'text', required)
    .addColumn('policy_id', 'text', required)
    .addColumn('version', 'integer', required)
    .addColumn('title', 'text', required)
    .addColumn('published_at', 'text', required)
    .addColumn('signed', 'text', required)
    .addPrimaryKeyConstraint('policies_key', ['trust_id', 'publication'])
    .execute();
  await schema.createIndex('policies_by_hash').on('policies').columns(['trust_id', 'hash', 'publication']).execute();
}

/** As better-auth 1.7 describes its core schema; a test compares the two. */
async function createAuthTables(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('user')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('name', 'text', required)
    .addColumn('email', 'text', (column) => column.notNull().unique())
    .addColumn('emailVerified', 'integer', required)
    .addColumn('image', 'text')
    .addColumn('createdAt', 'date', required)
    .addColumn('updatedAt', 'date', required)
    .execute();
  await schema
    .createTable('session')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('expiresAt', 'date', required)
    .addColumn('token', 'text', (column) => column.notNull().unique())
    .addColumn('createdAt', 'date', required)
    .addColumn('updatedAt', 'date', required)
    .addColumn('ipAddress', 'text')
    .addColumn('userAgent', 'text')
    .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .execute();
  await schema
    .createTable('account')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('accountId', 'text', required)
    .addColumn('providerId', 'text', required)
    .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('accessToken', 'text')
    .addColumn('refreshToken', 'text')
    .addColumn('idToken', 'text')
    .addColumn('accessTokenExpiresAt', 'date')
    .addColumn('refreshTokenExpiresAt', 'date')
    .addColumn('scope', 'text')
    .addColumn('password', 'text')
    .addColumn('createdAt', 'date', required)
    .addColumn('updatedAt', 'date', required)
    .execute();
  await schema
    .createTable('verification')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('identifier', 'text', required)
    .addColumn('value', 'text', required)
    .addColumn('expiresAt', 'date', required)
    .addColumn('createdAt', 'date', required)
    .addColumn('updatedAt', 'date', required)
    .execute();
  await schema.createIndex('session_userId_idx').on('session').column('userId').execute();
  await schema.createIndex('account_userId_idx').on('account').column('userId').execute();
  await schema.createIndex('verification_identifier_idx').on('verification').column('identifier').execute();
}

export const first: Migration = {
  async up(database: Kysely<unknown>) {
    await createOurTables(database);
    await createRecordTables(database);
    await createPeopleAndPolicies(database);
    await createAuthTables(database);
  },
};
