import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { webhookFormat, type ChannelInput, type ChannelRow, type TestAnswer } from '../../contract/console-alerts.ts';
import type { AuditActor } from '../../contract/audit.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { recordAction } from '../audit/record-action.ts';
import { notFound } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import type { AlertChannelTable } from '../store/tables.ts';
import { literalRefusal } from './address-guard.ts';
import { receiverRefusal } from './guarded-post.ts';
import { writeTest } from './message.ts';
import { checkSchool, invalid } from './school-check.ts';
import type { MailServer } from './send-email.ts';
import { freshWebhookSecret, webhookSecretRefusal } from './send-webhook.ts';
import { schoolFrom, schoolOf, type AlertContext } from './surroundings.ts';
import { transmit } from './transmit.ts';

const ownServer = z.object({ host: z.string(), port: z.int(), user: z.string().nullable(), from: z.string() });
/** `settings` of a channel: everything but its secrets. */
const keptSettings = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('email'), to: z.array(z.string()), server: ownServer.nullable() }),
  z.object({ kind: z.literal('webhook'), format: webhookFormat, where: z.string() }),
]);
const keptSecrets = z.object({ url: z.string().nullable(), secret: z.string().nullable() });
type KeptSecrets = z.infer<typeof keptSecrets>;

const noSecrets: KeptSecrets = { url: null, secret: null };

/** A channel ready to send. */
export type OpenChannel =
  | { kind: 'email'; name: string; to: string[]; server: MailServer | null }
  | { kind: 'webhook'; name: string; url: string; secret: string | null; format: z.infer<typeof webhookFormat> };

/** @throws Error in plain words when its secrets cannot be read. */
export function openChannel(context: AlertContext, row: AlertChannelTable): OpenChannel {
  const settings = keptSettings.parse(JSON.parse(row.settings));
  const { url, secret } = secretsOf(context, row);
  if (settings.kind === 'webhook')
    return { kind: 'webhook', name: row.name, url: url ?? '', secret, format: settings.format };
  const { server } = settings;
  if (server === null) return { kind: 'email', name: row.name, to: settings.to, server: context.mail };
  return {
    kind: 'email',
    name: row.name,
    to: settings.to,
    server: {
      ...server,
      secure: server.port === 465,
      password: secret,
      authorities: context.mail?.authorities ?? null,
      guard: context.networks,
    },
  };
}

const ownerOf = (trustId: string, id: string): string => `${trustId}/channel/${id}`;

function secretsOf({ secrets, owner }: AlertContext, row: AlertChannelTable): KeptSecrets {
  if (row.sealed === null) return noSecrets;
  return keptSecrets.parse(JSON.parse(secrets.open(ownerOf(owner.trustId, row.channel_id), row.sealed)));
}

/** `https://hooks.example/…`: the path of an incoming webhook at Slack or Teams is what is secret about it. */
const shownAddress = (url: string, format: z.infer<typeof webhookFormat>): string =>
  format === 'standard' ? url.replace(/\?.*$/s, '?…') : `${new URL(url).origin}/…`;

export async function readChannels(context: AlertContext, scope: SchoolScope): Promise<ChannelRow[]> {
  const { store, owner, now } = context;
  const since = new Date(now().getTime() - deadShownDays * 86_400_000).toISOString();
  const rows = await store
    .selectFrom('alert_channels')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .orderBy('name')
    .execute();
  const counts = await store
    .selectFrom('alert_deliveries')
    .select((row) => ['channel_id', 'state', row.fn.countAll<number>().as('count')])
    .where('trust_id', '=', owner.trustId)
    .where((row) =>
      row.or([row('state', '=', 'waiting'), row.and([row('state', '=', 'dead'), row('settled_at', '>=', since)])]),
    )
    .groupBy(['channel_id', 'state'])
    .execute();
  const countOf = (id: string, state: string) =>
    Number(counts.find((one) => one.channel_id === id && one.state === state)?.count ?? 0);
  return rows.map((row) => {
    const settings = keptSettings.parse(JSON.parse(row.settings));
    const email = settings.kind === 'email' ? settings : null;
    return {
      id: row.channel_id,
      kind: settings.kind,
      name: row.name,
      schoolId: schoolFrom(row.school_id),
      enabled: row.enabled === 1,
      to: email?.to ?? [],
      server: email?.server ?? null,
      format: settings.kind === 'webhook' ? settings.format : null,
      where: settings.kind === 'webhook' ? settings.where : settings.to.join(', '),
      hasSecret: row.sealed !== null,
      waiting: countOf(row.channel_id, 'waiting'),
      dead: countOf(row.channel_id, 'dead'),
      lastSuccessAt: row.last_success_at,
      lastFailureAt: row.last_failure_at,
      lastFailure: row.last_failure,
      failing: isFailing(row),
    };
  });
}

/** Days for which deliveries that were given up are shown as something to do. */
export const deadShownDays = 7;

/** Its newest try failed. */
export const isFailing = (row: { last_failure_at: string | null; last_success_at: string | null }): boolean =>
  row.last_failure_at !== null && row.last_failure_at > (row.last_success_at ?? '');

/** What is kept of an input, with the secrets as they were where the input leaves them out. @throws RequestRefused */
function checked(
  context: AlertContext,
  input: ChannelInput,
  before: KeptSecrets | null,
): { settings: string; secrets: KeptSecrets; made: string | null } {
  if (input.kind === 'email') {
    const { server } = input;
    if (server === null && context.mail === null) {
      throw invalid('server', 'this server has no mail server; set USHER_SMTP_URL, or give one here');
    }
    const refusal = server === null ? null : literalRefusal(server.host, context.networks);
    if (refusal !== null) throw invalid('server.host', refusal);
    const secret = server === null ? null : (input.secret ?? before?.secret ?? null);
    if (server !== null && server.user !== null && secret === null)
      throw invalid('secret', 'give the password that goes with the name');
    return {
      settings: JSON.stringify({ kind: 'email', to: input.to, server }),
      secrets: { url: null, secret },
      made: null,
    };
  }
  const url = input.url ?? before?.url ?? null;
  if (url === null) throw invalid('url', 'give the address to send to');
  const refusal = receiverRefusal(url, context.networks);
  if (refusal !== null) throw invalid('url', refusal);
  const made =
    input.format === 'standard' && input.secret === undefined && (before?.secret ?? null) === null
      ? freshWebhookSecret()
      : null;
  const secret = input.format === 'standard' ? (input.secret ?? made ?? before?.secret ?? null) : null;
  const secretRefusal = secret === null ? null : webhookSecretRefusal(secret);
  if (secretRefusal !== null) throw invalid('secret', secretRefusal);
  return {
    settings: JSON.stringify({ kind: 'webhook', format: input.format, where: shownAddress(url, input.format) }),
    secrets: { url, secret },
    made,
  };
}

/** Adds a channel. @returns its id, and the secret where the server made one. @throws RequestRefused naming the field. */
export async function addChannel(
  context: AlertContext,
  scope: SchoolScope,
  input: ChannelInput,
  actor: AuditActor,
): Promise<{ id: string; secret: string | null }> {
  const { store, owner, secrets, now } = context;
  await checkSchool(store, owner.trustId, scope, input.schoolId);
  const { settings, secrets: secret, made } = checked(context, input, null);
  const id = randomUUID();
  await store.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('alert_channels')
      .values({
        trust_id: owner.trustId,
        school_id: schoolOf(input.schoolId),
        channel_id: id,
        kind: input.kind,
        name: input.name,
        settings,
        sealed: isEmpty(secret) ? null : secrets.seal(ownerOf(owner.trustId, id), JSON.stringify(secret)),
        enabled: input.enabled ? 1 : 0,
        created_at: now().toISOString(),
      })
      .execute();
    await recordAction(transaction, context, {
      action: 'alert.channelAdded',
      actor,
      schoolId: input.schoolId,
      subject: id,
      detail: auditDetail(input),
    });
  });
  return { id, secret: made };
}

const isEmpty = ({ url, secret }: KeptSecrets): boolean => url === null && secret === null;

/** Never the address of a webhook, which may be a secret. */
const auditDetail = (input: ChannelInput): Record<string, unknown> => ({
  kind: input.kind,
  name: input.name,
  enabled: input.enabled,
  secretChanged: input.secret !== undefined,
  ...(input.kind === 'email' ? { to: input.to, server: input.server?.host ?? null } : { format: input.format }),
});

async function findChannel({ store, owner }: AlertContext, scope: SchoolScope, id: string): Promise<AlertChannelTable> {
  const row = await store
    .selectFrom('alert_channels')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('channel_id', '=', id)
    .where(inScope('school_id', scope))
    .executeTakeFirst();
  if (row === undefined) throw notFound('channel');
  return row;
}

/** Changes a channel; what is secret stays where the input leaves it out. @throws RequestRefused */
export async function changeChannel(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  input: ChannelInput,
  actor: AuditActor,
): Promise<{ id: string; secret: string | null }> {
  const { store, owner, secrets } = context;
  const row = await findChannel(context, scope, id);
  if (row.kind !== input.kind) throw invalid('kind', 'a channel stays what it is; add another one');
  await checkSchool(store, owner.trustId, scope, input.schoolId);
  const needsOld = input.kind === 'webhook' ? input.url === undefined || input.secret === undefined : true;
  const { settings, secrets: secret, made } = checked(context, input, needsOld ? readableSecrets(context, row) : null);
  await store.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('alert_channels')
      .set({
        school_id: schoolOf(input.schoolId),
        name: input.name,
        settings,
        sealed: isEmpty(secret) ? null : secrets.seal(ownerOf(owner.trustId, id), JSON.stringify(secret)),
        enabled: input.enabled ? 1 : 0,
      })
      .where('trust_id', '=', owner.trustId)
      .where('channel_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'alert.channelChanged',
      actor,
      schoolId: input.schoolId,
      subject: id,
      detail: auditDetail(input),
    });
  });
  return { id, secret: made };
}

/** What cannot be read any more counts as not there, so that it can be entered anew. */
function readableSecrets(context: AlertContext, row: AlertChannelTable): KeptSecrets {
  try {
    return secretsOf(context, row);
  } catch {
    return noSecrets;
  }
}

/** Removes a channel; what still waited for it is given up and says so. */
export async function removeChannel(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  actor: AuditActor,
): Promise<void> {
  const { store, owner, now } = context;
  const row = await findChannel(context, scope, id);
  await store.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('alert_channels')
      .where('trust_id', '=', owner.trustId)
      .where('channel_id', '=', id)
      .execute();
    await transaction
      .updateTable('alert_deliveries')
      .set({ state: 'dead', settled_at: now().toISOString(), error: 'The channel was removed.' })
      .where('trust_id', '=', owner.trustId)
      .where('channel_id', '=', id)
      .where('state', '=', 'waiting')
      .execute();
    await recordAction(transaction, context, {
      action: 'alert.channelRemoved',
      actor,
      schoolId: schoolFrom(row.school_id),
      subject: id,
      detail: { name: row.name },
    });
  });
}

/** Sends a test at once and gives the receiver's real answer. */
export async function testChannel(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  actor: AuditActor,
): Promise<TestAnswer> {
  const row = await findChannel(context, scope, id);
  const channel = openChannel(context, row);
  const written = writeTest(row.name, context.origin());
  const testId = `test-${randomUUID()}`;
  const at = context.now();
  const json = {
    type: 'usher.test',
    data: { timestamp: at.toISOString(), id: testId, sentence: written.paragraphs.join(' ') },
  };
  const answers: string[] = [];
  let sent = true;
  for (const target of channel.kind === 'email' ? channel.to : ['']) {
    const result = await transmit(context, channel, { id: testId, target, written, json, at });
    sent &&= result.ok;
    answers.push(`${target === '' ? '' : `${target}: `}${result.ok ? result.answer : result.error}`);
    await noteSending(context, id, result.ok ? null : result.error);
  }
  await context.store.transaction().execute(async (transaction) => {
    await recordAction(transaction, context, {
      action: 'alert.channelTested',
      actor,
      schoolId: schoolFrom(row.school_id),
      subject: id,
      detail: { sent },
    });
  });
  return { sent, answer: answers.join('\n') };
}

/** Keeps how sending by a channel last went. */
export async function noteSending(
  { store, owner, now }: AlertContext,
  id: string,
  error: string | null,
): Promise<void> {
  const at = now().toISOString();
  await store
    .updateTable('alert_channels')
    .set(error === null ? { last_success_at: at } : { last_failure_at: at, last_failure: error })
    .where('trust_id', '=', owner.trustId)
    .where('channel_id', '=', id)
    .execute();
}
