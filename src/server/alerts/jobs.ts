import { runFeeds } from '../feeds/run-feeds.ts';
import type { Job } from '../jobs/jobs.ts';
import { sendDueDigests } from './digests.ts';
import { lookForAlerts } from './look-for-alerts.ts';
import { deliverAlerts } from './outbox.ts';
import type { AlertContext } from './surroundings.ts';

/** Days for which alerts, and what was counted as found, are kept. */
const keptDays = 400;
const everyDaySeconds = 24 * 60 * 60;

/** The scheduled work of alerts and feeds. Each is safe to run again, late, or on two processes at once. */
export const alertJobs = (context: AlertContext, everySeconds: number): Job[] => [
  { name: 'look for alerts', everySeconds, run: () => lookForAlerts(context) },
  { name: 'deliver alerts', everySeconds, run: () => deliverAlerts(context) },
  { name: 'pass events on', everySeconds, run: () => runFeeds(context) },
  { name: 'weekly digests', everySeconds: everySeconds * 20, run: () => sendDueDigests(context) },
  { name: 'forget old alerts', everySeconds: everyDaySeconds, run: () => forgetOldAlerts(context) },
];

/** Removes what is older than `keptDays` and waits for nobody. */
export async function forgetOldAlerts({ store, owner, now }: AlertContext): Promise<void> {
  const before = new Date(now().getTime() - keptDays * 86_400_000).toISOString();
  await store.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('alert_deliveries')
      .where('trust_id', '=', owner.trustId)
      .where('state', '!=', 'waiting')
      .where('created_at', '<', before)
      .execute();
    await transaction.deleteFrom('alerts').where('trust_id', '=', owner.trustId).where('at', '<', before).execute();
    await transaction
      .deleteFrom('alert_findings')
      .where('trust_id', '=', owner.trustId)
      .where('seen_at', '<', before)
      .where('finding', 'like', 'rejected:%')
      .execute();
  });
}
