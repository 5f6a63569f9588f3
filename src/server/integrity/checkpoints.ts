import { logOrigin, signCheckpoint } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { appendReceipts, rootAt } from './log.ts';
import { TileReader } from './tiles.ts';

/** A checkpoint as it is kept. */
export interface KeptCheckpoint {
  size: number;
  at: string;
  /** The signed note, with every cosignature there is. */
  note: string;
}

type LogContext = Pick<ServerContext, 'store' | 'owner' | 'key' | 'now'>;

/**
 * Brings what was receipted into the log and signs its tree, when anything is new.
 * @returns the newest checkpoint; null while nothing was ever receipted.
 */
export async function makeCheckpoint(context: LogContext): Promise<KeptCheckpoint | null> {
  const { store, owner, key, now } = context;
  const size = await appendReceipts(store, owner.trustId);
  const newest = await latestCheckpoint(store, owner.trustId);
  if (size === 0 || newest?.size === size) return newest;
  const root = await rootAt(new TileReader(store, owner.trustId), size);
  const note = signCheckpoint(key, { origin: logOrigin(key.publicKey, owner.trustId), size, root });
  // Two servers that come to the same size sign the same text: whichever is kept first is as good.
  await store
    .insertInto('checkpoints')
    .values({ trust_id: owner.trustId, size, root: root.toString('base64'), at: now().toISOString(), note })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return await checkpointOf(store, owner.trustId, size);
}

/** The newest checkpoint; null before the first. */
export async function latestCheckpoint(store: StoreOrTransaction, trustId: string): Promise<KeptCheckpoint | null> {
  const row = await store
    .selectFrom('checkpoints')
    .select('size')
    .where('trust_id', '=', trustId)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : await checkpointOf(store, trustId, row.size);
}

/** The checkpoint of one size; null when none was made there. */
export async function checkpointOf(
  store: StoreOrTransaction,
  trustId: string,
  size: number,
): Promise<KeptCheckpoint | null> {
  const row = await store
    .selectFrom('checkpoints')
    .select(['size', 'at', 'note'])
    .where('trust_id', '=', trustId)
    .where('size', '=', size)
    .executeTakeFirst();
  if (row === undefined) return null;
  const lines = await store
    .selectFrom('cosignatures')
    .select('line')
    .where('trust_id', '=', trustId)
    .where('size', '=', size)
    .orderBy('witness')
    .execute();
  return { ...row, note: row.note + lines.map(({ line }) => line).join('') };
}
