import type { Kysely, Migration } from 'kysely';
import { keyed, required } from './columns.ts';

/** USB devices: what is and was plugged in where, who asked for what, and what IT allows. */
export const third: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database;
    await keyed(schema.createTable('usb_devices'))
      .addColumn('key_id', 'text', required)
      .addColumn('key', 'text', required)
      .addColumn('device', 'text', required)
      .addColumn('search_text', 'text', required)
      .addColumn('first_seen_at', 'text', required)
      .addColumn('last_seen_at', 'text', required)
      .addColumn('last_device_id', 'text', required)
      .addColumn('last_account_name', 'text')
      .addPrimaryKeyConstraint('usb_devices_key', ['trust_id', 'school_id', 'key_id'])
      .execute();
    await schema
      .createIndex('usb_devices_by_time')
      .on('usb_devices')
      .columns(['trust_id', 'school_id', 'last_seen_at'])
      .execute();
    await keyed(schema.createTable('usb_plugs'))
      .addColumn('device_id', 'text', required)
      .addColumn('plug', 'text', required)
      .addColumn('key_id', 'text', required)
      .addColumn('device', 'text', required)
      .addColumn('account_name', 'text')
      .addColumn('inserted_at', 'text', required)
      .addColumn('removed_at', 'text')
      .addColumn('action', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('decided_by', 'text', required)
      .addColumn('usable_for_ms', 'integer')
      .addPrimaryKeyConstraint('usb_plugs_key', ['trust_id', 'device_id', 'plug'])
      .execute();
    await schema
      .createIndex('usb_plugs_by_device')
      .on('usb_plugs')
      .columns(['trust_id', 'school_id', 'key_id', 'inserted_at'])
      .execute();
    await schema
      .createIndex('usb_plugs_now')
      .on('usb_plugs')
      .columns(['trust_id', 'school_id', 'removed_at', 'inserted_at'])
      .execute();
    await keyed(schema.createTable('usb_requests'))
      .addColumn('request_id', 'text', required)
      .addColumn('device_id', 'text', required)
      .addColumn('key_id', 'text', required)
      .addColumn('device', 'text', required)
      .addColumn('account_name', 'text', required)
      .addColumn('reason', 'text', required)
      .addColumn('asked_at', 'text', required)
      .addColumn('state', 'text', required)
      .addColumn('answered_at', 'text')
      .addColumn('answered_by', 'text')
      .addColumn('note', 'text', required)
      .addColumn('until', 'text')
      .addPrimaryKeyConstraint('usb_requests_key', ['trust_id', 'device_id', 'request_id'])
      .execute();
    await schema
      .createIndex('usb_requests_by_state')
      .on('usb_requests')
      .columns(['trust_id', 'school_id', 'state', 'asked_at'])
      .execute();
    await keyed(schema.createTable('usb_grants'))
      .addColumn('grant_id', 'text', required)
      .addColumn('vendor_id', 'text', required)
      .addColumn('product_id', 'text', required)
      .addColumn('serial', 'text')
      .addColumn('device_name', 'text', required)
      .addColumn('key_id', 'text')
      .addColumn('account_name', 'text')
      .addColumn('machine_group', 'text')
      .addColumn('device_id', 'text')
      .addColumn('created_at', 'text', required)
      .addColumn('created_by', 'text', required)
      .addColumn('reason', 'text', required)
      .addColumn('until', 'text', required)
      .addColumn('revoked_at', 'text')
      .addColumn('revoked_by', 'text')
      .addColumn('request_id', 'text')
      .addPrimaryKeyConstraint('usb_grants_key', ['trust_id', 'grant_id'])
      .execute();
    await schema
      .createIndex('usb_grants_by_end')
      .on('usb_grants')
      .columns(['trust_id', 'school_id', 'until'])
      .execute();
    await keyed(schema.createTable('usb_permits'))
      .addColumn('device_id', 'text', required)
      .addColumn('code_key', 'text', required)
      .addColumn('digest', 'text', required)
      .addColumn('issued_at', 'text', required)
      .addPrimaryKeyConstraint('usb_permits_key', ['trust_id', 'device_id'])
      .execute();
    await keyed(schema.createTable('usb_codes'))
      .addColumn('device_id', 'text', required)
      .addColumn('device_code', 'text', required)
      .addColumn('minutes', 'integer', required)
      .addColumn('reason', 'text', required)
      .addColumn('created_at', 'text', required)
      .addColumn('created_by', 'text', required)
      .execute();
    await schema
      .createIndex('usb_codes_by_machine')
      .on('usb_codes')
      .columns(['trust_id', 'device_id', 'created_at'])
      .execute();
  },
};
