import type { StoreOrTransaction } from '../store/database.ts';
import { keptQuery } from '../store/kept-query.ts';
import type { HeldChain } from './place-batch.ts';

const headOf = keptQuery((store, given: { trustId: string; deviceId: string; epoch: number }) =>
  store
    .selectFrom('chains')
    .select(['head_seq', 'head_hash'])
    .where('trust_id', '=', given.trustId)
    .where('device_id', '=', given.deviceId)
    .where('epoch', '=', given.epoch),
);

const hashesOf = keptQuery(
  (store, given: { trustId: string; deviceId: string; epoch: number; fromSeq: number; toSeq: number }) =>
    store
      .selectFrom('records')
      .select(['seq', 'hash'])
      .where('trust_id', '=', given.trustId)
      .where('device_id', '=', given.deviceId)
      .where('epoch', '=', given.epoch)
      .where('seq', '>=', given.fromSeq)
      .where('seq', '<=', given.toSeq),
);

/** Reads what is held of an epoch, with the hashes from `fromSeq` on that a batch could overlap. Null: nothing. */
export async function heldChain(
  store: StoreOrTransaction,
  trustId: string,
  deviceId: string,
  epoch: number,
  range: { fromSeq: number; toSeq: number },
): Promise<HeldChain | null> {
  const [chain] = await headOf(store, { trustId, deviceId, epoch });
  if (chain === undefined) return null;
  const { head_seq: headSeq, head_hash: headHash } = chain;
  // The usual batch goes on where the last one ended, and overlaps with nothing but that end.
  if (range.fromSeq === headSeq) return { headSeq, hashAt: (seq) => (seq === headSeq ? headHash : undefined) };
  const rows = await hashesOf(store, { trustId, deviceId, epoch, ...range });
  const hashes = new Map(rows.map((row) => [row.seq, row.hash]));
  return { headSeq, hashAt: (seq) => hashes.get(seq) };
}
