import type { SyncAnswer } from '../../contract/sync.ts';
import type { ServerContext } from '../context.ts';
import { keptQuery } from '../store/kept-query.ts';

const standingOf = keptQuery((store, given: { trustId: string; deviceId: string }) =>
  store
    .selectFrom('open_sessions')
    .innerJoin('people', (join) =>
      join
        .onRef('people.trust_id', '=', 'open_sessions.trust_id')
        .onRef('people.school_id', '=', 'open_sessions.school_id')
        .onRef('people.account_key', '=', 'open_sessions.account_key'),
    )
    .leftJoin('counter_signatures', (join) =>
      join
        .onRef('counter_signatures.trust_id', '=', 'people.trust_id')
        .onRef('counter_signatures.person_id', '=', 'people.person_id'),
    )
    .select(['people.account_key', 'people.closed_at', 'counter_signatures.policy_hash', 'counter_signatures.state'])
    .where('open_sessions.trust_id', '=', given.trustId)
    .where('open_sessions.device_id', '=', given.deviceId)
    .where((row) => row.or([row('people.closed_at', 'is not', null), row('counter_signatures.state', 'is not', null)])),
);

/** What a machine has to know of the people who are signed in there; nothing where there is nothing. */
export async function peopleNews(
  { store, owner, policies }: Pick<ServerContext, 'store' | 'owner' | 'policies'>,
  deviceId: string,
): Promise<Pick<SyncAnswer, 'people'>> {
  const rows = await standingOf(store, { trustId: owner.trustId, deviceId });
  if (rows.length === 0) return {};
  const inForce = new Set((await policies.inForce()).map(({ signed }) => signed.hash));
  const people = new Map<string, NonNullable<SyncAnswer['people']>[number]>();
  // Put in order here: to find them in order, SQLite reads everybody of the trust for every exchange.
  const inOrder = rows.toSorted((one, other) => (one.account_key < other.account_key ? -1 : 1));
  for (const { account_key: accountName, closed_at: closedAt, policy_hash: policyHash, state } of inOrder) {
    const one = people.get(accountName) ?? { accountName, closedAt, counterSignatures: [] };
    people.set(accountName, one);
    if (policyHash === null || !inForce.has(policyHash)) continue;
    if (one.counterSignatures.some((known) => known.policyHash === policyHash)) continue;
    if (state === 'waiting' || state === 'given' || state === 'refused') {
      one.counterSignatures.push({ policyHash, state });
    }
  }
  return { people: [...people.values()].slice(0, 200) };
}
