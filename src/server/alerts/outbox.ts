import { backoffSeconds } from '../../rules/backoff.ts';
import type { AlertChannelTable, AlertDeliveryTable } from '../store/tables.ts';
import { noteSending, openChannel } from './channels.ts';
import { writeDigest } from './digest-words.ts';
import { alertJson, keptMessage, writeAlert } from './message.ts';
import { failed, type Sent } from './sending.ts';
import { schoolFrom, type AlertContext } from './surroundings.ts';
import { transmit } from './transmit.ts';

/** While a try is under way no other process starts one; after a crash it is tried again then. */
const leaseMs = 90_000;
/** Deliveries to one receiver in one run. */
const perRun = 500;
/** Receivers served at once. */
const lanesAtOnce = 8;

/**
 * Sends what waits, to each receiver in the order it was raised. A receiver that fails holds up only itself: it is tried
 * again with growing waits until the delivery is too old, and then the failure is kept and shown. Every try carries the
 * same id, so a repetition after a lost answer is known as one.
 */
export async function deliverAlerts(context: AlertContext): Promise<void> {
  const { store, owner } = context;
  const lanes = await store
    .selectFrom('alert_deliveries')
    .select(['channel_id', 'target'])
    .where('trust_id', '=', owner.trustId)
    .where('state', '=', 'waiting')
    .groupBy(['channel_id', 'target'])
    .execute();
  const queue = [...lanes];
  const worker = async (): Promise<void> => {
    for (let lane = queue.shift(); lane !== undefined; lane = queue.shift()) await serve(context, lane);
  };
  await Promise.all(Array.from({ length: Math.min(lanesAtOnce, lanes.length) }, worker));
}

interface Lane {
  channel_id: string;
  target: string;
}

async function serve(context: AlertContext, lane: Lane): Promise<void> {
  for (let sent = 0; sent < perRun; sent += 1) {
    const head = await headOf(context, lane);
    if (head === undefined || head.next_at > context.now().toISOString()) return;
    if (!(await claim(context, head))) return;
    if (!(await attempt(context, head))) return;
  }
}

async function headOf({ store, owner }: AlertContext, lane: Lane): Promise<AlertDeliveryTable | undefined> {
  return await store
    .selectFrom('alert_deliveries')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('state', '=', 'waiting')
    .where('channel_id', '=', lane.channel_id)
    .where('target', '=', lane.target)
    .orderBy('number')
    .limit(1)
    .executeTakeFirst();
}

/** False when another process has it. */
async function claim({ store, owner, now }: AlertContext, head: AlertDeliveryTable): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('alert_deliveries')
    .set({ attempts: head.attempts + 1, next_at: new Date(now().getTime() + leaseMs).toISOString() })
    .where('trust_id', '=', owner.trustId)
    .where('delivery_id', '=', head.delivery_id)
    .where('state', '=', 'waiting')
    .where('attempts', '=', head.attempts)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** One try. True when the next of this receiver may follow at once. */
async function attempt(context: AlertContext, head: AlertDeliveryTable): Promise<boolean> {
  const { store, owner, now } = context;
  const channel = await store
    .selectFrom('alert_channels')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('channel_id', '=', head.channel_id)
    .executeTakeFirst();
  if (channel === undefined) {
    await settle(context, head, 'dead', 'The channel was removed.');
    return true;
  }
  const isOff = channel.enabled !== 1;
  const result = isOff ? failed('The channel is switched off.') : await send(context, channel, head);
  if (!isOff) await noteSending(context, head.channel_id, result.ok ? null : result.error);
  if (result.ok) {
    await settle(context, head, 'sent', null);
    return true;
  }
  if (result.gone) await switchOff(context, channel);
  const ageMs = now().getTime() - Date.parse(head.created_at);
  if (result.permanent || ageMs >= context.giveUpHours * 3_600_000) {
    await settle(context, head, 'dead', result.error);
    context.log.warn({ delivery: head.delivery_id, channel: head.channel_id }, 'an alert could not be delivered');
    return !result.gone;
  }
  const waitMs = backoffSeconds(head.attempts + 1, context.random(), result.retryAfterSeconds) * 1_000;
  await store
    .updateTable('alert_deliveries')
    .set({ next_at: new Date(now().getTime() + waitMs).toISOString(), error: result.error })
    .where('trust_id', '=', owner.trustId)
    .where('delivery_id', '=', head.delivery_id)
    .execute();
  return false;
}

async function settle(
  { store, owner, now }: AlertContext,
  head: AlertDeliveryTable,
  state: 'sent' | 'dead',
  error: string | null,
): Promise<void> {
  await store
    .updateTable('alert_deliveries')
    .set({ state, settled_at: now().toISOString(), error })
    .where('trust_id', '=', owner.trustId)
    .where('delivery_id', '=', head.delivery_id)
    .execute();
}

/** The receiver said that it wants nothing more; an administrator may switch it on again. */
async function switchOff({ store, owner }: AlertContext, { channel_id: id }: AlertChannelTable): Promise<void> {
  await store
    .updateTable('alert_channels')
    .set({ enabled: 0 })
    .where('trust_id', '=', owner.trustId)
    .where('channel_id', '=', id)
    .execute();
}

async function send(context: AlertContext, row: AlertChannelTable, head: AlertDeliveryTable): Promise<Sent> {
  const { store, owner } = context;
  const alert = await store
    .selectFrom('alerts')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('alert_id', '=', head.alert_id)
    .executeTakeFirst();
  if (alert === undefined) return failed('The alert was removed, as the retention settings say.', { permanent: true });
  const school = await schoolName(context, schoolFrom(alert.school_id));
  const message = keptMessage.parse(JSON.parse(alert.message));
  const place = { rule: alert.rule_name, school, origin: context.origin() };
  try {
    return await transmit(context, openChannel(context, row), {
      id: head.delivery_id,
      target: head.target,
      written: message.kind === 'digest' ? writeDigest(message.facts, place.origin) : writeAlert(message, place),
      json: alertJson(alert.alert_id, message, place, alert.at),
      at: new Date(alert.at),
    });
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

async function schoolName({ store, owner }: AlertContext, schoolId: string | null): Promise<string | null> {
  if (schoolId === null) return null;
  const school = await store
    .selectFrom('schools')
    .select('name')
    .where('trust_id', '=', owner.trustId)
    .where('school_id', '=', schoolId)
    .executeTakeFirst();
  return school?.name ?? schoolId;
}
