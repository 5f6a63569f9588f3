import type { Transaction } from 'kysely';
import { holdCovers, mayErase, mayRemove, monthsBefore, type HoldTerms, type KeptItem } from '../../rules/retention.ts';
import { alertMatch, keptMessage, type AlertMatch } from '../alerts/message.ts';
import { personId } from '../people/person-id.ts';
import type { AlertTable, Tables } from '../store/tables.ts';
import { categoryOf } from './event-types.ts';
import type { Wanted } from './remove-batch.ts';

/** Alerts read at once. */
const page = 500;

/** An alert is filed under the event it tells of; findings, actions in the console and digests are about Usher itself. */
const categoryOfSubject = (subject: string) => categoryOf(subject.startsWith('event:') ? subject.slice(6) : null);

/** Whom an alert names: somebody who was signed in at a machine. In the console it is a user of the console. */
export const personNamed = ({ subject, person }: AlertMatch): string | null =>
  subject.startsWith('event:') ? person : null;

interface Item extends KeptItem {
  /** What it says, where it says something of one machine or person. */
  match: AlertMatch | null;
}

function itemOf(trustId: string, schoolId: string, match: AlertMatch | null, at: string): Item {
  const named = match === null ? null : personNamed(match);
  return {
    match,
    schoolId,
    category: categoryOfSubject(match?.subject ?? ''),
    personId: named === null ? null : personId(trustId, schoolId, named),
    deviceId: match?.machineId ?? null,
    at: match?.at ?? null,
    receivedAt: at,
    lastSeenAt: null,
  };
}

/**
 * Alerts and the way each went to its receivers, when they are due as the event they tell of would be; for one person
 * the name in them, and that sentence which may hold it. @returns alerts removed or emptied.
 */
export async function removeAlerts(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Wanted,
  holds: readonly HoldTerms[],
): Promise<number> {
  const removed = await forgetNewest(transaction, trustId, wanted, holds);
  return wanted.kind === 'person'
    ? removed + (await emptyAlerts(transaction, trustId, wanted, holds))
    : removed + (await removeDue(transaction, trustId, wanted, holds));
}

/** Alerts of the school in the order they were raised, a page at a time. */
async function* alertsOf(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Wanted,
): AsyncGenerator<{ id: string; item: Item; row: AlertTable }[]> {
  for (let after = 0; ;) {
    let select = transaction
      .selectFrom('alerts')
      .selectAll()
      .where('trust_id', '=', trustId)
      .where('school_id', '=', wanted.schoolId)
      .where('number', '>', after)
      .orderBy('number')
      .limit(page);
    if (wanted.kind === 'retention') {
      const shortest = Math.min(...Object.values(wanted.rules).map(({ months }) => months));
      select = select.where('at', '<', monthsBefore(wanted.now, shortest));
    } else select = select.where('message', 'like', '%"person":"%');
    const rows = await select.execute();
    yield rows.map((row) => {
      const message = keptMessage.parse(JSON.parse(row.message));
      const match = message.kind === 'digest' ? null : message.match;
      return { id: row.alert_id, item: itemOf(trustId, wanted.schoolId, match, row.at), row };
    });
    const last = rows.at(-1);
    if (last === undefined || rows.length < page) return;
    after = Number(last.number);
  }
}

async function removeDue(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Extract<Wanted, { kind: 'retention' }>,
  holds: readonly HoldTerms[],
): Promise<number> {
  let removed = 0;
  for await (const alerts of alertsOf(transaction, trustId, wanted)) {
    const lastSeen = await lastSeenOf(transaction, trustId, alerts);
    const due = alerts.filter(({ item }) =>
      mayRemove(
        { ...item, lastSeenAt: lastSeen.get(item.personId ?? '') ?? null },
        wanted.rules[item.category],
        holds,
        wanted.now,
      ),
    );
    if (due.length === 0) continue;
    const ids = due.map(({ id }) => id);
    for (const table of ['alert_deliveries', 'alerts'] as const) {
      await transaction.deleteFrom(table).where('trust_id', '=', trustId).where('alert_id', 'in', ids).execute();
    }
    removed += due.length;
  }
  return removed;
}

async function lastSeenOf(
  transaction: Transaction<Tables>,
  trustId: string,
  alerts: readonly { item: Item }[],
): Promise<Map<string, string>> {
  const named = [...new Set(alerts.flatMap(({ item }) => item.personId ?? []))];
  if (named.length === 0) return new Map();
  const rows = await transaction
    .selectFrom('people')
    .select(['person_id', 'last_seen_at'])
    .where('trust_id', '=', trustId)
    .where('person_id', 'in', named)
    .execute();
  return new Map(rows.map((row) => [row.person_id, row.last_seen_at]));
}

async function emptyAlerts(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Extract<Wanted, { kind: 'person' }>,
  holds: readonly HoldTerms[],
): Promise<number> {
  let emptied = 0;
  for await (const alerts of alertsOf(transaction, trustId, wanted)) {
    for (const { id, item, row } of alerts) {
      if (item.match === null || !mayErase(item, wanted, holds)) continue;
      const match = unnamed(item.match);
      await transaction
        .updateTable('alerts')
        .set({ message: JSON.stringify({ ...JSON.parse(row.message), match }) })
        .where('trust_id', '=', trustId)
        .where('alert_id', '=', id)
        .execute();
      // A receiver's own words may repeat what it was sent.
      await transaction
        .updateTable('alert_deliveries')
        .set({ error: null })
        .where('trust_id', '=', trustId)
        .where('alert_id', '=', id)
        .execute();
      emptied += 1;
    }
  }
  return emptied;
}

const unnamed = (match: AlertMatch): AlertMatch => ({ ...match, person: null, detail: null });

/** What a rule remembers as the newest that it held back: it says who, as an alert does. Without a name it is kept. */
async function forgetNewest(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Wanted,
  holds: readonly HoldTerms[],
): Promise<number> {
  const rows = await transaction
    .selectFrom('alert_states')
    .select(['rule_id', 'newest'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', wanted.schoolId)
    .where('newest', 'like', '%"person":"%')
    .execute();
  let emptied = 0;
  for (const row of rows) {
    const match = alertMatch.parse(JSON.parse(row.newest));
    const item = itemOf(trustId, wanted.schoolId, match, match.at);
    // An acceptance's name is kept for as long as the acceptance; a rule has no need of it for that long.
    const goes =
      wanted.kind === 'person'
        ? item.personId === wanted.personId && !holds.some((hold) => holdCovers(hold, item))
        : mayRemove(item, wanted.rules[item.category], holds, wanted.now);
    if (!goes) continue;
    await transaction
      .updateTable('alert_states')
      .set({ newest: JSON.stringify(unnamed(match)) })
      .where('trust_id', '=', trustId)
      .where('school_id', '=', wanted.schoolId)
      .where('rule_id', '=', row.rule_id)
      .execute();
    emptied += 1;
  }
  return emptied;
}
