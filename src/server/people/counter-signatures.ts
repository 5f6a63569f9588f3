import type { Transaction } from 'kysely';
import type { CounterSignatureRow, DecideCounterSignature } from '../../contract/console-standing.ts';
import type { AcceptedEvent } from '../../contract/event.ts';
import { counterSigner, type CounterSigner } from '../../contract/policy-asking.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { fillVariables } from '../../rules/policy-for-person.ts';
import { acceptanceId } from '../acceptances/acceptance-id.ts';
import { actorOf, recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import type { ConsoleUser } from '../http/access.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { publicationOf } from '../policies/publications.ts';
import { inScope } from '../store/in-scope.ts';
import type { Tables } from '../store/tables.ts';
import { officesOf } from './offices.ts';
import type { Owner } from './record-people.ts';

/** An acceptance arrived that needs a second signature. One that is given holds for the same text from then on. */
export async function noteCounterSignature(
  transaction: Transaction<Tables>,
  owner: Owner,
  personId: string,
  { policy, hash }: SignedPolicy,
  body: AcceptedEvent,
): Promise<void> {
  if (policy.form.counterSignature === undefined) return;
  const waiting = {
    acceptance_id: acceptanceId(body),
    accepted_at: body.at,
    state: 'waiting',
    decided_at: null,
    decided_by: null,
    decided_by_name: null,
    office: null,
    note: '',
  };
  await transaction
    .insertInto('counter_signatures')
    .values({
      trust_id: owner.trustId,
      school_id: owner.schoolId,
      person_id: personId,
      policy_id: policy.id,
      policy_hash: hash,
      ...waiting,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['trust_id', 'person_id', 'policy_hash'])
        .doUpdateSet(waiting)
        .where('counter_signatures.state', '!=', 'given')
        .where('counter_signatures.accepted_at', '<', body.at),
    )
    .execute();
}

const rowsOf = ({ store, owner }: ServerContext, scope: SchoolScope) =>
  store
    .selectFrom('counter_signatures')
    .innerJoin('people', (join) =>
      join
        .onRef('people.trust_id', '=', 'counter_signatures.trust_id')
        .onRef('people.person_id', '=', 'counter_signatures.person_id'),
    )
    .leftJoin('schools', (join) =>
      join
        .onRef('schools.trust_id', '=', 'counter_signatures.trust_id')
        .onRef('schools.school_id', '=', 'counter_signatures.school_id'),
    )
    .selectAll('counter_signatures')
    .select(['people.account_name', 'people.printed_name', 'people.left_at', 'schools.name as school'])
    .where('counter_signatures.trust_id', '=', owner.trustId)
    .where(inScope('counter_signatures.school_id', scope));

/** Second signatures to policies in force: what waits, oldest first, then what was decided, newest first. */
export async function readCounterSignatures(
  context: ServerContext,
  scope: SchoolScope,
  user: ConsoleUser | null,
): Promise<CounterSignatureRow[]> {
  const inForce = new Map((await context.policies.inForce()).map(({ signed }) => [signed.hash, signed]));
  if (inForce.size === 0) return [];
  const held = await officesOf(context, user);
  const found = await rowsOf(context, scope)
    .where('counter_signatures.policy_hash', 'in', [...inForce.keys()])
    .where('people.left_at', 'is', null)
    .orderBy('counter_signatures.accepted_at')
    .limit(2_000)
    .execute();
  const rows = found.flatMap((row): CounterSignatureRow[] => {
    const signed = inForce.get(row.policy_hash);
    const asked = signed?.policy.form.counterSignature;
    if (signed === undefined || asked === undefined) return [];
    const state = row.state === 'given' || row.state === 'refused' ? row.state : 'waiting';
    return [
      {
        personId: row.person_id,
        name: row.account_name,
        printedName: row.printed_name,
        schoolId: row.school_id,
        school: row.school ?? row.school_id,
        policyTitle: signed.policy.title,
        policyVersion: signed.version,
        policyHash: signed.hash,
        statement: fillVariables(asked.statement, signed.policy.variables),
        by: asked.by,
        acceptanceId: row.acceptance_id,
        acceptedAt: row.accepted_at,
        state,
        decidedAt: row.decided_at,
        decidedBy: row.decided_by_name,
        office: counterSigner.safeParse(row.office).data ?? null,
        note: row.note,
        mayDecide: officeFor(asked.by, held, row.school_id) !== null,
      },
    ];
  });
  const waiting = rows.filter(({ state }) => state === 'waiting');
  const decided = rows.filter(({ state }) => state !== 'waiting');
  return [...waiting, ...decided.sort((one, other) => (one.acceptedAt < other.acceptedAt ? 1 : -1))];
}

/** The office in which somebody signs; null where they hold none that may. */
function officeFor(
  by: readonly CounterSigner[],
  held: readonly { schoolId: string; office: CounterSigner }[],
  schoolId: string,
): CounterSigner | null {
  return by.find((office) => held.some((one) => one.office === office && one.schoolId === schoolId)) ?? null;
}

/**
 * Gives or refuses a second signature, in the name of whoever is signed in.
 * @throws RequestRefused 404 for one that is not there, 403 without the office, 409 when it was decided meanwhile.
 */
export async function decideCounterSignatureOf(
  context: ServerContext,
  request: Parameters<typeof actorOf>[0],
  { personId, policyHash }: { personId: string; policyHash: string },
  decision: DecideCounterSignature,
): Promise<void> {
  const { store, owner, now } = context;
  const user = request.consoleUser;
  const [row] = await rowsOf(context, request.scope)
    .where('counter_signatures.person_id', '=', personId)
    .where('counter_signatures.policy_hash', '=', policyHash)
    .execute();
  const published = await publicationOf(store, owner.trustId, policyHash);
  const asked = published?.signed.policy.form.counterSignature;
  if (row === undefined || published === null || asked === undefined) throw notFound('acceptance');
  const office = officeFor(asked.by, await officesOf(context, user), row.school_id);
  if (office === null || user === null) {
    throw new RequestRefused(403, {
      code: 'counterSignature.office',
      detail: `Only the ${asked.by.map((one) => officeNames[one]).join(' or the ')} of this school signs here. An administrator says who that is, under Settings.`,
    });
  }
  await store.transaction().execute(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('counter_signatures')
      .set({
        state: decision.answer,
        decided_at: now().toISOString(),
        decided_by: user.id,
        decided_by_name: user.name,
        office,
        note: decision.answer === 'refused' ? decision.note : '',
      })
      .where('trust_id', '=', owner.trustId)
      .where('person_id', '=', personId)
      .where('policy_hash', '=', policyHash)
      .where('acceptance_id', '=', row.acceptance_id)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) {
      throw new RequestRefused(409, {
        code: 'counterSignature.decided',
        detail: 'This one is decided already. Load the page again to see by whom.',
      });
    }
    await recordAction(transaction, context, {
      action: decision.answer === 'given' ? 'acceptance.counterSigned' : 'acceptance.counterRefused',
      actor: actorOf(request),
      schoolId: row.school_id,
      subject: row.acceptance_id,
      detail: {
        personId,
        policyHash,
        title: published.signed.policy.title,
        office: officeNames[office],
        ...(decision.answer === 'refused' ? { note: decision.note } : { statement: asked.statement }),
      },
    });
  });
}

const officeNames: Record<CounterSigner, string> = {
  headteacher: 'headteacher',
  businessManager: 'business manager',
};
