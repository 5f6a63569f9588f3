import type { CreateCode } from '../../contract/console-devices.ts';
import { offlineCode, typedDeviceCode } from '../../proof/index.ts';
import { recordAction, type Doer } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import { codeKeyOf } from './permits.ts';

/** It can surely be entered for so long. */
const entryMs = 60 * 60 * 1_000;

/**
 * Makes a code that IT reads out to somebody at a machine, and keeps that it was made, by whom, for what and for how long.
 * @throws RequestRefused for a machine or a device code that cannot be.
 */
export async function makeOfflineCode(
  context: ServerContext,
  { machineId, deviceCode: typed, minutes, reason }: CreateCode,
  by: Doer,
): Promise<{ code: string; enterBefore: string }> {
  const { store, owner } = context;
  const machine = await store
    .selectFrom('devices')
    .select(['hostname', 'school_id'])
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', by.scope))
    .where('device_id', '=', machineId)
    .executeTakeFirst();
  if (machine === undefined) throw notFound('machine');
  const codeKey = await codeKeyOf(context, machineId);
  if (codeKey === null) {
    const detail = `${machine.hostname} was never given what codes are checked with. It has to reach this server once.`;
    throw new RequestRefused(409, { code: 'device.noCodeKey', detail, field: 'machineId' });
  }
  const deviceCode = typedDeviceCode(typed);
  if (deviceCode === null) {
    const detail = 'A device code has eight letters and digits, such as K7QF-2M4D. Ask for it again, letter by letter.';
    throw new RequestRefused(400, { code: 'device.badCode', detail, field: 'deviceCode' });
  }
  const now = context.now();
  await store.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('usb_codes')
      .values({
        trust_id: owner.trustId,
        school_id: machine.school_id,
        device_id: machineId,
        device_code: deviceCode,
        minutes,
        reason,
        created_at: now.toISOString(),
        created_by: by.actor.name,
      })
      .execute();
    await recordAction(transaction, context, {
      action: 'device.codeMade',
      actor: by.actor,
      schoolId: machine.school_id,
      subject: machineId,
      detail: { deviceCode, minutes, reason },
    });
  });
  return {
    code: offlineCode(codeKey, deviceCode, minutes, now.getTime()),
    enterBefore: new Date(now.getTime() + entryMs).toISOString(),
  };
}
