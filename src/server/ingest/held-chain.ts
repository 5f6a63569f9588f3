import type { StoreOrTransaction } from '../store/database.ts';
import type { HeldChain } from './place-batch.ts';

/** Reads what is held of an epoch, with the hashes from `fromSeq` on that a batch could overlap. Null: nothing. */
export async function heldChain(
  store: StoreOrTransaction,
  trustId: string,
  deviceId: string,
  epoch: number,
  range: { fromSeq: number; toSeq: number },
): Promise<HeldChain | null> {
  const chain = await store
    .selectFrom('chains')
    .select('head_seq')
    .where('trust_id', '=', trustId)
    .where('device_id', '=', deviceId)
    .where('epoch', '=', epoch)
    .executeTakeFirst();
  if (chain === undefined) return null;
  const rows = await store
    .selectFrom('records')
    .select(['seq', 'hash'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', deviceId)
    .where('epoch', '=', epoch)
    .where('seq', '>=', range.fromSeq)
    .where('seq', '<=', range.toSeq)
    .execute();
  const hashes = new Map(rows.map((row) => [row.seq, row.hash]));
  return { headSeq: chain.head_seq, hashAt: (seq) => hashes.get(seq) };
}
