import { deliveryState, type AlertRow } from '../../contract/console-alerts.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { inScope } from '../store/in-scope.ts';
import { invalid } from './school-check.ts';
import { keptMessage, messageSentence } from './message.ts';
import { schoolFrom, type AlertContext } from './surroundings.ts';

const page = 50;

/** Alerts with what became of each, newest first. */
export async function readAlerts(
  { store, owner }: AlertContext,
  scope: SchoolScope,
  before: string | undefined,
): Promise<{ items: AlertRow[]; next: string | null }> {
  if (before !== undefined && !/^\d{1,15}$/.test(before)) {
    throw invalid('before', 'must be the "next" of an earlier answer; start again from the top of the list');
  }
  let select = store
    .selectFrom('alerts')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .orderBy('number', 'desc')
    .limit(page + 1);
  if (before !== undefined) select = select.where('number', '<', Number(before));
  const rows = await select.execute();
  const shown = rows.slice(0, page);
  const last = shown.at(-1);
  const deliveries =
    last === undefined
      ? []
      : await store
          .selectFrom('alert_deliveries')
          .selectAll()
          .where('trust_id', '=', owner.trustId)
          .where(
            'alert_id',
            'in',
            shown.map((row) => row.alert_id),
          )
          .orderBy('number')
          .execute();
  return {
    items: shown.map((row) => {
      const message = keptMessage.parse(JSON.parse(row.message));
      return {
        id: row.alert_id,
        at: row.at,
        kind: message.kind,
        rule: row.rule_name,
        schoolId: schoolFrom(row.school_id),
        sentence: messageSentence(message),
        count: message.kind === 'digest' ? 1 : message.count,
        href: message.kind === 'digest' ? '/' : message.match.href,
        deliveries: deliveries
          .filter((one) => one.alert_id === row.alert_id)
          .map((one) => ({
            channel: one.target === '' ? one.channel_name : `${one.channel_name}, ${one.target}`,
            state: deliveryState.parse(one.state),
            attempts: one.attempts,
            at: one.settled_at,
            error: one.error,
          })),
      };
    }),
    next: rows.length > page && last !== undefined ? String(last.number) : null,
  };
}
