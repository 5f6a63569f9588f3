import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { AnswerOpening, AskOpening, OpeningNow, OpeningRow } from '../../contract/console-access.ts';
import { rolePermissions, role, type SchoolScope } from '../../contract/roles.ts';
import { answerFault, approvedUntil, begunOpening, openingState } from '../../rules/person-opening.ts';
import { actorOf, recordAction } from '../audit/record-action.ts';
import { usersWith } from '../auth/roles-of-everybody.ts';
import { signedInUser } from '../auth/signed-in-user.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import { accessSettingsOf } from './access-settings.ts';
import { caseOf, openingRow, openingRows } from './opening-rows.ts';

const approvingRoles = role.options.filter((one) => rolePermissions[one].includes('person.approve'));
const mostListed = 200;

/** What stands between the one who asks and a person's record. @throws RequestRefused 404. */
export async function openingOf(
  context: ServerContext,
  request: FastifyRequest,
  personId: string,
): Promise<OpeningNow> {
  const { store, owner } = context;
  const user = signedInUser(request);
  const now = context.now().toISOString();
  const schoolId = await schoolOfPerson(store, owner.trustId, request.scope, personId);
  const settings = await accessSettingsOf(store, owner.trustId);
  const rows = await openingRows(store, owner.trustId, request.scope)
    .where('person_openings.user_id', '=', user.id)
    .where('person_openings.person_id', '=', personId)
    .orderBy('person_openings.asked_at', 'desc')
    .limit(20)
    .execute();
  const row = rows.find((one) => openingState(caseOf(one), now) === 'open') ?? rows[0];
  const approvers = settings.secondPerson ? await usersWith(store, owner.trustId, approvingRoles, schoolId) : [];
  return {
    open: row !== undefined && openingState(caseOf(row), now) === 'open',
    secondPersonNeeded: settings.secondPerson,
    approvers: approvers.filter(({ id }) => id !== user.id).map(({ name }) => name),
    minutes: settings.openingMinutes,
    opening: row === undefined ? null : openingRow(row, { userId: user.id, now }),
  };
}

/** Keeps a reason. The record opens at once, or waits for a second person. @throws RequestRefused 404 or 409. */
export async function askForOpening(
  context: ServerContext,
  request: FastifyRequest,
  personId: string,
  { category, reason }: AskOpening,
): Promise<void> {
  const { owner } = context;
  const user = signedInUser(request);
  const now = context.now();
  await context.store.transaction().execute(async (transaction) => {
    const schoolId = await schoolOfPerson(transaction, owner.trustId, request.scope, personId);
    const mine = await openingRows(transaction, owner.trustId, request.scope)
      .where('person_openings.user_id', '=', user.id)
      .where('person_openings.person_id', '=', personId)
      .where('person_openings.answer_before', '>', now.toISOString())
      .where('person_openings.answer', 'is', null)
      .executeTakeFirst();
    if (mine !== undefined) {
      throw new RequestRefused(409, {
        code: 'opening.waits',
        detail: 'You gave a reason already, and it waits for somebody else. Ask them to look at it.',
      });
    }
    const begun = begunOpening(await accessSettingsOf(transaction, owner.trustId), now.getTime());
    const id = randomUUID();
    await transaction
      .insertInto('person_openings')
      .values({
        trust_id: owner.trustId,
        school_id: schoolId,
        opening_id: id,
        person_id: personId,
        user_id: user.id,
        user_name: user.name,
        category,
        reason,
        asked_at: now.toISOString(),
        answer_before: begun.answerBefore,
        answer: null,
        answered_at: null,
        answered_by: null,
        answered_by_id: null,
        note: '',
        until: begun.until,
      })
      .execute();
    await recordAction(transaction, context, {
      action: begun.until === null ? 'person.asked' : 'person.opened',
      actor: actorOf(request),
      schoolId,
      subject: personId,
      detail: { opening: id, category, reason, until: begun.until },
    });
  });
}

/** Cases that wait, then the newest; of one user with `userId`. */
export async function readOpenings(
  { store, owner, now }: ServerContext,
  { scope, reader, userId }: { scope: SchoolScope; reader: string; userId?: string },
): Promise<OpeningRow[]> {
  const rows = await openingRows(store, owner.trustId, scope)
    .$if(userId !== undefined, (select) => select.where('person_openings.user_id', '=', userId ?? ''))
    .orderBy('person_openings.asked_at', 'desc')
    .limit(mostListed)
    .execute();
  const found = rows.map((row) => openingRow(row, { userId: reader, now: now().toISOString() }));
  return [...found.filter(({ state }) => state === 'pending'), ...found.filter(({ state }) => state !== 'pending')];
}

/** The second person's answer. @throws RequestRefused 403 for one's own, 404, or 409 for one that no longer waits. */
export async function answerOpening(
  context: ServerContext,
  request: FastifyRequest,
  id: string,
  { answer, note }: AnswerOpening,
): Promise<void> {
  const { owner } = context;
  const user = signedInUser(request);
  const now = context.now();
  await context.store.transaction().execute(async (transaction) => {
    const row = await openingRows(transaction, owner.trustId, request.scope)
      .where('person_openings.opening_id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw notFound('case');
    const fault = answerFault(caseOf(row), user.id, now.toISOString());
    if (fault !== null) throw unanswerable[fault]();
    const settings = await accessSettingsOf(transaction, owner.trustId);
    const until = answer === 'approved' ? approvedUntil(settings, now.getTime()) : null;
    const { numUpdatedRows } = await transaction
      .updateTable('person_openings')
      .set({ answer, note, until, answered_at: now.toISOString(), answered_by: user.name, answered_by_id: user.id })
      .where('trust_id', '=', owner.trustId)
      .where('opening_id', '=', id)
      .where('answer', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows !== 1n) throw unanswerable.answered();
    await recordAction(transaction, context, {
      action: answer === 'approved' ? 'person.approved' : 'person.refused',
      actor: actorOf(request),
      schoolId: row.school_id,
      subject: row.person_id,
      detail: { opening: id, askedBy: row.user_id, note, until },
    });
  });
}

const unanswerable = {
  own: () =>
    new RequestRefused(403, {
      code: 'opening.own',
      detail: 'You asked for this yourself, so somebody else has to answer it.',
    }),
  answered: () =>
    new RequestRefused(409, { code: 'opening.answered', detail: 'Somebody answered this already. Reload to see how.' }),
  lapsed: () =>
    new RequestRefused(409, {
      code: 'opening.lapsed',
      detail: 'Nobody answered this in time, so it no longer counts. It can be asked for again.',
    }),
};

async function schoolOfPerson(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
  personId: string,
): Promise<string> {
  const person = await store
    .selectFrom('people')
    .select('school_id')
    .where('trust_id', '=', trustId)
    .where('person_id', '=', personId)
    .where(inScope('school_id', scope))
    .executeTakeFirst();
  if (person === undefined) throw notFound('person');
  return person.school_id;
}
