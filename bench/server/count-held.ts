import type { ChainHead } from '../../src/contract/record.ts';
import { localTrust, type Store } from '../../src/server/store/database.ts';

export interface Held {
  /** Records that were acknowledged and are not in the store. */
  lost: number;
  /** Places in a chain that are held more than once. */
  doubled: number;
}

/** Counts in the store itself what is there of chains that were acknowledged up to these heads. */
export async function countHeld(store: Store, acknowledged: ReadonlyMap<string, ChainHead>): Promise<Held> {
  const rows = await store
    .selectFrom('records')
    .select((row) => [
      'device_id',
      row.fn.countAll<number>().as('held'),
      row.fn.count<number>('seq').distinct().as('places'),
    ])
    .where('trust_id', '=', localTrust.trustId)
    .groupBy('device_id')
    .execute();
  const heads = await store
    .selectFrom('records')
    .innerJoin('chains', (join) =>
      join
        .onRef('chains.trust_id', '=', 'records.trust_id')
        .onRef('chains.device_id', '=', 'records.device_id')
        .onRef('chains.epoch', '=', 'records.epoch')
        .onRef('chains.head_seq', '=', 'records.seq'),
    )
    .select(['records.device_id', 'records.seq', 'records.hash'])
    .where('records.trust_id', '=', localTrust.trustId)
    .execute();
  const ends = new Map(heads.map((head) => [head.device_id, head]));
  const held = new Map(rows.map((row) => [row.device_id, row]));
  let lost = 0;
  let doubled = 0;
  for (const [deviceId, head] of acknowledged) {
    const row = held.get(deviceId);
    lost += Math.max(0, head.seq - Number(row?.places ?? 0));
    doubled += Number(row?.held ?? 0) - Number(row?.places ?? 0);
    // The end of the chain is another record: what was acknowledged is not what is held.
    const end = ends.get(deviceId);
    if (end === undefined || (Number(end.seq) === head.seq && end.hash !== head.hash)) lost += 1;
  }
  return { lost, doubled };
}
