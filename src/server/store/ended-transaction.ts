import { DatabaseError, type PoolClient } from 'pg';

/** PostgreSQL's answer to everything in a transaction that it ended already. */
const alreadyEnded = '25P02';

/**
 * Makes a connection say why its transaction was ended, again and again until it is over. PostgreSQL says so once, with
 * the statement that failed; whoever swallows that (as better-auth does, which has words of its own for everything)
 * would then only see that nothing works any more, and a commit would be answered as if it had been one
 * (https://www.postgresql.org/docs/current/sql-commit.html: the command that comes back is ROLLBACK).
 */
export function tellWhyEnded(client: PoolClient): void {
  const query: unknown = client.query.bind(client);
  if (typeof query !== 'function') return;
  let why: Error | null = null;
  const failed = (error: unknown): never => {
    if (error instanceof DatabaseError && error.code === alreadyEnded && why !== null) throw why;
    if (error instanceof Error) why ??= error;
    throw error;
  };
  Object.assign(client, {
    query: (what: unknown, ...more: unknown[]): unknown => {
      const statement = typeof what === 'string' ? what : '';
      if (/^(begin|start transaction|rollback)/i.test(statement)) why = null;
      const answer: unknown = Reflect.apply(query, client, [what, ...more]);
      // A cursor is read later.
      if (!(answer instanceof Promise)) return answer;
      if (!/^commit/i.test(statement)) return answer.catch(failed);
      return answer.then((result: unknown) => {
        if (why !== null && isRollback(result)) throw why;
        why = null;
        return result;
      }, failed);
    },
  });
}

const isRollback = (result: unknown): boolean =>
  typeof result === 'object' && result !== null && 'command' in result && result.command === 'ROLLBACK';
