import type { z } from 'zod';
import type { PersonDetail, PersonSummary, people, peopleQuery, personStatus } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { readEvents } from '../events/read-events.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import { containing } from '../store/searching.ts';

type Status = z.infer<typeof personStatus>;

interface Reader {
  store: StoreOrTransaction;
  trustId: string;
  /** Schools whose people may be seen. */
  scope: SchoolScope;
  /** Hash of the policy in force; null when there is none. */
  currentHash: string | null;
}

/** People with what they said about the policy in force. */
const listed = ({ store, trustId, scope, currentHash }: Reader) =>
  store
    .selectFrom('people')
    .leftJoin('person_policies', (join) =>
      join
        .onRef('person_policies.trust_id', '=', 'people.trust_id')
        .onRef('person_policies.person_id', '=', 'people.person_id')
        .on('person_policies.policy_hash', '=', currentHash ?? ''),
    )
    .leftJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'people.trust_id').onRef('devices.device_id', '=', 'people.latest_device_id'),
    )
    .select([
      'people.person_id',
      'people.account_key',
      'people.account_name',
      'people.printed_name',
      'people.last_seen_at',
      'people.latest_acceptance_id',
      'people.latest_title',
      'people.latest_version',
      'people.latest_at',
      'people.latest_device_id',
      'person_policies.decision',
      'devices.hostname',
    ])
    .where('people.trust_id', '=', trustId)
    .where(inScope('people.school_id', scope));

type ListedPerson = Awaited<ReturnType<ReturnType<typeof listed>['execute']>>[number];

/** Their answer to the policy in force, else whether they ever accepted one. */
function statusOf(person: Pick<ListedPerson, 'decision' | 'latest_acceptance_id'>): Status {
  if (person.decision === 'accepted' || person.decision === 'declined') return person.decision;
  return person.latest_acceptance_id === null ? 'notAccepted' : 'outdated';
}

function summaryOf(person: ListedPerson): PersonSummary {
  const { latest_acceptance_id, latest_title, latest_version, latest_at } = person;
  return {
    id: person.person_id,
    name: person.account_name,
    printedName: person.printed_name,
    status: statusOf(person),
    lastSeenAt: person.last_seen_at,
    latest:
      latest_acceptance_id === null || latest_title === null || latest_version === null || latest_at === null
        ? null
        : {
            acceptanceId: latest_acceptance_id,
            policyTitle: latest_title,
            policyVersion: latest_version,
            at: latest_at,
            machine: person.hostname ?? person.latest_device_id ?? '',
          },
  };
}

/** One page of people by sign-in name. `after` is the id of the last person of the page before. */
export async function readPeople(reader: Reader, query: z.infer<typeof peopleQuery>): Promise<z.infer<typeof people>> {
  let select = listed(reader)
    .orderBy('people.account_key')
    .orderBy('people.person_id')
    .limit(query.limit + 1);
  if (query.after !== undefined) {
    select = select.where('people.account_key', '>', (inner) =>
      inner
        .selectFrom('people as earlier')
        .select('earlier.account_key')
        .where('earlier.trust_id', '=', reader.trustId)
        .where('earlier.person_id', '=', query.after ?? ''),
    );
  }
  if (query.search !== undefined && query.search !== '') {
    const typed = query.search;
    select = select.where((row) =>
      row.or([containing('people.account_key', typed), containing('people.printed_name', typed)]),
    );
  }
  if (query.status === 'accepted' || query.status === 'declined') {
    select = select.where('person_policies.decision', '=', query.status);
  } else if (query.status !== undefined) {
    select = select
      .where('person_policies.decision', 'is', null)
      .where('people.latest_acceptance_id', query.status === 'outdated' ? 'is not' : 'is', null);
  }
  const found = await select.execute();
  const page = found.slice(0, query.limit);
  return {
    items: page.map(summaryOf),
    next: found.length > query.limit ? (page.at(-1)?.person_id ?? null) : null,
  };
}

/** One person with their newest acceptances and events; null when there is none with this id. */
export async function readPerson(reader: Reader, id: string): Promise<PersonDetail | null> {
  const found = await listed(reader).where('people.person_id', '=', id).executeTakeFirst();
  if (found === undefined) return null;
  const acceptances = await readEvents(reader, {
    person: id,
    type: 'policy.accepted',
    limit: 50,
  });
  const recent = await readEvents(reader, { person: id, limit: 50 });
  return { ...summaryOf(found), acceptances: acceptances.items, recentEvents: recent.items };
}

/** How many people there are in each status. */
export async function countPeople(reader: Reader): Promise<Record<Status, number>> {
  const { store, trustId, scope, currentHash } = reader;
  const rows = await store
    .selectFrom('people')
    .leftJoin('person_policies', (join) =>
      join
        .onRef('person_policies.trust_id', '=', 'people.trust_id')
        .onRef('person_policies.person_id', '=', 'people.person_id')
        .on('person_policies.policy_hash', '=', currentHash ?? ''),
    )
    .select((row) => [
      'person_policies.decision',
      row('people.latest_acceptance_id', 'is', null).as('never'),
      row.fn.countAll<number>().as('count'),
    ])
    .where('people.trust_id', '=', trustId)
    .where(inScope('people.school_id', scope))
    .groupBy(['person_policies.decision', 'never'])
    .execute();
  const counts: Record<Status, number> = { accepted: 0, outdated: 0, declined: 0, notAccepted: 0 };
  for (const row of rows) {
    counts[statusOf({ decision: row.decision, latest_acceptance_id: row.never ? null : '' })] += Number(row.count);
  }
  return counts;
}
