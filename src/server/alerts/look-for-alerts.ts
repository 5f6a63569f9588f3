import type { Transaction } from 'kysely';
import { auditAction, auditBody } from '../../contract/audit.ts';
import { eventType } from '../../contract/event.ts';
import { newestEventNumber } from '../events/read-events.ts';
import type { Store } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { findingCandidates } from './findings.ts';
import { applyRules, applyTicks, type Candidate } from './raise.ts';
import { activeRules, type KeptRule } from './rules.ts';
import { everySchool, type AlertContext } from './surroundings.ts';

/** Rows looked at in one transaction. */
const page = 500;

/**
 * Looks at everything that was committed since the last look, in order. What was looked at and what came of it are
 * committed together, so every event meets every rule once, whatever ends in between. Taking records in is not slowed:
 * this reads what is there afterwards.
 */
export async function lookForAlerts(context: AlertContext): Promise<void> {
  const rules = await activeRules(context.store, context.owner.trustId);
  await lookAtEvents(context, rules);
  await lookAtActions(context, rules);
  await context.store.transaction().execute(async (transaction) => {
    await applyRules(context, transaction, rules, await findingCandidates(context, transaction, rules));
  });
  await applyTicks(context, rules);
}

type Source = 'events' | 'actions';

/** How far a source was looked at. The first look begins with what comes next. */
async function cursorOf(store: Store, trustId: string, name: Source, newest: number): Promise<number> {
  await store
    .insertInto('alert_cursors')
    .values({ trust_id: trustId, name, value: newest })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const { value } = await store
    .selectFrom('alert_cursors')
    .select('value')
    .where('trust_id', '=', trustId)
    .where('name', '=', name)
    .executeTakeFirstOrThrow();
  return Number(value);
}

/** Moves the cursor on; false when another process did meanwhile, and this look counts for nothing. */
async function advance(
  transaction: Transaction<Tables>,
  trustId: string,
  name: Source,
  from: number,
  to: number,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('alert_cursors')
    .set({ value: to })
    .where('trust_id', '=', trustId)
    .where('name', '=', name)
    .where('value', '=', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

async function lookAt(
  context: AlertContext,
  rules: readonly KeptRule[],
  name: Source,
  newest: number,
  read: (after: number, upTo: number) => Promise<{ number: number; candidate: Candidate | null }[]>,
): Promise<void> {
  const { store, owner } = context;
  let from = await cursorOf(store, owner.trustId, name, newest);
  while (from < newest) {
    const found = await read(from, newest);
    const to = found.length < page ? newest : (found.at(-1)?.number ?? newest);
    const start = from;
    const mine = await store.transaction().execute(async (transaction) => {
      if (!(await advance(transaction, owner.trustId, name, start, to))) return false;
      await applyRules(
        context,
        transaction,
        rules,
        found.flatMap(({ candidate }) => candidate ?? []),
      );
      return true;
    });
    if (!mine) return;
    from = to;
  }
}

async function lookAtEvents(context: AlertContext, rules: readonly KeptRule[]): Promise<void> {
  const { store, owner } = context;
  const types = eventType.options.filter((type) => rules.some(({ what }) => what.includes(`event:${type}`)));
  const newest = Number(await newestEventNumber(store, owner.trustId));
  await lookAt(context, rules, 'events', newest, async (after, upTo) => {
    if (types.length === 0) return [];
    const rows = await store
      .selectFrom('records')
      .innerJoin('devices', (join) =>
        join.onRef('devices.trust_id', '=', 'records.trust_id').onRef('devices.device_id', '=', 'records.device_id'),
      )
      .select([
        'records.number',
        'records.school_id',
        'records.device_id',
        'records.type',
        'records.at',
        'records.epoch',
        'records.account_name',
        'records.summary',
        'devices.hostname',
      ])
      .where('records.trust_id', '=', owner.trustId)
      .where('records.number', '>', after)
      .where('records.number', '<=', upTo)
      .where('records.type', 'in', types)
      .orderBy('records.number')
      .limit(page)
      .execute();
    return rows.map((row) => {
      const type = eventType.safeParse(row.type).data;
      // The first record of a new machine is no news; a record that was begun anew is.
      const firstEver = type === 'journal.epochStarted' && row.epoch === 1;
      if (type === undefined || row.at === null || firstEver) return { number: Number(row.number), candidate: null };
      const candidate: Candidate = {
        subject: `event:${type}`,
        schoolId: row.school_id,
        count: 1,
        match: {
          subject: `event:${type}`,
          at: row.at,
          machineId: row.device_id,
          machine: row.hostname,
          person: row.account_name,
          detail: row.summary,
          href: `/events?event=${row.number}`,
        },
      };
      return { number: Number(row.number), candidate };
    });
  });
}

async function lookAtActions(context: AlertContext, rules: readonly KeptRule[]): Promise<void> {
  const { store, owner } = context;
  const actions = auditAction.options.filter((action) => rules.some(({ what }) => what.includes(`action:${action}`)));
  const { newest } = await store
    .selectFrom('audit_entries')
    .select((row) => row.fn.max('number').as('newest'))
    .where('trust_id', '=', owner.trustId)
    .executeTakeFirstOrThrow();
  await lookAt(context, rules, 'actions', Number(newest ?? 0), async (after, upTo) => {
    if (actions.length === 0) return [];
    const rows = await store
      .selectFrom('audit_entries')
      .select(['number', 'school_id', 'body'])
      .where('trust_id', '=', owner.trustId)
      .where('number', '>', after)
      .where('number', '<=', upTo)
      .where('action', 'in', actions)
      .orderBy('number')
      .limit(page)
      .execute();
    return rows.map((row) => {
      const { action, at, actor } = auditBody.parse(JSON.parse(row.body));
      const candidate: Candidate = {
        subject: `action:${action}`,
        schoolId: row.school_id ?? everySchool,
        count: 1,
        match: {
          subject: `action:${action}`,
          at,
          machineId: null,
          machine: null,
          person: actor.name,
          detail: null,
          href: '/settings',
        },
      };
      return { number: Number(row.number), candidate };
    });
  });
}
