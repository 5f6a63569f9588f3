import type { KyselyPlugin } from 'kysely';

/** Measures each statement from when it is asked for to when its rows are there. */
export function timingPlugin(took: (seconds: number) => void): KyselyPlugin {
  const asked = new WeakMap<object, number>();
  return {
    transformQuery({ node, queryId }) {
      asked.set(queryId, performance.now());
      return node;
    },
    transformResult({ queryId, result }) {
      const from = asked.get(queryId);
      if (from !== undefined) took((performance.now() - from) / 1_000);
      asked.delete(queryId);
      return Promise.resolve(result);
    },
  };
}
