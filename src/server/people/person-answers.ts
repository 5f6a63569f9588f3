import { sql, type Expression, type ExpressionBuilder, type ExpressionWrapper, type SqlBool } from 'kysely';
import type { PersonStatus } from '../../contract/console.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import type { Tables } from '../store/tables.ts';

const dayMs = 86_400_000;

/** The policies people are counted by, and the moment they are counted at. */
export interface AskedOfPeople {
  inForce: readonly SignedPolicy[];
  now: Date;
}

type PeopleRow = ExpressionBuilder<Tables, 'people'>;

/** Their answers to one policy; of an acceptance, only what has not run out. */
function answered(row: PeopleRow, { policy, hash }: SignedPolicy, decision: 'accepted' | 'declined', now: Date) {
  let answers = row
    .selectFrom('person_policies')
    .select('person_policies.at')
    .whereRef('person_policies.trust_id', '=', 'people.trust_id')
    .whereRef('person_policies.person_id', '=', 'people.person_id')
    .where('person_policies.decision', '=', decision)
    .where((inner) =>
      inner.or([
        inner('people.closed_at', 'is', null),
        inner('person_policies.at', '>', inner.ref('people.closed_at')),
      ]),
    );
  if (policy.renewal.kind === 'once') {
    answers = answers.where('person_policies.policy_hash', 'in', (inner) =>
      inner
        .selectFrom('policies')
        .select('policies.hash')
        .whereRef('policies.trust_id', '=', 'people.trust_id')
        .where('policies.policy_id', '=', policy.id),
    );
  } else answers = answers.where('person_policies.policy_hash', '=', hash);
  if (decision === 'accepted' && policy.renewal.kind === 'everyDays') {
    const since = new Date(now.getTime() - policy.renewal.days * dayMs).toISOString();
    answers = answers.where('person_policies.at', '>', since);
  }
  return row.exists(answers);
}

/** Is this policy for them, as far as is known? Who never said who they are is asked for every one. */
const isFor = (row: PeopleRow, { policy }: SignedPolicy): Expression<SqlBool> =>
  row.or([row('people.audience', 'is', null), row('people.audience', 'in', policy.audiences)]);

const isAsked = ({ policy }: SignedPolicy, now: Date): boolean =>
  policy.renewal.startsOn === undefined || Date.parse(policy.renewal.startsOn) <= now.getTime();

/**
 * How a person stands with the policies in force, in SQL: `accepted` when each that is for them is, `declined` when one of
 * them is declined, else by whether they ever accepted anything.
 */
export function statusOf(row: PeopleRow, { inForce, now }: AskedOfPeople) {
  const asked = inForce.filter((one) => isAsked(one, now));
  const all = asked.map((one) => row.or([row.not(isFor(row, one)), answered(row, one, 'accepted', now)]));
  const declined = asked.map((one) => row.and([isFor(row, one), answered(row, one, 'declined', now)]));
  // One that is for them has to be there: nobody has accepted what they are not asked for.
  const some = asked.map((one) => isFor(row, one));
  return row
    .case()
    .when(row.and([row.or(some), ...all]))
    .then(sql.lit<PersonStatus>('accepted'))
    .when(row.or(declined))
    .then(sql.lit<PersonStatus>('declined'))
    .when('people.latest_acceptance_id', 'is not', null)
    .then(sql.lit<PersonStatus>('outdated'))
    .else(sql.lit<PersonStatus>('notAccepted'))
    .end();
}

/** Does an acceptance of something in force stand like this with its second signature? */
export function signedBy(
  row: PeopleRow,
  inForce: readonly SignedPolicy[],
  state: 'waiting' | 'given' | 'refused',
): ExpressionWrapper<Tables, 'people', SqlBool> {
  const hashes = inForce.filter(({ policy }) => policy.form.counterSignature !== undefined).map(({ hash }) => hash);
  if (hashes.length === 0) return row.and([row.lit(false)]);
  return row.exists(
    row
      .selectFrom('counter_signatures')
      .select('counter_signatures.state')
      .whereRef('counter_signatures.trust_id', '=', 'people.trust_id')
      .whereRef('counter_signatures.person_id', '=', 'people.person_id')
      .where('counter_signatures.policy_hash', 'in', hashes)
      .where('counter_signatures.state', '=', state),
  );
}
