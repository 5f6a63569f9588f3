import { randomUUID } from 'node:crypto';
import type { CreateGrant, GrantRow } from '../../contract/console-devices.ts';
import { longestGrantDays } from '../../contract/usb.ts';
import { serialIdentifies } from '../../rules/usb/device-text.ts';
import { deviceName } from '../../words/device-words.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { deviceFrom, deviceKeyId } from './kept-device.ts';

const dayMs = 24 * 60 * 60 * 1_000;

/** @throws RequestRefused for a grant that ends in the past, or never as good as. */
export function checkUntil(until: string, now: Date): void {
  const leftMs = Date.parse(until) - now.getTime();
  const refuse = (detail: string): never => {
    throw new RequestRefused(400, { code: 'device.badEnd', detail, field: 'until' });
  };
  if (leftMs <= 0) refuse('This end is in the past. Choose a moment to come.');
  if (leftMs > longestGrantDays * dayMs) {
    refuse(`A permission lasts at most ${longestGrantDays} days. Choose an earlier end; it can be given again.`);
  }
}

/** What a grant is stored from, whoever asked for it. */
export interface NewGrant extends Omit<CreateGrant, 'device'> {
  device: { vendorId: string; productId: string; serial?: string | undefined };
  requestId: string | null;
}

/**
 * Allows a device. Without a serial that tells it from others, it must be for one person, one group or one machine.
 * @throws RequestRefused for a grant in the past, for ever or for everything, and for a machine that is not enrolled.
 */
export async function addGrant(
  context: ServerContext,
  store: StoreOrTransaction,
  grant: NewGrant,
  by: string,
): Promise<string> {
  const { owner } = context;
  const now = context.now();
  checkUntil(grant.until, now);
  const { serial = null, vendorId, productId } = grant.device;
  const narrowed = grant.accountName !== undefined || grant.machineGroup !== undefined || grant.machineId !== undefined;
  if (!serialIdentifies(serial) && !narrowed) {
    throw new RequestRefused(400, {
      code: 'device.forEverything',
      detail:
        'Without a serial number that tells this device from others of its sort, this would allow every one of them for everybody. Name a person, a machine group or a machine.',
      field: serial === null ? 'device.serial' : 'accountName',
    });
  }
  if (grant.machineId !== undefined) {
    const machine = await store
      .selectFrom('devices')
      .select('device_id')
      .where('trust_id', '=', owner.trustId)
      .where('device_id', '=', grant.machineId)
      .executeTakeFirst();
    if (machine === undefined) throw notFound('machine');
  }
  const keyId = deviceKeyId(owner.trustId, { vendorId, productId, serial });
  const known = await store
    .selectFrom('usb_devices')
    .select('device')
    .where('trust_id', '=', owner.trustId)
    .where('school_id', '=', owner.schoolId)
    .where('key_id', '=', keyId)
    .executeTakeFirst();
  const grantId = randomUUID();
  await store
    .insertInto('usb_grants')
    .values({
      trust_id: owner.trustId,
      school_id: owner.schoolId,
      grant_id: grantId,
      vendor_id: vendorId,
      product_id: productId,
      serial: serialIdentifies(serial) ? serial : null,
      device_name: known === undefined ? `${vendorId}:${productId}` : deviceName(deviceFrom(known.device)),
      key_id: known === undefined ? null : keyId,
      account_name: grant.accountName?.toLowerCase() ?? null,
      machine_group: grant.machineGroup ?? null,
      device_id: grant.machineId ?? null,
      created_at: now.toISOString(),
      created_by: by,
      reason: grant.reason,
      until: new Date(grant.until).toISOString(),
      revoked_at: null,
      revoked_by: null,
      request_id: grant.requestId,
    })
    .execute();
  return grantId;
}

/** Ends a grant before its time; machines hear of it with their next exchange. @throws RequestRefused when there is none. */
export async function revokeGrant(context: ServerContext, grantId: string, by: string): Promise<void> {
  const { store, owner } = context;
  const { numUpdatedRows } = await store
    .updateTable('usb_grants')
    .set({ revoked_at: context.now().toISOString(), revoked_by: by })
    .where('trust_id', '=', owner.trustId)
    .where('school_id', '=', owner.schoolId)
    .where('grant_id', '=', grantId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) throw notFound('permission that still counts');
}

/** Newest first; of one device when its id is given. */
export async function readGrants(context: ServerContext, keyId?: string): Promise<GrantRow[]> {
  const { store, owner } = context;
  const now = context.now().toISOString();
  let select = store
    .selectFrom('usb_grants')
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'usb_grants.trust_id')
        .onRef('devices.device_id', '=', 'usb_grants.device_id'),
    )
    .selectAll('usb_grants')
    .select('devices.hostname')
    .where('usb_grants.trust_id', '=', owner.trustId)
    .where('usb_grants.school_id', '=', owner.schoolId)
    .orderBy('created_at', 'desc')
    .limit(500);
  if (keyId !== undefined) select = select.where('key_id', '=', keyId);
  const rows = await select.execute();
  return rows.map((row) => ({
    id: row.grant_id,
    device: {
      vendorId: row.vendor_id,
      productId: row.product_id,
      ...(row.serial === null ? {} : { serial: row.serial }),
    },
    deviceName: row.device_name,
    deviceKeyId: row.key_id,
    accountName: row.account_name,
    machineGroup: row.machine_group,
    machine: row.device_id === null ? null : (row.hostname ?? row.device_id),
    createdAt: row.created_at,
    createdBy: row.created_by,
    reason: row.reason,
    until: row.until,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
    requestId: row.request_id,
    active: row.revoked_at === null && row.until > now,
  }));
}
