import type { Transaction } from 'kysely';
import { keptQuery } from './kept-query.ts';
import type { Tables } from './tables.ts';

const add = keptQuery((store, given: { trustId: string; name: string; count: number }) =>
  store
    .insertInto('counters')
    .values({ trust_id: given.trustId, name: given.name, value: given.count })
    .onConflict((conflict) =>
      conflict.columns(['trust_id', 'name']).doUpdateSet((row) => ({ value: row('counters.value', '+', given.count) })),
    )
    .returning('value'),
);

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
  const [row] = await add(transaction, { trustId, name, count });
  if (row === undefined) throw new Error(`The counter ${name} gave no number.`);
  return row.value - count + 1;
}
