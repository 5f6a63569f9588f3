import type { KeptConnectionUse } from '../store/kept-connection.ts';

/** Which of the server processes on one database does the scheduled work. */
export interface Leadership {
  isLeader(): boolean;
}

/** A server on SQLite is the only one on its database. */
export const alwaysLeader: Leadership = { isLeader: () => true };

/**
 * Leads while its session holds an advisory lock (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS).
 * The lock is gone with the connection, and another process takes it at its next try, about a second later. A run that
 * was under way when the connection broke goes on to its end, so scheduled work must bear overlapping for a moment.
 */
export function leadershipByLock(trustId: string): Leadership & KeptConnectionUse {
  let leads = false;
  const take = async (client: Parameters<NonNullable<KeptConnectionUse['beat']>>[0]) => {
    if (leads) return;
    const { rows } = await client.query<{ taken: boolean }>(
      "select pg_try_advisory_lock(hashtext('usher/leader'), hashtext($1)) as taken",
      [trustId],
    );
    leads = rows[0]?.taken === true;
  };
  return {
    isLeader: () => leads,
    opened: take,
    beat: take,
    lost() {
      leads = false;
    },
  };
}
