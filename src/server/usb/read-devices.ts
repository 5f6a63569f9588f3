import { plugState, type DeviceDetail, type DeviceRow, type PlugRow } from '../../contract/console-devices.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { usbAction } from '../../contract/usb.ts';
import type { ServerContext } from '../context.ts';
import { inScope } from '../store/in-scope.ts';
import { containing } from '../store/searching.ts';
import { readGrants } from './grants.ts';
import { deviceFrom } from './kept-device.ts';

const mostListed = 200;

const plugRows = ({ store, owner }: ServerContext, scope: SchoolScope) =>
  store
    .selectFrom('usb_plugs')
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'usb_plugs.trust_id').onRef('devices.device_id', '=', 'usb_plugs.device_id'),
    )
    .selectAll('usb_plugs')
    .select('devices.hostname')
    .where('usb_plugs.trust_id', '=', owner.trustId)
    .where(inScope('usb_plugs.school_id', scope))
    .orderBy('inserted_at', 'desc')
    .limit(500);

function plugFrom(row: Awaited<ReturnType<ReturnType<typeof plugRows>['execute']>>[number]): PlugRow {
  return {
    plug: row.plug,
    deviceKeyId: row.key_id,
    device: deviceFrom(row.device),
    machineId: row.device_id,
    machine: row.hostname,
    accountName: row.account_name,
    insertedAt: row.inserted_at,
    removedAt: row.removed_at,
    action: usbAction.parse(row.action),
    state: plugState.parse(row.state),
    decidedBy: row.decided_by,
    usableForMs: row.usable_for_ms,
  };
}

/** What is plugged in where, hubs left out: they are only on the way. Newest first. */
export async function readPlugged(context: ServerContext, scope: SchoolScope): Promise<PlugRow[]> {
  const rows = await plugRows(context, scope).where('usb_plugs.removed_at', 'is', null).execute();
  return rows.map(plugFrom).filter(({ device }) => device.kinds.some((kind) => kind !== 'hub'));
}

const deviceRows = ({ store, owner }: ServerContext, scope: SchoolScope) =>
  store
    .selectFrom('usb_devices')
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'usb_devices.trust_id')
        .onRef('devices.device_id', '=', 'usb_devices.last_device_id'),
    )
    .leftJoin('usb_plugs', (join) =>
      join
        .onRef('usb_plugs.trust_id', '=', 'usb_devices.trust_id')
        .onRef('usb_plugs.school_id', '=', 'usb_devices.school_id')
        .onRef('usb_plugs.key_id', '=', 'usb_devices.key_id'),
    )
    .selectAll('usb_devices')
    .select((row) => [
      'devices.hostname',
      row.fn.count<number>('usb_plugs.plug').as('insertions'),
      row.fn.count<number>('usb_plugs.device_id').distinct().as('machines'),
      row.fn.count<number>('usb_plugs.removed_at').as('removals'),
    ])
    .where('usb_devices.trust_id', '=', owner.trustId)
    .where(inScope('usb_devices.school_id', scope))
    .groupBy(['usb_devices.trust_id', 'usb_devices.school_id', 'usb_devices.key_id', 'devices.hostname'])
    .orderBy('usb_devices.last_seen_at', 'desc');

function deviceRowFrom(row: Awaited<ReturnType<ReturnType<typeof deviceRows>['execute']>>[number]): DeviceRow {
  return {
    id: row.key_id,
    device: deviceFrom(row.device),
    firstSeenAt: row.first_seen_at,
    lastSeenAt: row.last_seen_at,
    lastMachine: row.hostname ?? row.last_device_id,
    lastAccountName: row.last_account_name,
    machines: Number(row.machines),
    insertions: Number(row.insertions),
    pluggedIn: Number(row.insertions) > Number(row.removals),
  };
}

/** Devices by when they were last seen. */
export async function readDevices(
  context: ServerContext,
  scope: SchoolScope,
  search: string | undefined,
): Promise<{ items: DeviceRow[]; more: boolean }> {
  let select = deviceRows(context, scope).limit(mostListed + 1);
  if (search !== undefined && search !== '') select = select.where(containing('usb_devices.search_text', search));
  const rows = await select.execute();
  return { items: merged(rows.slice(0, mostListed).map(deviceRowFrom)), more: rows.length > mostListed };
}

/** One row for a device that was seen in several schools: where it was last, and everything together. Newest first. */
function merged(rows: readonly DeviceRow[]): DeviceRow[] {
  const found = new Map<string, DeviceRow>();
  for (const row of rows) {
    const newer = found.get(row.id);
    if (newer === undefined) found.set(row.id, row);
    else {
      found.set(row.id, {
        ...newer,
        firstSeenAt: row.firstSeenAt < newer.firstSeenAt ? row.firstSeenAt : newer.firstSeenAt,
        machines: newer.machines + row.machines,
        insertions: newer.insertions + row.insertions,
        pluggedIn: newer.pluggedIn || row.pluggedIn,
      });
    }
  }
  return [...found.values()];
}

/** One device with where it was and what is allowed about it; null when it was never seen. */
export async function readDevice(context: ServerContext, scope: SchoolScope, id: string): Promise<DeviceDetail | null> {
  const rows = await deviceRows(context, scope).where('usb_devices.key_id', '=', id).execute();
  const [row] = merged(rows.map(deviceRowFrom));
  if (row === undefined) return null;
  const plugs = await plugRows(context, scope).where('usb_plugs.key_id', '=', id).execute();
  return { ...row, plugs: plugs.map(plugFrom), grants: await readGrants(context, scope, id) };
}
