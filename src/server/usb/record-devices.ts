import type { Transaction } from 'kysely';
import type { PlugState } from '../../contract/console-devices.ts';
import type { EventBody } from '../../contract/event.ts';
import type { UsbDecision, UsbDevice } from '../../contract/usb.ts';
import { deviceKey } from '../../rules/usb/device-text.ts';
import { deviceName, deviceWord } from '../../words/device-words.ts';
import type { Owner } from '../people/record-people.ts';
import { keptQuery } from '../store/kept-query.ts';
import type { Tables } from '../store/tables.ts';
import { deviceKeyId } from './kept-device.ts';

interface Place {
  transaction: Transaction<Tables>;
  keys: { trust_id: string; school_id: string; device_id: string };
}

/** Is the device kept from being used because of this? */
export const isHeld = ({ action, reportOnly }: UsbDecision): boolean =>
  !reportOnly && (action === 'ask' || action === 'block');

const allUnplugged = keptQuery((store, given: { trustId: string; deviceId: string; at: string }) =>
  store
    .updateTable('usb_plugs')
    .set({ removed_at: given.at })
    .where('trust_id', '=', given.trustId)
    .where('device_id', '=', given.deviceId)
    .where('removed_at', 'is', null),
);

/** Keeps devices, insertions and requests true to newly held events, in their order. */
export async function recordDevices(
  transaction: Transaction<Tables>,
  owner: Owner,
  machineId: string,
  bodies: readonly EventBody[],
): Promise<void> {
  const keys = { trust_id: owner.trustId, school_id: owner.schoolId, device_id: machineId };
  for (const body of bodies) await recordOne({ transaction, keys }, body);
}

async function recordOne(place: Place, body: EventBody): Promise<void> {
  switch (body.type) {
    case 'journal.epochStarted':
      // What would have said that they were unplugged is lost.
      await allUnplugged(place.transaction, {
        trustId: place.keys.trust_id,
        deviceId: place.keys.device_id,
        at: body.at,
      });
      return;
    case 'usb.decided':
      return decided(place, body);
    case 'usb.blocked':
      return change(place, body.data.plug, {
        state: 'blocked',
        usable_for_ms: body.data.beforeUse ? 0 : body.data.afterMs,
      });
    case 'usb.blockFailed':
      return change(place, body.data.plug, { state: 'blockFailed' });
    case 'usb.released':
      return change(place, body.data.plug, { state: 'allowed' });
    case 'usb.removed':
      return change(place, body.data.plug, { removed_at: body.at });
    case 'usb.asked':
      return asked(place, body);
  }
}

async function decided(place: Place, body: Extract<EventBody, { type: 'usb.decided' }>): Promise<void> {
  const { transaction, keys } = place;
  const { plug, device, decision } = body.data;
  const keyId = deviceKeyId(keys.trust_id, device);
  await seen(place, keyId, device, body);
  const news = {
    device: JSON.stringify(device),
    action: decision.action,
    state: stateOf(decision),
    decided_by: decidedBy(decision),
  };
  await transaction
    .insertInto('usb_plugs')
    .values({
      ...keys,
      plug,
      key_id: keyId,
      ...news,
      account_name: body.account?.name ?? null,
      inserted_at: body.at,
      removed_at: null,
      usable_for_ms: null,
    })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id', 'plug']).doUpdateSet(news))
    .execute();
}

const stateOf = (decision: UsbDecision): PlugState =>
  decision.reportOnly ? 'reportOnly' : isHeld(decision) ? 'waiting' : 'allowed';

/** The line's id, or what else decided. */
export function decidedBy({ by }: UsbDecision): string {
  return by.kind === 'rule' ? by.id : by.kind;
}

async function seen(
  { transaction, keys }: Place,
  keyId: string,
  device: UsbDevice,
  { at, account }: EventBody,
): Promise<void> {
  const { device_id: machineId, ...owner } = keys;
  const news = {
    device: JSON.stringify(device),
    search_text: [deviceName(device), deviceWord(device), deviceKey(device), device.serial ?? '']
      .join('\n')
      .toLowerCase(),
    last_seen_at: at,
    last_device_id: machineId,
    last_account_name: account?.name ?? null,
  };
  await transaction
    .insertInto('usb_devices')
    .values({ ...owner, key_id: keyId, key: deviceKey(device), first_seen_at: at, ...news })
    .onConflict((conflict) => conflict.columns(['trust_id', 'school_id', 'key_id']).doUpdateSet(news))
    .execute();
}

async function change(
  { transaction, keys }: Place,
  plug: string,
  news: { state?: PlugState; usable_for_ms?: number; removed_at?: string },
): Promise<void> {
  await transaction
    .updateTable('usb_plugs')
    .set(news)
    .where('trust_id', '=', keys.trust_id)
    .where('device_id', '=', keys.device_id)
    .where('plug', '=', plug)
    .execute();
}

async function asked(
  { transaction, keys }: Place,
  { data, account, at }: Extract<EventBody, { type: 'usb.asked' }>,
): Promise<void> {
  await transaction
    .insertInto('usb_requests')
    .values({
      ...keys,
      request_id: data.requestId,
      key_id: deviceKeyId(keys.trust_id, data.device),
      device: JSON.stringify(data.device),
      account_name: account?.name ?? 'nobody signed in',
      reason: data.reason,
      asked_at: at,
      state: 'open',
      answered_at: null,
      answered_by: null,
      note: '',
      until: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
