import type { z } from 'zod';
import type { policySummary } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { signedPolicy, type SignedPolicy } from '../../contract/policy.ts';
import { rulingPolicy } from '../../rules/ruling-policy.ts';
import type { Store, StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import { keptQuery } from '../store/kept-query.ts';

export interface Publication {
  publication: number;
  signed: SignedPolicy;
}

const read = (row: { publication: number; signed: string } | undefined): Publication | null =>
  row === undefined ? null : { publication: row.publication, signed: signedPolicy.parse(JSON.parse(row.signed)) };

/** The policies in force, in the order in which people are asked. */
export async function publicationsInForce(store: StoreOrTransaction, trustId: string): Promise<Publication[]> {
  const rows = await store
    .selectFrom('policies_in_force')
    .innerJoin('policies', (join) =>
      join
        .onRef('policies.trust_id', '=', 'policies_in_force.trust_id')
        .onRef('policies.publication', '=', 'policies_in_force.publication'),
    )
    .select(['policies.publication', 'policies.signed'])
    .where('policies_in_force.trust_id', '=', trustId)
    .orderBy('policies_in_force.place')
    .orderBy('policies_in_force.policy_id')
    .execute();
  return rows.flatMap((row) => read(row) ?? []);
}

/** The policies in force, read from the store only when they changed: every poll of every machine asks for them. */
export interface CurrentPolicies {
  /** In the order in which people are asked. */
  inForce(): Promise<readonly Publication[]>;
  /** The one that says what machines do; see `rulingPolicy`. Null while none is in force. */
  ruling(): Promise<Publication | null>;
}

const placesInForce = keptQuery((store, given: { trustId: string }) =>
  store
    .selectFrom('policies_in_force')
    .select(['publication', 'place'])
    .where('trust_id', '=', given.trustId)
    .orderBy('place')
    .orderBy('policy_id'),
);

export function currentPolicies(store: Store, trustId: string): CurrentPolicies {
  let known: { places: string; found: readonly Publication[] } = { places: '', found: [] };
  const inForce = async (): Promise<readonly Publication[]> => {
    const places = (await placesInForce(store, { trustId })).map((one) => `${one.publication}@${one.place}`).join();
    if (places !== known.places) known = { places, found: await publicationsInForce(store, trustId) };
    return known.found;
  };
  return {
    inForce,
    async ruling() {
      const found = await inForce();
      const ruling = rulingPolicy(found.map(({ signed }) => signed));
      return found.find(({ signed }) => signed === ruling) ?? null;
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
      'published_by',
      'approved_by',
      'approved_at',
      'restores',
      'reason',
      'owner',
      'review_due_on',
      row
        .selectFrom('policies_in_force')
        .select('policies_in_force.place')
        .whereRef('policies_in_force.trust_id', '=', 'policies.trust_id')
        .whereRef('policies_in_force.publication', '=', 'policies.publication')
        .as('place'),
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
  return rows.map((row) => ({
    id: row.policy_id,
    title: row.title,
    version: row.version,
    hash: row.hash,
    publishedAt: row.published_at,
    current: row.place !== null,
    place: row.place,
    acceptances: Number(row.acceptances ?? 0),
    life: {
      publishedBy: row.published_by,
      approvedBy: row.approved_by,
      approvedAt: row.approved_at,
      restores: row.restores,
      reason: row.reason,
      owner: row.owner,
      reviewDueOn: row.review_due_on,
    },
  }));
}
