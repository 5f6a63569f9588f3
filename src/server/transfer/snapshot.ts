import { sql, type Transaction } from 'kysely';
import type { Store } from '../store/database.ts';
import { engineOf } from '../store/engine.ts';
import type { Tables } from '../store/tables.ts';

/**
 * Reads everything as it is at one moment, while servers go on writing: SQLite's WAL and PostgreSQL's `repeatable read`
 * both keep that moment for the reader and hold up nobody.
 */
export function atOneMoment<T>(store: Store, read: (snapshot: Transaction<Tables>) => Promise<T>): Promise<T> {
  const transaction = store.transaction();
  if (engineOf(store) === 'sqlite') return transaction.execute(read);
  return transaction.setIsolationLevel('repeatable read').setAccessMode('read only').execute(unhurried(read));
}

/** Writes many rows, all or none. */
export function allOrNothing<T>(store: Store, write: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
  const transaction = store.transaction();
  if (engineOf(store) === 'sqlite') return transaction.execute(write);
  return transaction.setIsolationLevel('read committed').execute(unhurried(write));
}

/** The bounds that keep a hanging request from holding others up are not for work that takes minutes. */
const unhurried =
  <T>(work: (transaction: Transaction<Tables>) => Promise<T>) =>
  async (transaction: Transaction<Tables>): Promise<T> => {
    await sql`set local idle_in_transaction_session_timeout = 0`.execute(transaction);
    return await work(transaction);
  };
