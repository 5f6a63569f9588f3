import type { Transaction } from 'kysely';
import { sha256 } from '../../proof/index.ts';
import { failuresNow, forgottenAfterSeconds, secondsLeft, type AttemptKind } from '../../rules/sign-in-waits.ts';
import type { ServerContext } from '../context.ts';
import { RequestRefused } from '../http/problems.ts';
import type { Tables } from '../store/tables.ts';

/** Whose failures are counted together. */
export interface Attempt {
  /** Null where nothing was said yet about who it is. */
  email: string | null;
  address: string;
}

interface Counted {
  kind: AttemptKind;
  key: string;
}

/** An e-mail address is kept hashed: whoever reads the table need not learn who mistyped. */
function countedOf({ email, address }: Attempt): Counted[] {
  const byAddress: Counted = { kind: 'address', key: `address:${address.slice(0, 100)}` };
  if (email === null) return [byAddress];
  return [{ kind: 'account', key: `account:${sha256(email.toLowerCase()).toString('hex')}` }, byAddress];
}

/**
 * Counts an attempt as failed before anything is looked at, so that many at once cannot slip through; `forgive` takes it
 * back. The counts are in the database, so several servers count together.
 * @throws RequestRefused 429 while a wait lasts; such an attempt is not counted.
 */
export async function beginAttempt(context: ServerContext, attempt: Attempt): Promise<void> {
  const { store, owner } = context;
  const now = context.now();
  await store.transaction().execute(async (transaction) => {
    let wait = 0;
    const counted: { key: string; failures: number }[] = [];
    for (const { kind, key } of countedOf(attempt)) {
      const row = await lockedRow(transaction, owner.trustId, key, now);
      const kept = { failures: row.failures, lastAtMs: Date.parse(row.last_at) };
      wait = Math.max(wait, secondsLeft(kind, kept, now.getTime()));
      counted.push({ key, failures: failuresNow(kept, now.getTime()) });
    }
    if (wait > 0) {
      throw new RequestRefused(
        429,
        {
          code: 'signIn.wait',
          detail: `Too many attempts went wrong. Wait ${wait} ${wait === 1 ? 'second' : 'seconds'}, then try again.`,
        },
        { retryAfterSeconds: wait },
      );
    }
    for (const { key, failures } of counted) {
      await transaction
        .updateTable('sign_in_attempts')
        .set({ failures: failures + 1, last_at: now.toISOString() })
        .where('trust_id', '=', owner.trustId)
        .where('attempt_key', '=', key)
        .execute();
    }
  });
}

/** The attempt succeeded: the account's failures are forgotten, the address loses the one that was counted ahead. */
export async function forgive(
  transaction: Transaction<Tables>,
  { owner }: ServerContext,
  attempt: Attempt,
): Promise<void> {
  for (const { kind, key } of countedOf(attempt)) {
    await transaction
      .updateTable('sign_in_attempts')
      .set((row) => ({ failures: kind === 'account' ? 0 : row('failures', '-', 1) }))
      .where('trust_id', '=', owner.trustId)
      .where('attempt_key', '=', key)
      .where('failures', '>', 0)
      .execute();
  }
}

/**
 * A password was right, and its second factor is still owed: the address loses what was counted ahead, because nothing
 * was guessed; the account keeps it, so that a known password does not clear the account's waits for codes.
 */
export async function forgiveAddress(
  transaction: Transaction<Tables>,
  context: ServerContext,
  { address }: Attempt,
): Promise<void> {
  await forgive(transaction, context, { email: null, address });
}

/** Removes what no longer counts. */
export async function forgetOldAttempts({ store, owner, now }: ServerContext): Promise<void> {
  await store
    .deleteFrom('sign_in_attempts')
    .where('trust_id', '=', owner.trustId)
    .where('last_at', '<', new Date(now().getTime() - forgottenAfterSeconds * 1_000).toISOString())
    .execute();
}

/** The row, made where it is missing, and locked until the commit. */
async function lockedRow(
  transaction: Transaction<Tables>,
  trustId: string,
  key: string,
  now: Date,
): Promise<{ failures: number; last_at: string }> {
  return await transaction
    .insertInto('sign_in_attempts')
    .values({ trust_id: trustId, attempt_key: key, failures: 0, last_at: now.toISOString() })
    .onConflict((conflict) =>
      conflict
        .columns(['trust_id', 'attempt_key'])
        .doUpdateSet((row) => ({ attempt_key: row.ref('excluded.attempt_key') })),
    )
    .returning(['failures', 'last_at'])
    .executeTakeFirstOrThrow();
}
