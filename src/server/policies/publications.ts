import type { z } from 'zod';
import type { policySummary } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { signedPolicy, type SignedPolicy } from '../../contract/policy.ts';
import type { Store, StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import { keptQuery } from '../store/kept-query.ts';

export interface Publication {
  publication: number;
  signed: SignedPolicy;
}

const read = (row: { publication: number; signed: string } | undefined): Publication | null =>
  row === undefined ? null : { publication: row.publication, signed: signedPolicy.parse(JSON.parse(row.signed)) };

/** The policy in force: the one published last. Null before the first. */
export async function currentPublication(store: StoreOrTransaction, trustId: string): Promise<Publication | null> {
  return read(
    await store
      .selectFrom('policies')
      .select(['publication', 'signed'])
      .where('trust_id', '=', trustId)
      .orderBy('publication', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
}

/** The policy in force, read from the store only when it changed: every poll of every machine asks for it. */
export interface CurrentPolicy {
  current(): Promise<Publication | null>;
}

const newestOf = keptQuery((store, given: { trustId: string }) =>
  store
    .selectFrom('policies')
    .select((row) => row.fn.max('publication').as('newest'))
    .where('trust_id', '=', given.trustId),
);

export function currentPolicy(store: Store, trustId: string): CurrentPolicy {
  let known: Publication | null = null;
  return {
    async current() {
      const newest = (await newestOf(store, { trustId }))[0]?.newest ?? null;
      if ((known?.publication ?? null) !== newest) known = await currentPublication(store, trustId);
      return known;
    },
  };
}

const newestByHash = keptQuery((store, given: { trustId: string; hash: string }) =>
  store
    .selectFrom('policies')
    .select(['publication', 'signed'])
    .where('trust_id', '=', given.trustId)
    .where('hash', '=', given.hash)
    .orderBy('publication', 'desc')
    .limit(1),
);

/** The newest publication of a text, by its hash. */
export async function publicationOf(
  store: StoreOrTransaction,
  trustId: string,
  hash: string,
): Promise<Publication | null> {
  return read((await newestByHash(store, { trustId, hash }))[0]);
}

/** Every publication, newest first, without its text; acceptances are counted in the schools of `scope`. */
export async function publications(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
): Promise<z.infer<typeof policySummary>[]> {
  const rows = await store
    .selectFrom('policies')
    .select((row) => [
      'publication',
      'policy_id',
      'title',
      'version',
      'hash',
      'published_at',
      row
        .selectFrom('person_policies')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .whereRef('person_policies.trust_id', '=', 'policies.trust_id')
        .whereRef('person_policies.policy_hash', '=', 'policies.hash')
        .where('person_policies.decision', '=', 'accepted')
        .where(inScope('person_policies.school_id', scope))
        .as('acceptances'),
    ])
    .where('trust_id', '=', trustId)
    .orderBy('publication', 'desc')
    .limit(500)
    .execute();
  return rows.map((row, index) => ({
    id: row.policy_id,
    title: row.title,
    version: row.version,
    hash: row.hash,
    publishedAt: row.published_at,
    current: index === 0,
    acceptances: Number(row.acceptances ?? 0),
  }));
}
