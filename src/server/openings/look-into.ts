import type { FastifyRequest } from 'fastify';
import { openingState } from '../../rules/person-opening.ts';
import { actorOf, recordAction } from '../audit/record-action.ts';
import { signedInUser } from '../auth/signed-in-user.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import { caseOf, openingRows } from './opening-rows.ts';

/** What of a person's record is looked at. */
export type Looked = 'record' | 'acceptance' | 'events' | 'export';

const reasonNeeded = (personId: string) =>
  new RequestRefused(
    403,
    {
      code: 'console.reasonNeeded',
      detail:
        'This is one person’s own record. Say first why you need to look at it: open the person under People and give a reason.',
    },
    { members: { personId } },
  );

const approvalNeeded = (personId: string) =>
  new RequestRefused(
    403,
    {
      code: 'console.approvalNeeded',
      detail: 'Your reason is kept. Somebody else who may agree to it has to, before this record opens for you.',
    },
    { members: { personId } },
  );

/**
 * Lets the one who asks look into one person's record, if they have an open case for it, and keeps that they looked.
 * Call it before anything of the record is read.
 * @returns the person's school.
 * @throws RequestRefused 404 for a person who is not theirs to see, 403 without an open case.
 */
export async function lookInto(
  context: ServerContext,
  request: FastifyRequest,
  personId: string,
  what: Looked,
): Promise<{ schoolId: string }> {
  const { owner } = context;
  const user = signedInUser(request);
  const now = context.now().toISOString();
  return await context.store.transaction().execute(async (transaction) => {
    const person = await transaction
      .selectFrom('people')
      .select('school_id')
      .where('trust_id', '=', owner.trustId)
      .where('person_id', '=', personId)
      .where(inScope('school_id', request.scope))
      .executeTakeFirst();
    if (person === undefined) throw notFound('person');
    const cases = await openingRows(transaction, owner.trustId, request.scope)
      .where('person_openings.user_id', '=', user.id)
      .where('person_openings.person_id', '=', personId)
      .orderBy('person_openings.asked_at', 'desc')
      .limit(20)
      .execute();
    const open = cases.find((one) => openingState(caseOf(one), now) === 'open');
    if (open === undefined) {
      throw cases.some((one) => openingState(caseOf(one), now) === 'pending')
        ? approvalNeeded(personId)
        : reasonNeeded(personId);
    }
    await recordAction(transaction, context, {
      action: 'person.looked',
      actor: actorOf(request),
      schoolId: person.school_id,
      subject: personId,
      detail: { what, opening: open.opening_id },
    });
    return { schoolId: person.school_id };
  });
}
