import type { AuditActor } from '../../contract/audit.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { schoolFrom, type AlertContext } from '../alerts/surroundings.ts';
import { recordAction } from '../audit/record-action.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';

/**
 * Leaves out the one event that a feed's receiver refuses; it goes on with the next at once. A person decides that, not
 * the feed: a receiver that is set up wrongly refuses everything, and then nothing may be lost by itself.
 * @throws RequestRefused 404, or 409 when the feed no longer stands at this event.
 */
export async function skipEvent(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  event: number,
  actor: AuditActor,
): Promise<void> {
  const { store, owner, now } = context;
  await store.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('event_feeds')
      .selectAll()
      .where('trust_id', '=', owner.trustId)
      .where('feed_id', '=', id)
      .where(inScope('school_id', scope))
      .executeTakeFirst();
    if (row === undefined) throw notFound('feed');
    if (row.refused_number === null || Number(row.refused_number) !== event) {
      throw new RequestRefused(409, {
        code: 'feed.movedOn',
        detail: 'event: the feed does not stand at this event any more, so nothing was skipped. Look at it again.',
        field: 'event',
      });
    }
    await transaction
      .updateTable('event_feeds')
      .set({
        position: event,
        refused_number: null,
        refused: Number(row.refused) + 1,
        failures: 0,
        next_at: now().toISOString(),
      })
      .where('trust_id', '=', owner.trustId)
      .where('feed_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'feed.eventSkipped',
      actor,
      schoolId: schoolFrom(row.school_id),
      subject: id,
      detail: { name: row.name, event, answer: row.last_failure },
    });
  });
}
