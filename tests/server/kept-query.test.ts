import { expect, onTestFinished, test } from 'vitest';
import type { KyselyPlugin } from 'kysely';
import { keptQuery } from '../../src/server/store/kept-query.ts';
import { openStore, type Store } from '../../src/server/store/database.ts';
import { databaseOf, engine, storeOf, temporaryFolder } from './running.ts';

interface Given extends Record<string, string | number | null> {
  trustId: string;
  name: string;
}

/** A query whose text is made anew for each test, with how often that happened. */
function counterQuery() {
  let built = 0;
  const query = keptQuery((store, given: Given) => {
    built += 1;
    return store
      .selectFrom('counters')
      .select(['name', 'value'])
      .where('trust_id', '=', given.trustId)
      .where('name', '=', given.name);
  });
  return { query, built: () => built };
}

async function storeWithCounters(): Promise<Store> {
  const store = await storeOf(await temporaryFolder());
  onTestFinished(() => store.destroy());
  await store
    .insertInto('counters')
    .values([
      { trust_id: 'trust', name: 'one', value: 1 },
      { trust_id: 'trust', name: 'two', value: 2 },
      { trust_id: 'other', name: 'one', value: 3 },
    ])
    .execute();
  return store;
}

test('a kept query is made once and asks for what it is given each time', async () => {
  const store = await storeWithCounters();
  const { query, built } = counterQuery();
  expect(await query(store, { trustId: 'trust', name: 'one' })).toEqual([{ name: 'one', value: 1 }]);
  expect(await query(store, { trustId: 'trust', name: 'two' })).toEqual([{ name: 'two', value: 2 }]);
  expect(await query(store, { trustId: 'other', name: 'one' })).toEqual([{ name: 'one', value: 3 }]);
  expect(await query(store, { trustId: 'other', name: "two' or 1=1 --" })).toEqual([]);
  const many = await Promise.all(['one', 'two', 'one', 'two'].map((name) => query(store, { trustId: 'trust', name })));
  expect(many.flat().map(({ value }) => value)).toEqual([1, 2, 1, 2]);
  expect(built()).toBe(1);
});

test('in a transaction it sees what the transaction did, and goes with it', async () => {
  const store = await storeWithCounters();
  const { query, built } = counterQuery();
  const raise = keptQuery((on, given: { trustId: string; name: string; value: number }) =>
    on
      .updateTable('counters')
      .set({ value: given.value })
      .where('trust_id', '=', given.trustId)
      .where('name', '=', given.name)
      .returning('value'),
  );
  const undone = store.transaction().execute(async (transaction) => {
    expect(await raise(transaction, { trustId: 'trust', name: 'one', value: 9 })).toEqual([{ value: 9 }]);
    expect(await query(transaction, { trustId: 'trust', name: 'one' })).toEqual([{ name: 'one', value: 9 }]);
    throw new Error('not after all');
  });
  await expect(undone).rejects.toThrow('not after all');
  expect(await query(store, { trustId: 'trust', name: 'one' })).toEqual([{ name: 'one', value: 1 }]);
  expect(built()).toBe(1);
});

test('values that are empty or the same twice keep their places', async () => {
  const store = await storeWithCounters();
  const twice = keptQuery((on, given: { text: string; nothing: string | null }) =>
    on
      .selectFrom('counters')
      .select((row) => ['value', row.val(given.nothing).as('nothing')])
      .where((row) => row.or([row('name', '=', given.text), row('trust_id', '=', given.text)]))
      .orderBy('value'),
  );
  if (engine === 'sqlite') {
    expect(await twice(store, { text: 'one', nothing: null })).toEqual([
      { value: 1, nothing: null },
      { value: 3, nothing: null },
    ]);
  }
  expect((await twice(store, { text: 'other', nothing: 'n' })).map(({ value }) => value)).toEqual([3]);
});

test('two stores of one kind share no answer, and an error is the store’s own', async () => {
  const [first, second] = [await storeWithCounters(), await storeWithCounters()];
  const { query } = counterQuery();
  await second.updateTable('counters').set({ value: 7 }).where('name', '=', 'two').execute();
  const two = { trustId: 'trust', name: 'two' };
  expect([await query(first, two), await query(second, two), await query(first, two)].flat()).toEqual([
    { name: 'two', value: 2 },
    { name: 'two', value: 7 },
    { name: 'two', value: 2 },
  ]);
  const add = keptQuery((store, given: Given) =>
    store.insertInto('counters').values({ trust_id: given.trustId, name: given.name, value: 1 }),
  );
  await expect(add(first, two)).rejects.toThrow(/UNIQUE constraint|duplicate key/);
  expect(await add(first, { trustId: 'trust', name: 'three' })).toEqual([]);
});

test('who looks on at statements sees each of them', async () => {
  const seen: string[] = [];
  const watching: KyselyPlugin = {
    transformQuery: ({ node }) => {
      seen.push(node.kind);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const folder = await temporaryFolder();
  const store = await openStore((await databaseOf(folder)) ?? `${folder}/usher.db`, { plugins: [watching] });
  onTestFinished(() => store.destroy());
  const { query } = counterQuery();
  seen.length = 0;
  await query(store, { trustId: 'trust', name: 'one' });
  const once = seen.length;
  await query(store, { trustId: 'trust', name: 'one' });
  expect([once > 0, seen.length > once, new Set(seen)]).toEqual([true, true, new Set(['SelectQueryNode'])]);
});
