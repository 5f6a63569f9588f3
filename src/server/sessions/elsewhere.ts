import type { SignedPolicy } from '../../contract/policy.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { SyncAnswer } from '../../contract/sync.ts';
import { isSharedAccount } from '../../rules/shared-account.ts';
import type { ServerContext } from '../context.ts';
import { accountKey } from '../people/person-id.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';

type Elsewhere = NonNullable<SyncAnswer['elsewhere']>;

/** A machine that has kept silent for longer may be off or gone; what was open on it says nothing any more. */
const heardOfLeastMs = 5 * 60_000;
const pollsMissed = 5;

export const heardSince = ({ now, pollSeconds }: Pick<ServerContext, 'now' | 'pollSeconds'>): string =>
  new Date(now().getTime() - Math.max(heardOfLeastMs, pollsMissed * pollSeconds * 1_000)).toISOString();

/** May this account be signed in on several machines, by the school's own wish? */
export function mayBeEverywhere(policy: SignedPolicy | null, account: string): boolean {
  const { concurrentSignIn, sharedAccounts } = policy?.policy.rules ?? {};
  const key = accountKey(account);
  return (
    isSharedAccount(sharedAccounts, account) ||
    (concurrentSignIn?.ignoreAccounts ?? []).some((one) => accountKey(one) === key)
  );
}

/**
 * The accounts signed in on a machine that are signed in on others of the same school too, with those machines' names.
 * Asked only where the policy says one computer at a time.
 */
export async function signedInElsewhere(
  context: ServerContext,
  policy: SignedPolicy | null,
  deviceId: string,
): Promise<Elsewhere> {
  if (policy?.policy.rules?.concurrentSignIn === undefined) return [];
  const { store, owner } = context;
  const rows = await store
    .selectFrom('open_sessions as here')
    .innerJoin('open_sessions as there', (join) =>
      join
        .onRef('there.trust_id', '=', 'here.trust_id')
        .onRef('there.school_id', '=', 'here.school_id')
        .onRef('there.account_key', '=', 'here.account_key')
        .onRef('there.device_id', '!=', 'here.device_id'),
    )
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'there.trust_id').onRef('devices.device_id', '=', 'there.device_id'),
    )
    .select(['here.account_key', 'devices.hostname'])
    .distinct()
    .where('here.trust_id', '=', owner.trustId)
    .where('here.device_id', '=', deviceId)
    .where('devices.last_seen_at', '>=', heardSince(context))
    .orderBy('here.account_key')
    .orderBy('devices.hostname')
    .limit(500)
    .execute();
  const found = new Map<string, string[]>();
  for (const { account_key: account, hostname } of rows) {
    if (mayBeEverywhere(policy, account)) continue;
    found.set(account, [...(found.get(account) ?? []), hostname].slice(0, 50));
  }
  return [...found].slice(0, 200).map(([accountName, machines]) => ({ accountName, machines }));
}

/** Accounts that are signed in on more than one machine now, with how many and which. */
export async function inSeveralPlaces(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
  heardOfSince: string,
): Promise<{ account: string; machines: string[] }[]> {
  const several = await store
    .selectFrom('open_sessions')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'open_sessions.trust_id')
        .onRef('devices.device_id', '=', 'open_sessions.device_id'),
    )
    .select(['open_sessions.school_id', 'open_sessions.account_key'])
    .where('open_sessions.trust_id', '=', trustId)
    .where(inScope('open_sessions.school_id', scope))
    .where('devices.last_seen_at', '>=', heardOfSince)
    .groupBy(['open_sessions.school_id', 'open_sessions.account_key'])
    .having((row) => row.fn.count('open_sessions.device_id').distinct(), '>', 1)
    .orderBy('open_sessions.account_key')
    .limit(20)
    .execute();
  const found: { account: string; machines: string[] }[] = [];
  for (const { school_id: schoolId, account_key: account } of several) {
    const rows = await store
      .selectFrom('open_sessions')
      .innerJoin('devices', (join) =>
        join
          .onRef('devices.trust_id', '=', 'open_sessions.trust_id')
          .onRef('devices.device_id', '=', 'open_sessions.device_id'),
      )
      .select(['open_sessions.account_name', 'devices.hostname'])
      .distinct()
      .where('open_sessions.trust_id', '=', trustId)
      .where('open_sessions.school_id', '=', schoolId)
      .where('open_sessions.account_key', '=', account)
      .where('devices.last_seen_at', '>=', heardOfSince)
      .orderBy('devices.hostname')
      .execute();
    found.push({ account: rows[0]?.account_name ?? account, machines: rows.map(({ hostname }) => hostname) });
  }
  return found;
}
