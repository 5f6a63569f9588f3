import type { Overview } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import { rulingPolicy } from '../../rules/ruling-policy.ts';
import { countPeople } from '../people/read-people.ts';
import { publications } from '../policies/publications.ts';
import { inScope } from '../store/in-scope.ts';
import { attentionFor } from './attention.ts';

const daysShown = 14;

/** Midnight of the day `daysAgo` days before `now`, on the server's own calendar. */
function startOfDay(now: Date, daysAgo = 0): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo);
}

/** `2026-09-07`, on the server's own calendar. */
function calendarDay(at: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The state of the school in one look: coverage, today, and what needs a person. */
export async function readOverview(context: ServerContext, scope: SchoolScope): Promise<Overview> {
  const { store, owner } = context;
  const now = context.now();
  const inForce = (await context.policies.inForce()).map(({ signed }) => signed);
  const statuses = await countPeople({ store, trustId: owner.trustId, scope, inForce, now });
  const { machines } = await store
    .selectFrom('devices')
    .select((row) => row.fn.countAll<number>().as('machines'))
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .executeTakeFirstOrThrow();
  const { today } = await store
    .selectFrom('records')
    .select((row) => row.fn.countAll<number>().as('today'))
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .where('at', '>=', startOfDay(now).toISOString())
    .where('at', '<', startOfDay(now, -1).toISOString())
    .executeTakeFirstOrThrow();
  const ruling = rulingPolicy(inForce);
  const current = (await publications(store, owner.trustId, scope)).find(({ hash }) => hash === ruling?.hash) ?? null;
  const people = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  return {
    people,
    accepted: statuses.accepted,
    machines: Number(machines),
    eventsToday: Number(today),
    policy: current,
    attention: await attentionFor(context, scope, {
      machines: Number(machines),
      policies: inForce,
      notAccepted: people - statuses.accepted,
    }),
    statuses,
    acceptancesByDay: await acceptancesByDay(context, scope, now),
  };
}

async function acceptancesByDay(
  context: ServerContext,
  scope: SchoolScope,
  now: Date,
): Promise<{ day: string; count: number }[]> {
  const days = Array.from({ length: daysShown }, (_, index) => startOfDay(now, daysShown - 1 - index));
  const rows = await context.store
    .selectFrom('records')
    .select('at')
    .where('trust_id', '=', context.owner.trustId)
    .where(inScope('school_id', scope))
    .where('type', '=', 'policy.accepted')
    .where('at', '>=', startOfDay(now, daysShown - 1).toISOString())
    .execute();
  const counts = new Map(days.map((day) => [calendarDay(day), 0]));
  for (const row of rows) {
    const day = row.at === null ? '' : calendarDay(new Date(row.at));
    const count = counts.get(day);
    if (count !== undefined) counts.set(day, count + 1);
  }
  return [...counts].map(([day, count]) => ({ day, count }));
}
