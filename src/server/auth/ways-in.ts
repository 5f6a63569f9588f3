import type { WaysIn } from '../../rules/sign-in-set-up.ts';
import type { StoreOrTransaction } from '../store/database.ts';

export interface UserWays extends WaysIn {
  disabled: boolean;
}

/** What a user could sign in with; null for one that the console does not know. */
export async function waysInOf(store: StoreOrTransaction, trustId: string, userId: string): Promise<UserWays | null> {
  return (await waysIn(store, trustId, userId)).get(userId) ?? null;
}

/** The same of every user, or of one. */
export async function waysIn(
  store: StoreOrTransaction,
  trustId: string,
  only: string | null = null,
): Promise<Map<string, UserWays>> {
  const rows = await store
    .selectFrom('console_users')
    .innerJoin('user', 'user.id', 'console_users.user_id')
    .select((row) => [
      'user.id',
      'user.twoFactorEnabled',
      'console_users.must_set_up',
      'console_users.disabled_at',
      row
        .selectFrom('account')
        .whereRef('account.userId', '=', 'user.id')
        .where('account.password', 'is not', null)
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('passwords'),
      row
        .selectFrom('account')
        .whereRef('account.userId', '=', 'user.id')
        .where('account.providerId', '!=', 'credential')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('providers'),
      row
        .selectFrom('passkey')
        .whereRef('passkey.userId', '=', 'user.id')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .as('passkeys'),
    ])
    .where('console_users.trust_id', '=', trustId)
    .$if(only !== null, (select) => select.where('console_users.user_id', '=', only ?? ''))
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        password: Number(row.passwords ?? 0) > 0,
        totp: Number(row.twoFactorEnabled ?? 0) === 1,
        passkeys: Number(row.passkeys ?? 0),
        providers: Number(row.providers ?? 0),
        mustSetUp: row.must_set_up === 1,
        disabled: row.disabled_at !== null,
      },
    ]),
  );
}
