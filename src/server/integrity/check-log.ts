import { z } from 'zod';
import { GrowingTree, checkpointHolds, logLeafHash, readCheckpoint } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import { leafOf } from './log.ts';

/** Leaves gone over at a time. */
const leavesPerPage = 1_000;

const edgeForm = z.array(z.string());

/** How far a check of the log came: the leaves gone over and the edge of their tree. */
export interface LogProgress {
  leaves: number;
  /** JSON of the edge's hashes in hexadecimal. */
  edge: string;
}

export interface CheckedLog extends LogProgress {
  /** Leaves gone over in this step; 0: the log is at its end. */
  records: number;
  fault: string | null;
}

/**
 * Goes over the next leaves: are they the receipts they stand for, without gaps, and does the tree of them have the
 * root of every checkpoint that was signed on the way?
 */
export async function checkLogPage(
  { store, owner, key }: Pick<ServerContext, 'store' | 'owner' | 'key'>,
  progress: LogProgress,
): Promise<CheckedLog> {
  const edge = edgeForm.parse(JSON.parse(progress.edge)).map((hash) => Buffer.from(hash, 'hex'));
  const tree = new GrowingTree(progress.leaves, edge);
  const leaves = await store
    .selectFrom('log_leaves')
    .leftJoin('receipts', (join) =>
      join
        .onRef('receipts.trust_id', '=', 'log_leaves.trust_id')
        .onRef('receipts.device_id', '=', 'log_leaves.device_id')
        .onRef('receipts.epoch', '=', 'log_leaves.epoch')
        .onRef('receipts.seq', '=', 'log_leaves.seq'),
    )
    .select([
      'log_leaves.leaf_index',
      'log_leaves.device_id',
      'log_leaves.epoch',
      'log_leaves.seq',
      'log_leaves.hash',
      'log_leaves.at',
      'receipts.hash as receipted_hash',
      'receipts.at as receipted_at',
    ])
    .where('log_leaves.trust_id', '=', owner.trustId)
    .where('leaf_index', '>=', progress.leaves)
    .orderBy('leaf_index')
    .limit(leavesPerPage)
    .execute();
  const checkpoints = await store
    .selectFrom('checkpoints')
    .select(['size', 'note'])
    .where('trust_id', '=', owner.trustId)
    .where('size', '>', progress.leaves)
    .where('size', '<=', progress.leaves + leavesPerPage)
    .orderBy('size')
    .execute();
  const notes = new Map(checkpoints.map(({ size, note }) => [size, note]));
  const state = (fault: string | null): CheckedLog => ({
    leaves: tree.size,
    edge: JSON.stringify(tree.edge.map((hash) => hash.toString('hex'))),
    records: leaves.length,
    fault,
  });
  for (const leaf of leaves) {
    if (leaf.leaf_index !== tree.size) return state(`Entry ${tree.size} of the log is missing from the database.`);
    if (leaf.hash !== leaf.receipted_hash || leaf.at !== leaf.receipted_at)
      return state(
        `Entry ${leaf.leaf_index} of the log is not the receipt it stands for (record ${leaf.seq} of epoch ${leaf.epoch} of machine ${leaf.device_id}).`,
      );
    tree.add(logLeafHash(leafOf(leaf)));
    const note = notes.get(tree.size);
    if (note === undefined) continue;
    const checkpoint = readCheckpoint(note);
    if (checkpoint === null || !checkpointHolds(key.publicKey, checkpoint))
      return state(`The checkpoint of ${tree.size} entries is not signed by this server's key.`);
    if (checkpoint.size !== tree.size || !checkpoint.root.equals(tree.root()))
      return state(`The log's first ${tree.size} entries are not those its checkpoint was signed over.`);
    notes.delete(tree.size);
  }
  const [beyond] = leaves.length < leavesPerPage ? notes.keys() : [];
  return state(beyond === undefined ? null : `Entries of the log are missing: a checkpoint of ${beyond} was signed.`);
}
