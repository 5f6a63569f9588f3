import { eventBody, type EventBody } from '../../contract/event.ts';
import type { RetentionCategory } from '../../contract/retention.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { acceptanceId } from '../acceptances/acceptance-id.ts';
import type { ServerContext } from '../context.ts';
import { eventSummary } from '../events/summary.ts';
import { notFound } from '../http/problems.ts';
import { verificationCode } from '../../proof/index.ts';
import { namesIn } from '../../rules/named-in-text.ts';
import { somebodyElse } from '../../words/recorded-data.ts';
import { keptMessage, messageSentence } from '../alerts/message.ts';
import { personNamed } from '../retention/remove-alerts.ts';
import { typesOf } from '../retention/event-types.ts';
import { inScope } from '../store/in-scope.ts';
import type { Store } from '../store/database.ts';
import type { PersonTable } from '../store/tables.ts';

/** One event as the person gets it. */
export interface OwnEvent {
  number: number;
  machine: string;
  receivedAt: string;
  summary: string;
  body: EventBody;
  hash: string;
  /** For what they signed: the code on their receipt, and its id on the console. */
  acceptance: { id: string; code: string } | null;
}

const pageSize = 500;

/** @throws RequestRefused 404 when there is no such person in the scope. */
export async function personIn(
  { store, owner }: ServerContext,
  scope: SchoolScope,
  id: string,
): Promise<PersonTable & { school: string }> {
  const row = await store
    .selectFrom('people')
    .innerJoin('schools', (join) =>
      join.onRef('schools.trust_id', '=', 'people.trust_id').onRef('schools.school_id', '=', 'people.school_id'),
    )
    .selectAll('people')
    .select('schools.name as school')
    .where('people.trust_id', '=', owner.trustId)
    .where('people.person_id', '=', id)
    .where(inScope('people.school_id', scope))
    .executeTakeFirst();
  if (row === undefined) throw notFound('person');
  return row;
}

/** Everything recorded about a person up to an event, oldest first, a page in memory at a time. */
export async function* ownEvents(
  { store, owner }: ServerContext,
  personId: string,
  upTo: number,
  category: RetentionCategory | null,
): AsyncGenerator<OwnEvent[]> {
  let after = 0;
  for (;;) {
    let select = store
      .selectFrom('records')
      .innerJoin('devices', (join) =>
        join.onRef('devices.trust_id', '=', 'records.trust_id').onRef('devices.device_id', '=', 'records.device_id'),
      )
      .select(['records.number', 'records.received_at', 'records.body', 'records.hash', 'devices.hostname'])
      .where('records.trust_id', '=', owner.trustId)
      .where('records.person_id', '=', personId)
      .where('records.number', '>', after)
      .where('records.number', '<=', upTo)
      .where('records.body', 'is not', null)
      .orderBy('records.number')
      .limit(pageSize);
    if (category !== null) select = select.where('records.type', 'in', typesOf[category]);
    const rows = await select.execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.flatMap((row) => {
      if (row.body === null) return [];
      const body = eventBody.parse(JSON.parse(row.body));
      return {
        number: row.number,
        machine: row.hostname,
        receivedAt: row.received_at,
        summary: eventSummary(body),
        body,
        hash: row.hash,
        acceptance:
          body.type === 'policy.accepted' ? { id: acceptanceId(body), code: verificationCode(row.hash) } : null,
      };
    });
    after = last.number;
  }
}

/** What is held about a person besides their events. Names of others are replaced. */
export async function besidesEvents({ store, owner }: ServerContext, person: PersonTable) {
  const { trustId } = owner;
  const named = <T extends { account_name: string | null }>(rows: readonly T[]): T[] =>
    rows.filter((row) => row.account_name?.toLowerCase() === person.account_key);
  const policies = await store
    .selectFrom('person_policies')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('person_id', '=', person.person_id)
    .execute();
  const sessions = await store
    .selectFrom('open_sessions')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('school_id', '=', person.school_id)
    .where('account_key', '=', person.account_key)
    .execute();
  const requests = await store
    .selectFrom('usb_requests')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('school_id', '=', person.school_id)
    .execute();
  const grants = await store
    .selectFrom('usb_grants')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('school_id', '=', person.school_id)
    .execute();
  const plugs = await store
    .selectFrom('usb_plugs')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('school_id', '=', person.school_id)
    .where('account_name', 'is not', null)
    .execute();
  const lastUsed = await store
    .selectFrom('usb_devices')
    .select(['key', 'last_seen_at', 'last_account_name as account_name'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', person.school_id)
    .execute();
  const signatures = await store
    .selectFrom('counter_signatures')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('person_id', '=', person.person_id)
    .execute();
  const equipment = await store
    .selectFrom('equipment')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('person_id', '=', person.person_id)
    .execute();
  const holds = await store
    .selectFrom('legal_holds')
    .select(['created_at', 'ended_at', 'review_on', 'reason'])
    .where('trust_id', '=', trustId)
    .where('person_id', '=', person.person_id)
    .execute();
  const alerts = await alertsNaming(store, trustId, person);
  const names = [person.account_key, person.printed_name ?? ''];
  const findings = await store
    .selectFrom('machine_findings')
    .select(['device_id', 'found_at', 'detail', 'note'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', person.school_id)
    .orderBy('found_at')
    .execute();
  return {
    person: {
      id: person.person_id,
      account: person.account_name,
      printedName: person.printed_name,
      lastSeenAt: person.last_seen_at,
      latestAcceptance: person.latest_acceptance_id,
      role: person.audience,
      leftAt: person.left_at,
      leftNote: person.left_note,
      seenAfterLeavingAt: person.seen_after_leaving_at,
      acceptancesClosedAt: person.closed_at,
    },
    secondSignatures: signatures.map((row) => ({
      policyHash: row.policy_hash,
      acceptedAt: row.accepted_at,
      state: row.state,
      decidedAt: row.decided_at,
      decidedBy: row.decided_by === null ? null : somebodyElse,
      office: row.office,
      note: row.note,
    })),
    equipment: equipment.map((row) => ({
      what: row.what,
      addedAt: row.added_at,
      returnedAt: row.returned_at,
    })),
    answers: policies.map(({ policy_hash, decision, at }) => ({ policyHash: policy_hash, decision, at })),
    openSessions: sessions.map((row) => ({ machine: row.device_id, since: row.since, lockedSince: row.locked_since })),
    requests: named(requests).map((row) => ({
      machine: row.device_id,
      device: JSON.parse(row.device) as unknown,
      reason: row.reason,
      askedAt: row.asked_at,
      state: row.state,
      answeredAt: row.answered_at,
      answeredBy: row.answered_by === null ? null : somebodyElse,
      note: row.note,
      until: row.until,
    })),
    permissions: named(grants).map((row) => ({
      device: row.device_name,
      serial: row.serial,
      reason: row.reason,
      createdAt: row.created_at,
      createdBy: somebodyElse,
      until: row.until,
      revokedAt: row.revoked_at,
    })),
    insertions: named(plugs).map((row) => ({
      machine: row.device_id,
      device: JSON.parse(row.device) as unknown,
      insertedAt: row.inserted_at,
      removedAt: row.removed_at,
      action: row.action,
      state: row.state,
    })),
    devicesLastUsed: named(lastUsed).map((row) => ({ device: row.key, lastSeenAt: row.last_seen_at })),
    alerts,
    notesOnMachines: findings
      .filter(({ detail, note }) => namesIn(detail, names) || namesIn(note, names))
      .map((row) => ({ machine: row.device_id, foundAt: row.found_at, found: row.detail, note: row.note })),
    legalHolds: holds.map((row) => ({
      placedAt: row.created_at,
      endedAt: row.ended_at,
      reviewOn: row.review_on,
      reason: row.reason,
    })),
  };
}

/** Alerts that named the person, and over which channels they went; never to whom, who is somebody else. */
async function alertsNaming(store: Store, trustId: string, person: PersonTable) {
  const rows = await store
    .selectFrom('alerts')
    .select(['alert_id', 'at', 'rule_name', 'message'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', person.school_id)
    .where('message', 'like', '%"person":"%')
    .orderBy('number')
    .execute();
  const theirs = rows.flatMap((row) => {
    const message = keptMessage.parse(JSON.parse(row.message));
    if (message.kind === 'digest') return [];
    const named = personNamed(message.match);
    return named?.toLowerCase() === person.account_key ? [{ ...row, message }] : [];
  });
  const found = [];
  for (const { alert_id: id, at, rule_name: rule, message } of theirs) {
    const deliveries = await store
      .selectFrom('alert_deliveries')
      .select(['channel_name', 'state', 'settled_at'])
      .where('trust_id', '=', trustId)
      .where('alert_id', '=', id)
      .orderBy('number')
      .execute();
    found.push({
      at,
      rule,
      sentence: messageSentence(message),
      machine: message.match.machineId,
      happenedAt: message.match.at,
      sentTo: deliveries.map((one) => ({ channel: one.channel_name, state: one.state, at: one.settled_at })),
    });
  }
  return found;
}

export type BesidesEvents = Awaited<ReturnType<typeof besidesEvents>>;

/** Who looked at their record or changed something about it: when, what and why, without the name of who did. */
export async function* lookups(
  { store, owner }: ServerContext,
  personId: string,
): AsyncGenerator<{ number: number; at: string; action: string; by: string; detail: unknown }[]> {
  let after = 0;
  for (;;) {
    const rows = await store
      .selectFrom('audit_entries')
      .select(['number', 'at', 'action', 'actor_id', 'body'])
      .where('trust_id', '=', owner.trustId)
      .where('subject', '=', personId)
      .where('number', '>', after)
      .orderBy('number')
      .limit(pageSize)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows.map((row) => ({
      number: row.number,
      at: row.at,
      action: row.action,
      by: row.actor_id === 'server' ? 'Usher, by itself' : somebodyElse,
      detail: withoutNames((JSON.parse(row.body) as { detail: Record<string, unknown> }).detail),
    }));
    after = last.number;
  }
}

/** Only what says why: other details of an entry may name colleagues. */
function withoutNames(detail: Record<string, unknown>): Record<string, unknown> {
  const told = ['reason', 'counts', 'keepAcceptances', 'kind', 'from', 'to', 'reviewOn', 'answer', 'state'];
  return Object.fromEntries(Object.entries(detail).filter(([name]) => told.includes(name)));
}
