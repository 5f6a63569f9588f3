import type { z } from 'zod';
import type { attention } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import { inScope } from '../store/in-scope.ts';
import { deadShownDays } from './channels.ts';

type Attention = z.infer<typeof attention>;

/** A feed that fails for longer is reported; before that it may be a restart of the receiver. */
const feedPatienceMinutes = 15;

/** That alerts did not arrive, or a feed stands still, as something to do. */
export async function alertAttention({ store, owner, now }: ServerContext, scope: SchoolScope): Promise<Attention[]> {
  const at = now().getTime();
  const dead = await store
    .selectFrom('alert_deliveries')
    .select((row) => ['channel_name', row.fn.countAll<number>().as('count')])
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .where('state', '=', 'dead')
    .where('settled_at', '>=', new Date(at - deadShownDays * 86_400_000).toISOString())
    .groupBy('channel_name')
    .orderBy('channel_name')
    .limit(20)
    .execute();
  const feeds = await store
    .selectFrom('event_feeds')
    .select(['name', 'last_failure', 'refused_number'])
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .where('enabled', '=', 1)
    .where('failures', '>', 0)
    .where((row) =>
      row.or([
        row('refused_number', 'is not', null),
        row(
          row.fn.coalesce('last_success_at', 'created_at'),
          '<',
          new Date(at - feedPatienceMinutes * 60_000).toISOString(),
        ),
      ]),
    )
    .orderBy('name')
    .limit(20)
    .execute();
  return [
    ...dead.map(({ channel_name: name, count }): Attention => {
      const alerts = Number(count) === 1 ? '1 alert' : `${String(count)} alerts`;
      return {
        kind: 'alertNotDelivered',
        sentence: `${alerts} could not be delivered by “${name}” and will not be tried again.`,
        href: '/settings/alerts',
      };
    }),
    ...feeds.map(({ name, last_failure: why, refused_number: refused }): Attention => ({
      kind: 'feedBehind',
      sentence:
        refused === null
          ? `The feed “${name}” stands still: ${why ?? 'its receiver does not answer'} Nothing is lost; it goes on by itself.`
          : `The feed “${name}” stands at event ${String(refused)}, which its receiver refuses: correct the receiver, or have the event skipped.`,
      href: '/settings/alerts/feeds',
    })),
  ];
}
