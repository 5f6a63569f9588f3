import type { Store } from '../store/database.ts';
import type { MachineCounts } from './metrics.ts';

/** How many machines of the trust are enrolled, and how many of them synced within the last hour. */
export async function machineCounts(store: Store, trustId: string, now: Date): Promise<MachineCounts> {
  const hourAgo = new Date(now.getTime() - 3_600_000).toISOString();
  const ofTrust = store
    .selectFrom('devices')
    .select(({ fn }) => fn.countAll().as('machines'))
    .where('trust_id', '=', trustId);
  const enrolled = await ofTrust.executeTakeFirstOrThrow();
  const seen = await ofTrust.where('last_seen_at', '>', hourAgo).executeTakeFirstOrThrow();
  return { enrolled: Number(enrolled.machines), seenLastHour: Number(seen.machines) };
}
