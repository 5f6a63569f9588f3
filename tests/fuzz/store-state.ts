import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Store } from '../../src/server/store/database.ts';

/** Changed by refused requests on purpose: what was refused is counted, using a session renews it. */
const mayChange = new Set(['rejected_batches', 'session']);

/** Says of everything in the store whether it is still the same. */
export async function stateOf(store: Store): Promise<string> {
  const digest = createHash('sha256');
  const tables = (await store.introspection.getTables()).map(({ name }) => name).sort();
  for (const name of tables) {
    if (mayChange.has(name) || name.startsWith('records_')) continue;
    const { rows } = await sql<Record<string, unknown>>`select * from ${sql.table(name)}`.execute(store);
    digest.update(
      `${name}\n${rows
        .map((row) => JSON.stringify(row))
        .sort()
        .join('\n')}\n`,
    );
  }
  return digest.digest('hex');
}
