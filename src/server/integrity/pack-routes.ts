import type { FastifyReply, FastifyRequest } from 'fastify';
import type { PackAbout } from '../../contract/pack.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { actorOf, recordAction } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { lookIntoWhereAgreed } from '../openings/look-into.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import { makeCheckpoint } from './checkpoints.ts';
import { packSize, refuseTooLarge, type PackLimits } from './pack-size.ts';
import { packStream, type PackRequest } from './make-pack.ts';

/** Whom or what a pack is about, and the person's id where it is a person. */
export interface PackSubject {
  about: PackAbout;
  personId: string | null;
}

export async function aboutSchool(
  { store, owner }: ServerContext,
  scope: SchoolScope,
  { schoolId }: { schoolId: string },
): Promise<PackSubject> {
  const school = await store
    .selectFrom('schools')
    .select('name')
    .where('trust_id', '=', owner.trustId)
    .where('school_id', '=', schoolId)
    .where(inScope('school_id', scope))
    .executeTakeFirst();
  if (school === undefined) throw notFound('school');
  return { about: { kind: 'school', schoolId, schoolName: school.name }, personId: null };
}

export async function aboutPerson(
  { store, owner }: ServerContext,
  scope: SchoolScope,
  { personId }: { personId: string },
): Promise<PackSubject> {
  const person = await store
    .selectFrom('people')
    .innerJoin('schools', (join) =>
      join.onRef('schools.trust_id', '=', 'people.trust_id').onRef('schools.school_id', '=', 'people.school_id'),
    )
    .select(['people.school_id', 'people.account_name', 'schools.name'])
    .where('people.trust_id', '=', owner.trustId)
    .where('people.person_id', '=', personId)
    .where(inScope('people.school_id', scope))
    .executeTakeFirst();
  if (person === undefined) throw notFound('person');
  const { school_id: schoolId, account_name: accountName, name: schoolName } = person;
  return { about: { kind: 'person', schoolId, schoolName, accountName }, personId };
}

/** Makes a checkpoint over everything receipted, keeps in the audit trail who asked and why, and sends the pack. */
export async function sendPack(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { about, personId }: PackSubject,
  { from, to, reason }: { from: string; to: string; reason: string },
  limits: PackLimits,
): Promise<FastifyReply> {
  if (from > to)
    throw new RequestRefused(400, {
      code: 'integrity.range',
      detail: 'The range ends before it begins. Give the earlier date first.',
      field: 'from',
    });
  if (personId !== null) await lookIntoWhereAgreed(context, request, personId);
  const checkpoint = await makeCheckpoint(context);
  if (checkpoint === null)
    throw new RequestRefused(409, {
      code: 'integrity.nothingHeld',
      detail: 'No machine has sent a record yet, so there is nothing to prove.',
    });
  const actor = actorOf(request);
  const pack: PackRequest = { about, personId, from, to, reason, madeBy: actor.name };
  refuseTooLarge(await packSize(context, pack, checkpoint.size), limits);
  await context.store.transaction().execute((transaction) =>
    recordAction(transaction, context, {
      action: 'pack.made',
      actor,
      schoolId: about.schoolId,
      subject: personId ?? about.schoolId,
      detail: { about: about.kind, from, to, reason, size: checkpoint.size },
    }),
  );
  const name = `evidence-${about.kind}-${context.now().toISOString().slice(0, 10)}.zip`;
  return reply
    .type('application/zip')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .send(packStream(context, pack, checkpoint));
}
