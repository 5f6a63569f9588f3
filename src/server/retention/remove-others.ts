import { sql, type Transaction } from 'kysely';
import { exportRecord } from '../../contract/record.ts';
import { holdCovers, mayErase, mayRemove, monthsBefore, type HoldTerms } from '../../rules/retention.ts';
import { personId } from '../people/person-id.ts';
import type { Tables } from '../store/tables.ts';
import { categoryOf } from './event-types.ts';
import { removeAlerts } from './remove-alerts.ts';
import type { Wanted } from './remove-batch.ts';
import { removeFindings } from './remove-findings.ts';

/**
 * Removes what is not taken out of a record that goes: permissions, notes on codes, alerts, what was found about
 * machines, and the text of forked records; for one person also every row with their sign-in name.
 * @returns rows removed or emptied.
 */
export async function removeOthers(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Wanted,
  holds: readonly HoldTerms[],
  accountKey: string | null,
): Promise<number> {
  const removed =
    (await emptyForks(transaction, trustId, wanted, holds)) + (await removeAlerts(transaction, trustId, wanted, holds));
  if (wanted.kind === 'retention') {
    const permissions = await removeOldPermissions(transaction, trustId, wanted, holds);
    return removed + permissions + (await removeFindings(transaction, trustId, wanted, holds));
  }
  return accountKey === null ? removed : removed + (await removeNamed(transaction, trustId, wanted, holds, accountKey));
}

async function removeOldPermissions(
  transaction: Transaction<Tables>,
  trustId: string,
  { schoolId, rules, now }: Extract<Wanted, { kind: 'retention' }>,
  holds: readonly HoldTerms[],
): Promise<number> {
  const cutoff = monthsBefore(now, rules.requests.months);
  const grants = await transaction
    .selectFrom('usb_grants')
    .select(['grant_id', 'account_name', 'device_id', 'until', 'created_at'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where((row) => row.or([row('until', '<', cutoff), row('revoked_at', '<', cutoff)]))
    .execute();
  let removed = 0;
  for (const grant of grants) {
    const held = holds.some((hold) =>
      holdCovers(hold, {
        schoolId,
        personId: grant.account_name === null ? null : personId(trustId, schoolId, grant.account_name),
        deviceId: grant.device_id,
        at: grant.until,
        receivedAt: grant.created_at,
      }),
    );
    if (held) continue;
    const { numDeletedRows } = await transaction
      .deleteFrom('usb_grants')
      .where('trust_id', '=', trustId)
      .where('grant_id', '=', grant.grant_id)
      .executeTakeFirst();
    removed += Number(numDeletedRows);
  }
  const codes = await transaction
    .selectFrom('usb_codes')
    .select(['device_id', 'created_at'])
    .distinct()
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where('created_at', '<', cutoff)
    .execute();
  for (const { device_id: deviceId, created_at: at } of codes) {
    if (holds.some((hold) => holdCovers(hold, { schoolId, personId: null, deviceId, at, receivedAt: at }))) continue;
    const { numDeletedRows } = await transaction
      .deleteFrom('usb_codes')
      .where('trust_id', '=', trustId)
      .where('device_id', '=', deviceId)
      .where('created_at', '=', at)
      .executeTakeFirst();
    removed += Number(numDeletedRows);
  }
  return removed;
}

/** The text of a record that claimed a held place: it has a body too. Its hashes stay as evidence. */
async function emptyForks(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Wanted,
  holds: readonly HoldTerms[],
): Promise<number> {
  const forks = await transaction
    .selectFrom('forks')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('school_id', '=', wanted.schoolId)
    .execute();
  let emptied = 0;
  for (const fork of forks) {
    const { record } = exportRecord.parse({ kind: 'record', record: JSON.parse(fork.record) });
    if (record.body === null) continue;
    const { account, at, type } = record.body;
    const item = {
      schoolId: wanted.schoolId,
      category: categoryOf(type),
      personId: account === null ? null : personId(trustId, wanted.schoolId, account.name),
      deviceId: fork.device_id,
      at,
      receivedAt: fork.found_at,
      lastSeenAt: null,
    };
    const goes =
      wanted.kind === 'person'
        ? mayErase(item, wanted, holds)
        : mayRemove(item, wanted.rules[item.category], holds, wanted.now);
    if (!goes) continue;
    await transaction
      .updateTable('forks')
      .set({ record: JSON.stringify({ ...record, body: null, salt: null }) })
      .where('trust_id', '=', trustId)
      .where('device_id', '=', fork.device_id)
      .where('epoch', '=', fork.epoch)
      .where('seq', '=', fork.seq)
      .where('given_hash', '=', fork.given_hash)
      .execute();
    emptied += 1;
  }
  return emptied;
}

/** Rows with the person's sign-in name that are not on hold by their machine or school. */
async function removeNamed(
  transaction: Transaction<Tables>,
  trustId: string,
  { schoolId, personId: person }: Extract<Wanted, { kind: 'person' }>,
  holds: readonly HoldTerms[],
  accountKey: string,
): Promise<number> {
  const held = (deviceId: string | null, at: string) =>
    holds.some((hold) => holdCovers(hold, { schoolId, personId: person, deviceId, at, receivedAt: at }));
  const named = sql<boolean>`lower(account_name) = ${accountKey}`;
  let removed = 0;
  const deleted = (result: { numDeletedRows: bigint }) => {
    removed += Number(result.numDeletedRows);
  };
  const requests = await transaction
    .selectFrom('usb_requests')
    .select(['device_id', 'request_id', 'asked_at'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where(named)
    .execute();
  for (const row of requests.filter((one) => !held(one.device_id, one.asked_at))) {
    deleted(
      await transaction
        .deleteFrom('usb_requests')
        .where('trust_id', '=', trustId)
        .where('device_id', '=', row.device_id)
        .where('request_id', '=', row.request_id)
        .executeTakeFirst(),
    );
  }
  const grants = await transaction
    .selectFrom('usb_grants')
    .select(['grant_id', 'device_id', 'created_at'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where(named)
    .execute();
  for (const row of grants.filter((one) => !held(one.device_id, one.created_at))) {
    deleted(
      await transaction
        .deleteFrom('usb_grants')
        .where('trust_id', '=', trustId)
        .where('grant_id', '=', row.grant_id)
        .executeTakeFirst(),
    );
  }
  const sessions = await transaction
    .selectFrom('open_sessions')
    .select(['device_id', 'session', 'since'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where('account_key', '=', accountKey)
    .execute();
  for (const row of sessions.filter((one) => !held(one.device_id, one.since))) {
    deleted(
      await transaction
        .deleteFrom('open_sessions')
        .where('trust_id', '=', trustId)
        .where('device_id', '=', row.device_id)
        .where('session', '=', row.session)
        .executeTakeFirst(),
    );
  }
  const plugs = await transaction
    .selectFrom('usb_plugs')
    .select(['device_id', 'plug', 'inserted_at'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where(named)
    .execute();
  for (const row of plugs.filter((one) => !held(one.device_id, one.inserted_at))) {
    await transaction
      .updateTable('usb_plugs')
      .set({ account_name: null })
      .where('trust_id', '=', trustId)
      .where('device_id', '=', row.device_id)
      .where('plug', '=', row.plug)
      .execute();
    removed += 1;
  }
  await transaction
    .updateTable('usb_devices')
    .set({ last_account_name: null })
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where(sql<boolean>`lower(last_account_name) = ${accountKey}`)
    .execute();
  return removed;
}
