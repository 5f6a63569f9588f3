import { PostgresAdapter } from 'kysely';
import type { StoreOrTransaction } from './database.ts';

export type Engine = 'sqlite' | 'postgres';

/** Where a database is: `postgres://` or `postgresql://` is PostgreSQL's, everything else a file of SQLite. */
export const engineOfPlace = (place: string): Engine => (/^postgres(ql)?:\/\//i.test(place) ? 'postgres' : 'sqlite');

/** Which engine a store (or a transaction or migration of it) runs on. */
export const engineOf = (store: Pick<StoreOrTransaction, 'getExecutor'>): Engine =>
  store.getExecutor().adapter instanceof PostgresAdapter ? 'postgres' : 'sqlite';

/** A place as it may be shown and logged: without the password in an address. */
export function shownPlace(place: string): string {
  if (engineOfPlace(place) === 'sqlite') return place;
  try {
    const address = new URL(place);
    return `${address.protocol}//${address.host}${address.pathname}`;
  } catch {
    return 'the PostgreSQL address in USHER_DATABASE_URL';
  }
}
