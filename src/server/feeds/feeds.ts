import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AuditActor } from '../../contract/audit.ts';
import type { FeedInput, FeedRow, TestAnswer } from '../../contract/console-alerts.ts';
import { eventType } from '../../contract/event.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { literalRefusal } from '../alerts/address-guard.ts';
import { isFailing } from '../alerts/channels.ts';
import { receiverRefusal } from '../alerts/guarded-post.ts';
import { checkSchool, invalid } from '../alerts/school-check.ts';
import { freshWebhookSecret, webhookSecretRefusal } from '../alerts/send-webhook.ts';
import { schoolFrom, schoolOf, type AlertContext } from '../alerts/surroundings.ts';
import { recordAction } from '../audit/record-action.ts';
import { newestEventNumber } from '../events/read-events.ts';
import { notFound } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import type { EventFeedTable } from '../store/tables.ts';
import { sendToFeed } from './send-to-feed.ts';

const filter = { types: z.array(eventType), includeNames: z.boolean() };
const keptSettings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('syslog'), ...filter, host: z.string(), port: z.int(), ca: z.string().nullable() }),
  z.object({ kind: z.literal('otlp'), ...filter, where: z.string() }),
  z.object({ kind: z.literal('webhook'), ...filter, where: z.string() }),
]);
export type FeedSettings = z.infer<typeof keptSettings>;
const keptSecrets = z.object({ url: z.string(), secret: z.string().nullable() });
export type FeedSecrets = z.infer<typeof keptSecrets>;

export const settingsOf = (row: EventFeedTable): FeedSettings => keptSettings.parse(JSON.parse(row.settings));

const ownerOf = (trustId: string, id: string): string => `${trustId}/feed/${id}`;

/** @throws Error in plain words when they cannot be read. */
export function secretsOf({ secrets, owner }: AlertContext, row: EventFeedTable): FeedSecrets | null {
  if (row.sealed === null) return null;
  return keptSecrets.parse(JSON.parse(secrets.open(ownerOf(owner.trustId, row.feed_id), row.sealed)));
}

export async function readFeeds(context: AlertContext, scope: SchoolScope): Promise<FeedRow[]> {
  const { store, owner } = context;
  const rows = await store
    .selectFrom('event_feeds')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .orderBy('name')
    .execute();
  const newest = Number(await newestEventNumber(store, owner.trustId));
  return await Promise.all(
    rows.map(async (row) => {
      const settings = settingsOf(row);
      const syslog = settings.kind === 'syslog' ? settings : null;
      const behind = Math.max(0, newest - Number(row.position));
      return {
        id: row.feed_id,
        kind: settings.kind,
        name: row.name,
        schoolId: schoolFrom(row.school_id),
        types: settings.types,
        includeNames: settings.includeNames,
        enabled: row.enabled === 1,
        where: settings.kind === 'syslog' ? `${settings.host}:${settings.port}` : settings.where,
        host: syslog?.host ?? null,
        port: syslog?.port ?? null,
        hasOwnAuthority: syslog !== null && syslog.ca !== null,
        hasSecret: row.sealed !== null,
        sent: Number(row.sent),
        refused: Number(row.refused),
        behind,
        behindSince: behind === 0 ? null : await firstAfter(context, Number(row.position)),
        refusedEvent: row.refused_number === null ? null : await refusedEvent(context, Number(row.refused_number)),
        lastSuccessAt: row.last_success_at,
        lastFailureAt: row.last_failure_at,
        lastFailure: row.last_failure,
        failing: row.failures > 0 || isFailing(row),
      };
    }),
  );
}

/** When the first event after a place was received. */
async function firstAfter({ store, owner }: AlertContext, position: number): Promise<string | null> {
  const row = await store
    .selectFrom('records')
    .select('received_at')
    .where('trust_id', '=', owner.trustId)
    .where('number', '>', position)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
  return row?.received_at ?? null;
}

/** What somebody has to know of an event to decide whether it may be left out. */
async function refusedEvent({ store, owner }: AlertContext, number: number): Promise<FeedRow['refusedEvent']> {
  const row = await store
    .selectFrom('records')
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'records.trust_id').onRef('devices.device_id', '=', 'records.device_id'),
    )
    .select(['records.type', 'records.at', 'devices.hostname'])
    .where('records.trust_id', '=', owner.trustId)
    .where('records.number', '=', number)
    .executeTakeFirst();
  return row === undefined ? null : { number, type: row.type ?? 'unknown', machine: row.hostname, at: row.at };
}

/** What is kept of an input. @throws RequestRefused naming the field. */
function checked(
  { networks }: AlertContext,
  input: FeedInput,
  before: { settings: FeedSettings; secrets: FeedSecrets | null } | null,
): { settings: FeedSettings; secrets: FeedSecrets | null; made: string | null } {
  const { types, includeNames } = input;
  if (input.kind === 'syslog') {
    const { host, port, ca } = input;
    const refusal = literalRefusal(host, networks);
    if (refusal !== null) throw invalid('host', refusal);
    return { settings: { kind: 'syslog', types, includeNames, host, port, ca }, secrets: null, made: null };
  }
  const url = input.url ?? before?.secrets?.url;
  if (url === undefined) throw invalid('url', 'give the address to send to');
  const refusal = receiverRefusal(url, networks);
  if (refusal !== null) throw invalid('url', refusal);
  const kept = before?.secrets?.secret ?? null;
  const made = input.kind === 'webhook' && input.secret === undefined && kept === null ? freshWebhookSecret() : null;
  const secret = input.secret ?? made ?? kept;
  const secretRefusal = input.kind === 'webhook' && secret !== null ? webhookSecretRefusal(secret) : null;
  if (secretRefusal !== null) throw invalid('secret', secretRefusal);
  const where = url.replace(/\?.*$/s, '?…');
  return { settings: { kind: input.kind, types, includeNames, where }, secrets: { url, secret }, made };
}

const auditDetail = ({ kind, name, types, includeNames, enabled }: FeedInput): Record<string, unknown> => ({
  kind,
  name,
  types,
  includeNames,
  enabled,
});

export async function addFeed(
  context: AlertContext,
  scope: SchoolScope,
  input: FeedInput,
  actor: AuditActor,
): Promise<{ id: string; secret: string | null }> {
  const { store, owner, secrets: box, now } = context;
  await checkSchool(store, owner.trustId, scope, input.schoolId);
  const { settings, secrets, made } = checked(context, input, null);
  const id = randomUUID();
  const at = now().toISOString();
  await store.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('event_feeds')
      .values({
        trust_id: owner.trustId,
        school_id: schoolOf(input.schoolId),
        feed_id: id,
        kind: input.kind,
        name: input.name,
        settings: JSON.stringify(settings),
        sealed: secrets === null ? null : box.seal(ownerOf(owner.trustId, id), JSON.stringify(secrets)),
        enabled: input.enabled ? 1 : 0,
        created_at: at,
        position: input.from === 'beginning' ? 0 : Number(await newestEventNumber(transaction, owner.trustId)),
        sent: 0,
        refused: 0,
        failures: 0,
        refused_number: null,
        next_at: at,
      })
      .execute();
    await recordAction(transaction, context, {
      action: 'feed.added',
      actor,
      schoolId: input.schoolId,
      subject: id,
      detail: auditDetail(input),
    });
  });
  return { id, secret: made };
}

async function findFeed({ store, owner }: AlertContext, scope: SchoolScope, id: string): Promise<EventFeedTable> {
  const row = await store
    .selectFrom('event_feeds')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('feed_id', '=', id)
    .where(inScope('school_id', scope))
    .executeTakeFirst();
  if (row === undefined) throw notFound('feed');
  return row;
}

/** Changes a feed; it goes on where it is, and at once. */
export async function changeFeed(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  input: FeedInput,
  actor: AuditActor,
): Promise<{ id: string; secret: string | null }> {
  const { store, owner, secrets: box, now } = context;
  const row = await findFeed(context, scope, id);
  if (row.kind !== input.kind) throw invalid('kind', 'a feed stays what it is; add another one');
  await checkSchool(store, owner.trustId, scope, input.schoolId);
  const before = { settings: settingsOf(row), secrets: readableSecrets(context, row) };
  const { settings, secrets, made } = checked(context, input, before);
  await store.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('event_feeds')
      .set({
        school_id: schoolOf(input.schoolId),
        name: input.name,
        settings: JSON.stringify(settings),
        sealed: secrets === null ? null : box.seal(ownerOf(owner.trustId, id), JSON.stringify(secrets)),
        enabled: input.enabled ? 1 : 0,
        refused_number: null,
        next_at: now().toISOString(),
      })
      .where('trust_id', '=', owner.trustId)
      .where('feed_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'feed.changed',
      actor,
      schoolId: input.schoolId,
      subject: id,
      detail: auditDetail(input),
    });
  });
  return { id, secret: made };
}

/** What cannot be read any more counts as not there, so that it can be entered anew. */
function readableSecrets(context: AlertContext, row: EventFeedTable): FeedSecrets | null {
  try {
    return secretsOf(context, row);
  } catch {
    return null;
  }
}

export async function removeFeed(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  actor: AuditActor,
): Promise<void> {
  const { store, owner } = context;
  const row = await findFeed(context, scope, id);
  await store.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('event_feeds')
      .where('trust_id', '=', owner.trustId)
      .where('feed_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'feed.removed',
      actor,
      schoolId: schoolFrom(row.school_id),
      subject: id,
      detail: { name: row.name },
    });
  });
}

/** Sends one made-up event that says it is a test, and gives the receiver’s real answer. */
export async function testFeed(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  actor: AuditActor,
): Promise<TestAnswer> {
  const row = await findFeed(context, scope, id);
  const at = context.now().toISOString();
  const result = await sendToFeed(context, row, [
    {
      id: `test-${randomUUID()}`,
      number: 0,
      type: 'service.started',
      severity: 'information',
      at,
      receivedAt: at,
      schoolId: row.school_id,
      deviceId: '0'.repeat(32),
      machine: 'usher-test',
      epoch: 1,
      seq: 1,
      hash: '0'.repeat(64),
      sentence: 'This is a test of the feed. Nothing happened.',
      clause: null,
      policyVersion: null,
      account: null,
      data: {},
    },
  ]);
  await context.store.transaction().execute(async (transaction) => {
    await recordAction(transaction, context, {
      action: 'feed.tested',
      actor,
      schoolId: schoolFrom(row.school_id),
      subject: id,
      detail: { sent: result.ok },
    });
  });
  return { sent: result.ok, answer: result.ok ? result.answer : result.error };
}
