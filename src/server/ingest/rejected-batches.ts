import type { Store } from '../store/database.ts';

/** Stands for every machine that is not enrolled here, so that strangers cannot fill the table. */
export const unknownDevice = 'unknown';

/** Counts a refused batch under its machine, reason and day. */
export async function countRejected(
  store: Store,
  rejected: { trustId: string; deviceId: string; code: string; at: Date },
): Promise<void> {
  const at = rejected.at.toISOString();
  await store
    .insertInto('rejected_batches')
    .values({
      trust_id: rejected.trustId,
      device_id: rejected.deviceId,
      code: rejected.code,
      day: at.slice(0, 10),
      batches: 1,
      last_at: at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['trust_id', 'device_id', 'code', 'day'])
        .doUpdateSet((row) => ({ batches: row('rejected_batches.batches', '+', 1), last_at: at })),
    )
    .execute();
}
