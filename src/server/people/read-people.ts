import type { z } from 'zod';
import type { PersonDetail, PersonStatus, PersonSummary, people, peopleQuery } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { readEvents } from '../events/read-events.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import { containing } from '../store/searching.ts';
import { signedBy, statusOf, type AskedOfPeople } from './person-answers.ts';

interface Reader extends AskedOfPeople {
  store: StoreOrTransaction;
  trustId: string;
  /** Schools whose people may be seen. */
  scope: SchoolScope;
}

/** People with what they said about the policies in force. */
const listed = ({ store, trustId, scope, inForce, now }: Reader) =>
  store
    .selectFrom('people')
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
      'people.left_at',
      'devices.hostname',
    ])
    .select((row) => [
      statusOf(row, { inForce, now }).as('status'),
      signedBy(row, inForce, 'refused').as('refused'),
      signedBy(row, inForce, 'waiting').as('waiting'),
      signedBy(row, inForce, 'given').as('given'),
    ])
    .where('people.trust_id', '=', trustId)
    .where(inScope('people.school_id', scope));

type ListedPerson = Awaited<ReturnType<ReturnType<typeof listed>['execute']>>[number];

function summaryOf(person: ListedPerson): PersonSummary {
  const { latest_acceptance_id, latest_title, latest_version, latest_at } = person;
  return {
    id: person.person_id,
    name: person.account_name,
    printedName: person.printed_name,
    status: person.status,
    counterSignature: (['refused', 'waiting', 'given'] as const).find((state) => Boolean(person[state])) ?? null,
    leftAt: person.left_at,
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
  const { status } = query;
  if (status !== undefined) select = select.where((row) => row(statusOf(row, reader), '=', status));
  if (query.only === 'waiting') select = select.where((row) => signedBy(row, reader.inForce, 'waiting'));
  if (query.only === 'left') select = select.where('people.left_at', 'is not', null);
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

/** How many people who work here there are in each status. */
export async function countPeople({ store, trustId, scope, ...asked }: Reader): Promise<Record<PersonStatus, number>> {
  const rows = await store
    .selectFrom((inner) =>
      inner
        .selectFrom('people')
        .select((row) => statusOf(row, asked).as('status'))
        .where('people.trust_id', '=', trustId)
        .where('people.left_at', 'is', null)
        .where(inScope('people.school_id', scope))
        .as('counted'),
    )
    .select((row) => ['status', row.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  const counts: Record<PersonStatus, number> = { accepted: 0, outdated: 0, declined: 0, notAccepted: 0 };
  for (const { status, count } of rows) counts[status] += Number(count);
  return counts;
}
