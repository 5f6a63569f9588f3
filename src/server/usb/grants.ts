import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { CreateGrant, GrantRow } from '../../contract/console-devices.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { longestGrantDays } from '../../contract/usb.ts';
import { serialIdentifies } from '../../rules/usb/device-text.ts';
import { deviceName } from '../../words/device-words.ts';
import { recordAction, type Doer } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import type { Tables } from '../store/tables.ts';
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
  transaction: Transaction<Tables>,
  grant: NewGrant,
  by: Doer,
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
  const schoolId = await schoolOfGrant(transaction, owner.trustId, grant, by.scope);
  const keyId = deviceKeyId(owner.trustId, { vendorId, productId, serial });
  const known = await transaction
    .selectFrom('usb_devices')
    .select('device')
    .where('trust_id', '=', owner.trustId)
    .where('school_id', '=', schoolId)
    .where('key_id', '=', keyId)
    .executeTakeFirst();
  const grantId = randomUUID();
  await transaction
    .insertInto('usb_grants')
    .values({
      trust_id: owner.trustId,
      school_id: schoolId,
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
      created_by: by.actor.name,
      reason: grant.reason,
      until: new Date(grant.until).toISOString(),
      revoked_at: null,
      revoked_by: null,
      request_id: grant.requestId,
    })
    .execute();
  await recordAction(transaction, context, {
    action: 'device.allowed',
    actor: by.actor,
    schoolId,
    subject: grantId,
    detail: {
      device: { vendorId, productId, serial },
      accountName: grant.accountName ?? null,
      machineGroup: grant.machineGroup ?? null,
      machineId: grant.machineId ?? null,
      until: grant.until,
      reason: grant.reason,
    },
  });
  return grantId;
}

/** Where a grant counts: in its machine's school, the one named, or the only one there is. */
async function schoolOfGrant(
  store: StoreOrTransaction,
  trustId: string,
  { machineId, schoolId }: Pick<NewGrant, 'machineId' | 'schoolId'>,
  scope: SchoolScope,
): Promise<string> {
  if (machineId !== undefined) {
    const machine = await store
      .selectFrom('devices')
      .select('school_id')
      .where('trust_id', '=', trustId)
      .where('device_id', '=', machineId)
      .where(inScope('school_id', scope))
      .executeTakeFirst();
    if (machine === undefined) throw notFound('machine');
    return machine.school_id;
  }
  const schools = await store
    .selectFrom('schools')
    .select('school_id')
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .$if(schoolId !== undefined, (rows) => rows.where('school_id', '=', schoolId ?? ''))
    .limit(2)
    .execute();
  const [only, another] = schools;
  if (only === undefined) throw notFound('school');
  if (another === undefined) return only.school_id;
  throw new RequestRefused(400, {
    code: 'device.schoolNeeded',
    detail: 'You answer for several schools. Say in which one this device is allowed.',
    field: 'schoolId',
  });
}

/** Ends a grant before its time; machines hear of it with their next exchange. @throws RequestRefused when there is none. */
export async function revokeGrant(context: ServerContext, grantId: string, by: Doer): Promise<void> {
  const { store, owner } = context;
  await store.transaction().execute(async (transaction) => {
    const revoked = await transaction
      .updateTable('usb_grants')
      .set({ revoked_at: context.now().toISOString(), revoked_by: by.actor.name })
      .where('trust_id', '=', owner.trustId)
      .where(inScope('school_id', by.scope))
      .where('grant_id', '=', grantId)
      .where('revoked_at', 'is', null)
      .returning('school_id')
      .executeTakeFirst();
    if (revoked === undefined) throw notFound('permission that still counts');
    await recordAction(transaction, context, {
      action: 'device.revoked',
      actor: by.actor,
      schoolId: revoked.school_id,
      subject: grantId,
    });
  });
}

/** Newest first; of one device when its id is given. */
export async function readGrants(context: ServerContext, scope: SchoolScope, keyId?: string): Promise<GrantRow[]> {
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
    .where(inScope('usb_grants.school_id', scope))
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
