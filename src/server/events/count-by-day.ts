import { sql } from 'kysely';
import type { EventType } from '../../contract/event.ts';
import { inScope } from '../store/in-scope.ts';
import type { EventReader } from './read-events.ts';

/** How many events happened on each day (UTC) from one moment on and before another; days without any are left out. */
export async function countByDay(
  { store, trustId, scope }: EventReader,
  { from, to, type }: { from: string; to: string; type?: EventType },
): Promise<{ day: string; events: number }[]> {
  const day = sql<string>`substr(records.at, 1, 10)`;
  let select = store
    .selectFrom('records')
    .select((row) => [day.as('day'), row.fn.countAll<number>().as('events')])
    .where('records.trust_id', '=', trustId)
    .where(inScope('records.school_id', scope))
    .where('records.at', '>=', from)
    .where('records.at', '<', to);
  if (type !== undefined) select = select.where('records.type', '=', type);
  const rows = await select.groupBy(day).orderBy(day).execute();
  return rows.map((row) => ({ day: row.day, events: Number(row.events) }));
}
