import type { TriedRules, TryRules } from '../../contract/console-devices.ts';
import { eventBody } from '../../contract/event.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { UsbAction, UsbDevice } from '../../contract/usb.ts';
import { decideDevice } from '../../rules/usb/decide-device.ts';
import type { ServerContext } from '../context.ts';
import { inScope } from '../store/in-scope.ts';
import { deviceKeyId } from './kept-device.ts';

const dayMs = 24 * 60 * 60 * 1_000;
/** Records looked at in one go; between them the server answers others. */
const atOnce = 1_000;
const mostListed = 100;

interface Changed {
  device: UsbDevice;
  then: UsbAction;
  would: UsbAction;
  insertions: number;
  people: Set<string>;
}

const nothing = (): Record<UsbAction, number> => ({ allow: 0, warn: 0, ask: 0, block: 0 });

/**
 * What a list would have decided about the insertions that are on record. Grants, the group a machine was in and what was
 * not recorded (whether a stick was encrypted) are left out; what hangs on the latter is counted as unsure.
 */
export async function tryRulesOn(
  context: ServerContext,
  scope: SchoolScope,
  { usb, days }: TryRules,
): Promise<TriedRules> {
  const { store, owner } = context;
  const from = new Date(context.now().getTime() - days * dayMs).toISOString();
  const result = { insertions: 0, then: nothing(), would: nothing(), unsure: 0 };
  const people = new Set<string>();
  const machines = new Set<string>();
  const changed = new Map<string, Changed>();
  for (let after = 0; ;) {
    const rows = await store
      .selectFrom('records')
      .select(['number', 'school_id', 'device_id', 'body'])
      .where('trust_id', '=', owner.trustId)
      .where(inScope('school_id', scope))
      .where('type', '=', 'usb.decided')
      .where('at', '>=', from)
      .where('number', '>', after)
      .orderBy('number')
      .limit(atOnce)
      .execute();
    for (const row of rows) {
      after = row.number;
      const body = row.body === null ? null : eventBody.parse(JSON.parse(row.body));
      if (body?.type !== 'usb.decided') continue;
      const { device, decision, occasion } = body.data;
      if (occasion !== 'inserted' && occasion !== 'atStart') continue;
      const verdict = decideDevice(
        device,
        {
          usb,
          policyVersion: null,
          grants: [],
          accountName: body.account?.name ?? null,
          school: row.school_id,
          machineGroup: null,
          machine: row.device_id,
          atMs: Date.parse(body.at),
          antivirusCurrent: null,
        },
        { encrypted: null, twin: false, codeUntilMs: null },
      );
      result.insertions += 1;
      result.then[decision.action] += 1;
      result.would[verdict.action] += 1;
      if (verdict.unknown.length > 0) result.unsure += 1;
      machines.add(row.device_id);
      const who = body.account?.name.toLowerCase();
      if (who !== undefined) people.add(who);
      if (verdict.action === decision.action) continue;
      const keyId = deviceKeyId(owner.trustId, device);
      const name = `${keyId} ${decision.action} ${verdict.action}`;
      const one = changed.get(name) ?? {
        device,
        then: decision.action,
        would: verdict.action,
        insertions: 0,
        people: new Set<string>(),
      };
      one.insertions += 1;
      if (who !== undefined) one.people.add(who);
      changed.set(name, one);
    }
    if (rows.length < atOnce) break;
  }
  return {
    from,
    ...result,
    people: people.size,
    machines: machines.size,
    changed: [...changed.values()]
      .sort((one, other) => other.insertions - one.insertions)
      .slice(0, mostListed)
      .map((one) => ({ ...one, deviceKeyId: deviceKeyId(owner.trustId, one.device), people: one.people.size })),
  };
}
