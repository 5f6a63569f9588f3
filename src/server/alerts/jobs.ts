import { runFeeds } from '../feeds/run-feeds.ts';
import type { Job } from '../jobs/jobs.ts';
import { sendDueDigests } from './digests.ts';
import { lookForAlerts } from './look-for-alerts.ts';
import { deliverAlerts } from './outbox.ts';
import type { AlertContext } from './surroundings.ts';

/** Days for which refused batches stay counted: far longer than they are looked for. */
const keptDays = 400;
const everyDaySeconds = 24 * 60 * 60;

/** The scheduled work of alerts and feeds. Each is safe to run again, late, or on two processes at once. */
export const alertJobs = (context: AlertContext, everySeconds: number): Job[] => [
  { name: 'look for alerts', everySeconds, run: () => lookForAlerts(context) },
  { name: 'deliver alerts', everySeconds, run: () => deliverAlerts(context) },
  { name: 'pass events on', everySeconds, run: () => runFeeds(context) },
  { name: 'weekly digests', everySeconds: everySeconds * 20, run: () => sendDueDigests(context) },
  { name: 'forget old counts', everySeconds: everyDaySeconds, run: () => forgetOldCounts(context) },
];

/**
 * Removes what was counted as found and is long past. Alerts themselves go with the category of what they tell of
 * (`src/server/retention/remove-alerts.ts`).
 */
export async function forgetOldCounts({ store, owner, now }: AlertContext): Promise<void> {
  const before = new Date(now().getTime() - keptDays * 86_400_000).toISOString();
  await store
    .deleteFrom('alert_findings')
    .where('trust_id', '=', owner.trustId)
    .where('seen_at', '<', before)
    .where('finding', 'like', 'rejected:%')
    .execute();
}
