import { createHash, randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { AlertSubject } from '../../contract/console-alerts.ts';
import { freshAlertState, stepAlert, type AlertInput, type AlertState } from '../../rules/alerting.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Tables } from '../store/tables.ts';
import { alertMatch, type AlertMatch, type KeptMessage } from './message.ts';
import type { KeptRule } from './rules.ts';
import { everySchool, type AlertContext } from './surroundings.ts';

/** Something that may match rules. `person` and `detail` are left out where a rule may not name anybody. */
export interface Candidate {
  subject: AlertSubject;
  /** `*` for the trust as a whole. */
  schoolId: string;
  /** How many there were; counted so for thresholds. */
  count: number;
  match: AlertMatch;
}

const keptState = z.object({
  recent: z.array(z.object({ atMs: z.number(), count: z.int() })),
  lastSentMs: z.number().nullable(),
  heldBack: z.int(),
});

function covers(rule: KeptRule, { subject, schoolId, match }: Candidate): boolean {
  if (!rule.what.includes(subject)) return false;
  if (rule.schoolId !== null && rule.schoolId !== schoolId) return false;
  if (rule.machineNames.length === 0) return true;
  const machine = match.machine?.toLowerCase();
  return machine !== undefined && rule.machineNames.some((name) => machine.startsWith(name.toLowerCase()));
}

/** Puts candidates through every rule, in the transaction that marks them as looked at. */
export async function applyRules(
  context: AlertContext,
  transaction: Transaction<Tables>,
  rules: readonly KeptRule[],
  candidates: readonly Candidate[],
): Promise<void> {
  for (const candidate of candidates) {
    for (const rule of rules) {
      if (!covers(rule, candidate)) continue;
      const { match } = candidate;
      const told = rule.includeNames ? match : { ...match, person: null, detail: null };
      await step(context, transaction, rule, candidate.schoolId, { kind: 'match', count: candidate.count }, told);
    }
  }
}

/** Tells of what was held back, where the quiet time is over. */
export async function applyTicks(context: AlertContext, rules: readonly KeptRule[]): Promise<void> {
  const { store, owner } = context;
  const waiting = await store
    .selectFrom('alert_states')
    .select(['rule_id', 'school_id'])
    .where('trust_id', '=', owner.trustId)
    .where('held_back', '>', 0)
    .execute();
  for (const { rule_id: ruleId, school_id: schoolId } of waiting) {
    const rule = rules.find(({ id }) => id === ruleId);
    if (rule === undefined) continue;
    await store
      .transaction()
      .execute((transaction) => step(context, transaction, rule, schoolId, { kind: 'tick' }, null));
  }
}

async function step(
  context: AlertContext,
  transaction: Transaction<Tables>,
  rule: KeptRule,
  schoolId: string,
  input: AlertInput,
  match: AlertMatch | null,
): Promise<void> {
  const key = { trust_id: context.owner.trustId, school_id: schoolId, rule_id: rule.id };
  const row = await transaction
    .selectFrom('alert_states')
    .select(['state', 'newest'])
    .where('trust_id', '=', key.trust_id)
    .where('rule_id', '=', key.rule_id)
    .where('school_id', '=', key.school_id)
    .executeTakeFirst();
  const newest = match ?? (row === undefined ? null : alertMatch.parse(JSON.parse(row.newest)));
  if (newest === null) return;
  const before: AlertState = row === undefined ? freshAlertState : keptState.parse(JSON.parse(row.state));
  const { count, minutes } = rule.threshold;
  const terms = { count, withinMs: minutes * 60_000, quietMs: rule.quietMinutes * 60_000 };
  const { state, effect } = stepAlert(terms, before, input, context.now().getTime());
  const values = { state: JSON.stringify(state), held_back: state.heldBack, newest: JSON.stringify(newest) };
  await transaction
    .insertInto('alert_states')
    .values({ ...key, ...values })
    .onConflict((conflict) => conflict.columns(['trust_id', 'rule_id', 'school_id']).doUpdateSet(values))
    .execute();
  if (effect === null) return;
  await raise(context, transaction, {
    id: randomUUID(),
    schoolId,
    rule: { id: rule.id, name: rule.name },
    channels: rule.channels,
    message: { kind: effect.kind, match: newest, count: effect.matches, withinMinutes: minutes },
  });
  await transaction
    .updateTable('alert_rules')
    .set({ last_alert_at: context.now().toISOString() })
    .where('trust_id', '=', key.trust_id)
    .where('rule_id', '=', rule.id)
    .execute();
}

export interface Raised {
  id: string;
  schoolId: string;
  rule: { id: string | null; name: string };
  channels: readonly string[];
  message: KeptMessage;
}

/** Keeps an alert and puts its deliveries into the outbox. False when there is one with this id already. */
export async function raise(
  { owner, now }: AlertContext,
  transaction: Transaction<Tables>,
  { id, schoolId, rule, channels, message }: Raised,
): Promise<boolean> {
  const at = now().toISOString();
  const keys = { trust_id: owner.trustId, school_id: schoolId };
  const added = await transaction
    .insertInto('alerts')
    .values({
      ...keys,
      alert_id: id,
      number: await takeNumbers(transaction, owner.trustId, 'alert', 1),
      kind: message.kind,
      rule_id: rule.id,
      rule_name: rule.name,
      at,
      message: JSON.stringify(message),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (added.numInsertedOrUpdatedRows !== 1n) return false;
  if (channels.length === 0) return true;
  const rows = await transaction
    .selectFrom('alert_channels')
    .select(['channel_id', 'name', 'settings', 'school_id'])
    .where('trust_id', '=', owner.trustId)
    .where('channel_id', 'in', [...channels])
    .where('enabled', '=', 1)
    .where('school_id', 'in', [schoolId, everySchool])
    .orderBy('channel_id')
    .execute();
  for (const channel of rows) {
    for (const target of targetsOf(channel.settings)) {
      await transaction
        .insertInto('alert_deliveries')
        .values({
          ...keys,
          delivery_id: deliveryId(id, channel.channel_id, target),
          number: await takeNumbers(transaction, owner.trustId, 'delivery', 1),
          alert_id: id,
          channel_id: channel.channel_id,
          channel_name: channel.name,
          target,
          state: 'waiting',
          attempts: 0,
          created_at: at,
          next_at: at,
        })
        .execute();
    }
  }
  return true;
}

/** Each address of a mail channel is a delivery of its own: one that is refused holds up no other. */
function targetsOf(settings: string): string[] {
  const { to } = z.object({ to: z.array(z.string()).optional() }).parse(JSON.parse(settings));
  return to === undefined ? [''] : [...new Set(to)];
}

/** Names one alert to one receiver for ever: the key by which receivers tell a repetition. */
const deliveryId = (alertId: string, channelId: string, target: string): string =>
  `usher-${createHash('sha256').update(`${alertId}\n${channelId}\n${target}`).digest('hex').slice(0, 32)}`;
