import type { Transaction } from 'kysely';
import { engineOf } from '../store/engine.ts';
import type { Store } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';

/**
 * Holds a machine's row until the transaction ends, so that two batches of one machine are placed one after the other
 * whichever server processes they reach: the second then sees what the first one stored. On SQLite a transaction has
 * the database to itself anyway.
 */
export async function lockMachine(transaction: Transaction<Tables>, trustId: string, deviceId: string): Promise<void> {
  if (engineOf(transaction) === 'sqlite') return;
  await transaction
    .selectFrom('devices')
    .select('device_id')
    .where('trust_id', '=', trustId)
    .where('device_id', '=', deviceId)
    .forUpdate()
    .execute();
}

/**
 * A transaction that sees what others committed while it waited for a lock. A serializable one would be ended instead,
 * and all batches meet at the counter of events.
 */
export function inLockedTransaction<T>(
  store: Store,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  const transaction = store.transaction();
  return (engineOf(store) === 'sqlite' ? transaction : transaction.setIsolationLevel('read committed')).execute(work);
}
