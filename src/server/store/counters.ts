import type { Transaction } from 'kysely';
import type { Tables } from './tables.ts';

/**
 * Takes `count` numbers in a row and returns the first. Inside a transaction the counter's row stays locked until the
 * commit, so numbers become visible in growing order and none is skipped.
 */
export async function takeNumbers(
  transaction: Transaction<Tables>,
  trustId: string,
  name: 'alert' | 'audit' | 'delivery' | 'event' | 'log' | 'publication' | 'retention',
  count: number,
): Promise<number> {
  const { value } = await transaction
    .insertInto('counters')
    .values({ trust_id: trustId, name, value: count })
    .onConflict((conflict) =>
      conflict.columns(['trust_id', 'name']).doUpdateSet((row) => ({ value: row('counters.value', '+', count) })),
    )
    .returning('value')
    .executeTakeFirstOrThrow();
  return value - count + 1;
}
