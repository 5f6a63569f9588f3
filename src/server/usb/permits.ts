import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { SyncRequest } from '../../contract/sync.ts';
import type { UsbAnswer, UsbGrant, UsbPermits } from '../../contract/usb.ts';
import { canonicalJson, sha256, signPermits, type SigningKey } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import type { Owner } from '../people/record-people.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import type { MachineOutlook } from './machine-outlook.ts';

const mostGrants = 2_000;
const mostAnswers = 50;
/** Answers older than this are of no use to anybody at the machine. */
const answerDays = 14;
const dayMs = 24 * 60 * 60 * 1_000;

/** Answers given after this are still told. */
export const answeredSince = (now: Date): string => new Date(now.getTime() - answerDays * dayMs).toISOString();

/**
 * Everything that is allowed on one machine of the owner's school, signed, when it differs from what the machine has; else null.
 * `permitsIssuedAt`: when what it has was issued; null for nothing yet, undefined for a machine that knows nothing of permits.
 */
export async function permitsFor(
  transaction: Transaction<Tables>,
  { owner, key }: { owner: Owner; key: SigningKey },
  { deviceId: machineId, permitsIssuedAt: has }: Pick<SyncRequest, 'deviceId' | 'permitsIssuedAt'>,
  outlook: MachineOutlook,
  now: Date,
): Promise<UsbPermits | null> {
  if (has === undefined) return null;
  const grants = outlook.hasGrants ? await grantsFor(transaction, owner, machineId, now) : [];
  const answers = outlook.hasAnswers ? await answersFor(transaction, owner.trustId, machineId, now) : [];
  const digest = sha256(canonicalJson({ grants, answers })).toString('hex');
  const kept = outlook.permits;
  if (kept?.digest === digest && kept.issuedAt === has) return null;
  const current = kept?.digest === digest ? kept : await reissue(transaction, owner, machineId, digest, now);
  return signPermits(key, {
    deviceId: machineId,
    issuedAt: current.issuedAt,
    grants,
    answers,
    codeKey: current.codeKey,
  });
}

/** The key that codes for one machine are made with; null before the machine was given it. */
export async function codeKeyOf({ store, owner }: ServerContext, machineId: string): Promise<string | null> {
  const row = await store
    .selectFrom('usb_permits')
    .select('code_key')
    .where('trust_id', '=', owner.trustId)
    .where('device_id', '=', machineId)
    .executeTakeFirst();
  return row?.code_key ?? null;
}

async function reissue(
  transaction: Transaction<Tables>,
  owner: Owner,
  machineId: string,
  digest: string,
  now: Date,
): Promise<{ issuedAt: string; codeKey: string }> {
  const issued_at = now.toISOString();
  const row = await transaction
    .insertInto('usb_permits')
    .values({
      trust_id: owner.trustId,
      school_id: owner.schoolId,
      device_id: machineId,
      code_key: randomBytes(32).toString('base64url'),
      digest,
      issued_at,
    })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id']).doUpdateSet({ digest, issued_at }))
    .returning(['issued_at', 'code_key'])
    .executeTakeFirstOrThrow();
  return { issuedAt: row.issued_at, codeKey: row.code_key };
}

async function grantsFor(
  store: StoreOrTransaction,
  { trustId, schoolId }: Owner,
  machineId: string,
  now: Date,
): Promise<UsbGrant[]> {
  const rows = await store
    .selectFrom('usb_grants')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where('revoked_at', 'is', null)
    .where('until', '>', now.toISOString())
    .where((row) => row.or([row('device_id', 'is', null), row('device_id', '=', machineId)]))
    .orderBy('until', 'desc')
    .orderBy('grant_id')
    .limit(mostGrants)
    .execute();
  return rows.map((row) => ({
    id: row.grant_id,
    device: {
      vendorId: row.vendor_id,
      productId: row.product_id,
      ...(row.serial === null ? {} : { serial: row.serial }),
    },
    ...(row.account_name === null ? {} : { accountName: row.account_name }),
    ...(row.machine_group === null ? {} : { machineGroup: row.machine_group }),
    ...(row.device_id === null ? {} : { machine: row.device_id }),
    // A machine's clock that is behind must not keep it waiting for a grant of now.
    from: new Date(Date.parse(row.created_at) - dayMs).toISOString(),
    until: row.until,
  }));
}

async function answersFor(
  store: StoreOrTransaction,
  trustId: string,
  machineId: string,
  now: Date,
): Promise<UsbAnswer[]> {
  const rows = await store
    .selectFrom('usb_requests')
    .select(['request_id', 'state', 'note', 'until'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', machineId)
    .where('state', '!=', 'open')
    .where('answered_at', '>', answeredSince(now))
    .orderBy('answered_at', 'desc')
    .limit(mostAnswers)
    .execute();
  return rows.map((row) => ({
    requestId: row.request_id,
    answer: row.state === 'approved' ? ('approved' as const) : ('refused' as const),
    note: row.note,
    until: row.until,
  }));
}
