import type { Kysely, Migration } from 'kysely';
import { keyed, required } from './columns.ts';

/** The log of receipted heads, its tree and checkpoints, and how far what is held was verified again. */
export const eighth: Migration = {
  async up(database: Kysely<unknown>) {
    await createLogTables(database);
    await createCheckTables(database);
  },
};

async function createLogTables({ schema }: Kysely<unknown>): Promise<void> {
  await keyed(schema.createTable('log_leaves'))
    .addColumn('leaf_index', 'bigint', required)
    .addColumn('device_id', 'text', required)
    .addColumn('epoch', 'integer', required)
    .addColumn('seq', 'bigint', required)
    .addColumn('hash', 'text', required)
    .addColumn('at', 'text', required)
    .addPrimaryKeyConstraint('log_leaves_key', ['trust_id', 'leaf_index'])
    .execute();
  await schema
    .createIndex('log_leaves_by_head')
    .on('log_leaves')
    .columns(['trust_id', 'device_id', 'epoch', 'seq'])
    .unique()
    .execute();
  await schema
    .createTable('log_tiles')
    .addColumn('trust_id', 'text', required)
    .addColumn('level', 'integer', required)
    .addColumn('tile_index', 'bigint', required)
    .addColumn('hashes', 'text', required)
    .addPrimaryKeyConstraint('log_tiles_key', ['trust_id', 'level', 'tile_index'])
    .execute();
  await schema
    .createTable('checkpoints')
    .addColumn('trust_id', 'text', required)
    .addColumn('size', 'bigint', required)
    .addColumn('root', 'text', required)
    .addColumn('at', 'text', required)
    .addColumn('note', 'text', required)
    .addPrimaryKeyConstraint('checkpoints_key', ['trust_id', 'size'])
    .execute();
  await schema
    .createTable('cosignatures')
    .addColumn('trust_id', 'text', required)
    .addColumn('size', 'bigint', required)
    .addColumn('witness', 'text', required)
    .addColumn('line', 'text', required)
    .addColumn('at', 'text', required)
    .addPrimaryKeyConstraint('cosignatures_key', ['trust_id', 'size', 'witness'])
    .execute();
}

async function createCheckTables({ schema }: Kysely<unknown>): Promise<void> {
  await keyed(schema.createTable('chain_checks'))
    .addColumn('device_id', 'text', required)
    .addColumn('epoch', 'integer', required)
    .addColumn('logged_seq', 'bigint', required)
    .addColumn('checked_seq', 'bigint', required)
    .addColumn('checked_hash', 'text')
    .addColumn('pass', 'bigint', required)
    .addColumn('pass_seq', 'bigint', required)
    .addColumn('pass_hash', 'text')
    .addPrimaryKeyConstraint('chain_checks_key', ['trust_id', 'device_id', 'epoch'])
    .execute();
  await schema
    .createTable('check_passes')
    .addColumn('trust_id', 'text', required)
    .addColumn('pass', 'bigint', required)
    .addColumn('started_at', 'text', required)
    .addColumn('finished_at', 'text')
    .addColumn('records', 'bigint', required)
    .addColumn('chains', 'bigint', required)
    .addColumn('leaves', 'bigint', required)
    .addColumn('edge', 'text', required)
    .addPrimaryKeyConstraint('check_passes_key', ['trust_id', 'pass'])
    .execute();
  await schema
    .createTable('integrity_findings')
    .addColumn('trust_id', 'text', required)
    .addColumn('finding_id', 'text', required)
    .addColumn('school_id', 'text')
    .addColumn('kind', 'text', required)
    .addColumn('device_id', 'text')
    .addColumn('epoch', 'integer')
    .addColumn('seq', 'bigint')
    .addColumn('detail', 'text', required)
    .addColumn('found_at', 'text', required)
    .addColumn('pass', 'bigint', required)
    .addColumn('resolved_at', 'text')
    .addPrimaryKeyConstraint('integrity_findings_key', ['trust_id', 'finding_id'])
    .execute();
}
