import { randomUUID } from 'node:crypto';
import type { AuditActor } from '../../contract/audit.ts';
import { ruleInput, type RuleInput, type RuleRow } from '../../contract/console-alerts.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { recordAction } from '../audit/record-action.ts';
import { notFound } from '../http/problems.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import type { AlertRuleTable } from '../store/tables.ts';
import { checkSchool, invalid } from './school-check.ts';
import { schoolFrom, schoolOf, type AlertContext } from './surroundings.ts';

/** `terms` of a rule as it is kept: the input without what has a column of its own. */
const keptTerms = ruleInput.omit({ name: true, schoolId: true, enabled: true });

export type KeptRule = RuleInput & { id: string; lastAlertAt: string | null };

export const ruleFrom = (row: AlertRuleTable): KeptRule => ({
  ...keptTerms.parse(JSON.parse(row.terms)),
  id: row.rule_id,
  name: row.name,
  schoolId: schoolFrom(row.school_id),
  enabled: row.enabled === 1,
  lastAlertAt: row.last_alert_at,
});

function columnsOf(input: RuleInput) {
  const { name, schoolId, enabled, ...terms } = input;
  return { name, school_id: schoolOf(schoolId), enabled: enabled ? 1 : 0, terms: JSON.stringify(terms) };
}

export async function readRules({ store, owner }: AlertContext, scope: SchoolScope): Promise<RuleRow[]> {
  const rows = await store
    .selectFrom('alert_rules')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .orderBy('name')
    .execute();
  return rows.map(ruleFrom);
}

/** Rules that are on. */
export async function activeRules(store: StoreOrTransaction, trustId: string): Promise<KeptRule[]> {
  const rows = await store
    .selectFrom('alert_rules')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('enabled', '=', 1)
    .execute();
  return rows.map(ruleFrom);
}

/** @throws RequestRefused naming the first channel that is not there. */
export async function checkChannels(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
  channels: readonly string[],
): Promise<void> {
  const rows = await store
    .selectFrom('alert_channels')
    .select('channel_id')
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .execute();
  const known = new Set(rows.map((row) => row.channel_id));
  const place = channels.findIndex((id) => !known.has(id));
  if (place !== -1) throw invalid(`channels.${place}`, 'there is no such channel; choose from the list');
}

export async function addRule(
  context: AlertContext,
  scope: SchoolScope,
  input: RuleInput,
  actor: AuditActor,
): Promise<string> {
  const { store, owner, now } = context;
  const id = randomUUID();
  await checkSchool(store, owner.trustId, scope, input.schoolId);
  await checkChannels(store, owner.trustId, scope, input.channels);
  await store.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('alert_rules')
      .values({ trust_id: owner.trustId, rule_id: id, created_at: now().toISOString(), ...columnsOf(input) })
      .execute();
    await recordAction(transaction, context, {
      action: 'alert.ruleAdded',
      actor,
      schoolId: input.schoolId,
      subject: id,
      detail: { ...input },
    });
  });
  return id;
}

async function findRule({ store, owner }: AlertContext, scope: SchoolScope, id: string): Promise<AlertRuleTable> {
  const row = await store
    .selectFrom('alert_rules')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('rule_id', '=', id)
    .where(inScope('school_id', scope))
    .executeTakeFirst();
  if (row === undefined) throw notFound('rule');
  return row;
}

export async function changeRule(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  input: RuleInput,
  actor: AuditActor,
): Promise<void> {
  const { store, owner } = context;
  await findRule(context, scope, id);
  await checkSchool(store, owner.trustId, scope, input.schoolId);
  await checkChannels(store, owner.trustId, scope, input.channels);
  await store.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('alert_rules')
      .set(columnsOf(input))
      .where('trust_id', '=', owner.trustId)
      .where('rule_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'alert.ruleChanged',
      actor,
      schoolId: input.schoolId,
      subject: id,
      detail: { ...input },
    });
  });
}

/** Removes a rule. Alerts it raised stay, and so do their deliveries. */
export async function removeRule(
  context: AlertContext,
  scope: SchoolScope,
  id: string,
  actor: AuditActor,
): Promise<void> {
  const { store, owner } = context;
  const row = await findRule(context, scope, id);
  await store.transaction().execute(async (transaction) => {
    for (const table of ['alert_rules', 'alert_states'] as const) {
      await transaction.deleteFrom(table).where('trust_id', '=', owner.trustId).where('rule_id', '=', id).execute();
    }
    await recordAction(transaction, context, {
      action: 'alert.ruleRemoved',
      actor,
      schoolId: schoolFrom(row.school_id),
      subject: id,
      detail: { name: row.name },
    });
  });
}
