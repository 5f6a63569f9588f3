import { PostgresAdapter, sql, type Kysely, type Migration } from 'kysely';
import { keyed, required } from './columns.ts';

/** As the two-factor and passkey plugins of better-auth 1.7 describe them; a test compares the two. */
async function createAuthTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('user').addColumn('twoFactorEnabled', 'integer').execute();
  await schema
    .createTable('twoFactor')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('secret', 'text', required)
    .addColumn('backupCodes', 'text', required)
    .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('verified', 'integer')
    .addColumn('failedVerificationCount', 'integer')
    .addColumn('lockedUntil', 'date')
    .execute();
  await schema
    .createTable('passkey')
    .addColumn('id', 'text', (column) => column.notNull().primaryKey())
    .addColumn('name', 'text')
    .addColumn('publicKey', 'text', required)
    .addColumn('userId', 'text', (column) => column.notNull().references('user.id').onDelete('cascade'))
    .addColumn('credentialID', 'text', required)
    .addColumn('counter', 'integer', required)
    .addColumn('deviceType', 'text', required)
    .addColumn('backedUp', 'integer', required)
    .addColumn('transports', 'text')
    .addColumn('createdAt', 'date')
    .addColumn('aaguid', 'text')
    .execute();
  await schema.createIndex('twoFactor_userId_idx').on('twoFactor').column('userId').execute();
  await schema.createIndex('twoFactor_secret_idx').on('twoFactor').column('secret').execute();
  await schema.createIndex('passkey_userId_idx').on('passkey').column('userId').execute();
  await schema.createIndex('passkey_credentialID_idx').on('passkey').column('credentialID').execute();
}

async function createUserTables({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('console_users')
    .addColumn('trust_id', 'text', required)
    .addColumn('user_id', 'text', required)
    .addColumn('created_at', 'text', required)
    .addColumn('must_set_up', 'integer', required)
    .addColumn('disabled_at', 'text')
    .addColumn('last_sign_in_at', 'text')
    .addColumn('last_code_hash', 'text')
    .addColumn('last_code_at', 'text')
    .addPrimaryKeyConstraint('console_users_key', ['trust_id', 'user_id'])
    .execute();
  await schema
    .createTable('sign_in_links')
    .addColumn('trust_id', 'text', required)
    .addColumn('token_hash', 'text', required)
    .addColumn('user_id', 'text', required)
    .addColumn('expires_at', 'text', required)
    .addPrimaryKeyConstraint('sign_in_links_key', ['trust_id', 'token_hash'])
    .execute();
  await schema
    .createTable('sign_in_attempts')
    .addColumn('trust_id', 'text', required)
    .addColumn('attempt_key', 'text', required)
    .addColumn('failures', 'integer', required)
    .addColumn('last_at', 'text', required)
    .addPrimaryKeyConstraint('sign_in_attempts_key', ['trust_id', 'attempt_key'])
    .execute();
}

async function createOpeningTables({ schema }: Kysely<unknown>): Promise<void> {
  await keyed(schema.createTable('person_openings'))
    .addColumn('opening_id', 'text', required)
    .addColumn('person_id', 'text', required)
    .addColumn('user_id', 'text', required)
    .addColumn('user_name', 'text', required)
    .addColumn('category', 'text', required)
    .addColumn('reason', 'text', required)
    .addColumn('asked_at', 'text', required)
    .addColumn('answer_before', 'text')
    .addColumn('answer', 'text')
    .addColumn('answered_at', 'text')
    .addColumn('answered_by', 'text')
    .addColumn('answered_by_id', 'text')
    .addColumn('note', 'text', required)
    .addColumn('until', 'text')
    .addPrimaryKeyConstraint('person_openings_key', ['trust_id', 'opening_id'])
    .execute();
  await schema
    .createIndex('person_openings_by_user')
    .on('person_openings')
    .columns(['trust_id', 'user_id', 'person_id', 'asked_at'])
    .execute();
  await schema
    .createIndex('person_openings_by_time')
    .on('person_openings')
    .columns(['trust_id', 'school_id', 'asked_at'])
    .execute();
  await schema
    .createTable('access_settings')
    .addColumn('trust_id', 'text', required)
    .addColumn('second_person', 'integer', required)
    .addColumn('opening_minutes', 'integer', required)
    .addPrimaryKeyConstraint('access_settings_key', ['trust_id'])
    .execute();
}

const appendOnly = 'The audit trail is append-only: its entries are never changed or removed';

/** The database itself refuses to change, remove or replace an entry. */
async function protectAuditTrail(database: Kysely<unknown>): Promise<void> {
  if (database.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`create function refuse_audit_change() returns trigger language plpgsql as $body$
      begin raise exception '${sql.raw(appendOnly)}'; end $body$`.execute(database);
    await sql`create trigger audit_entries_kept before update or delete on audit_entries
      for each row execute function refuse_audit_change()`.execute(database);
    await sql`create trigger audit_entries_not_emptied before truncate on audit_entries
      for each statement execute function refuse_audit_change()`.execute(database);
    return;
  }
  for (const change of ['update', 'delete']) {
    await sql`create trigger ${sql.ref(`audit_entries_no_${change}`)} before ${sql.raw(change)} on audit_entries
      begin select raise(abort, '${sql.raw(appendOnly)}'); end`.execute(database);
  }
  // "insert or replace" removes a row without a delete trigger (https://www.sqlite.org/lang_conflict.html).
  await sql`create trigger audit_entries_no_replace before insert on audit_entries
    when exists (select 1 from audit_entries where trust_id = new.trust_id and number = new.number)
    begin select raise(abort, '${sql.raw(appendOnly)}'); end`.execute(database);
}

async function indexAuditTrail({ schema }: Kysely<unknown>): Promise<void> {
  for (const column of ['actor_id', 'action', 'subject', 'school_id']) {
    await schema
      .createIndex(`audit_entries_by_${column}`)
      .on('audit_entries')
      .columns(['trust_id', column, 'number'])
      .execute();
  }
}

/** Free text is no longer looked for in names. */
async function forgetNamesInSearch(database: Kysely<unknown>): Promise<void> {
  await sql`update records set search_text = replace(search_text, lower(account_name), '')
    where account_name is not null and account_name <> '' and search_text is not null`.execute(database);
}

/** Ways to sign in, users, openings of people's records, and an audit trail that cannot be changed. */
export const sixth: Migration = {
  async up(database: Kysely<unknown>) {
    await createAuthTables(database);
    await createUserTables(database);
    await createOpeningTables(database);
    await indexAuditTrail(database);
    await protectAuditTrail(database);
    await forgetNamesInSearch(database);
  },
};
