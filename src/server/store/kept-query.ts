import { createQueryId, type Compilable, type CompiledQuery } from 'kysely';
import type { StoreOrTransaction } from './database.ts';

/** Stands in a query where a value is given anew each time. */
class Place {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

const places = <Given extends object>(): Given =>
  new Proxy({} as Given, { get: (_given, name) => new Place(String(name)) });

/**
 * A query whose text is made once for each kind of database: for what every exchange with a machine asks, making the
 * text costs more than the answer.
 * @param build makes the query; each value it takes from `given` may only be handed on, not looked at.
 */
export function keptQuery<Given extends Record<string, string | number | null>, Row>(
  build: (store: StoreOrTransaction, given: Given) => Compilable<Row>,
): (store: StoreOrTransaction, given: Given) => Promise<Row[]> {
  const kept = new WeakMap<object, CompiledQuery<Row>>();
  return async (store, given) => {
    const executor = store.getExecutor();
    const known = kept.get(executor.adapter);
    const query = known ?? build(store, places<Given>()).compile();
    if (known === undefined) kept.set(executor.adapter, query);
    const parameters = query.parameters.map((value) => (value instanceof Place ? given[value.name] : value));
    const queryId = createQueryId();
    // Tells those who look on (such as the timing of statements) that it is asked.
    executor.transformQuery(query.query, queryId);
    const { rows } = await executor.executeQuery<Row>({ ...query, parameters, queryId });
    return rows;
  };
}
