import { randomBytes } from 'node:crypto';
import type { Selectable, Transaction } from 'kysely';
import type { z } from 'zod';
import type { AuditAction, AuditActor } from '../../contract/audit.ts';
import { draftState, type PolicyDraft, type PolicyDraftDetail } from '../../contract/console-policies.ts';
import { publishablePolicy } from '../../contract/policy-publishing.ts';
import { policy as policySchema, type Policy, type SignedPolicy } from '../../contract/policy.ts';
import { problemFromZod } from '../../contract/problem.ts';
import { policyHash } from '../../proof/index.ts';
import { recordAction } from '../audit/record-action.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import type { PolicyDraftTable, Tables } from '../store/tables.ts';
import { publishIn, type PolicyContext } from './publish.ts';

type Row = Selectable<PolicyDraftTable>;

/** As many drafts are shown; those that wait come first. */
const shownMost = 200;

/** Drafts that wait to be approved or published, and then those that were dealt with, newest first. */
export async function draftsOf(context: Pick<PolicyContext, 'store' | 'owner'>): Promise<PolicyDraft[]> {
  const rows = await context.store
    .selectFrom('policy_drafts')
    .selectAll()
    .where('trust_id', '=', context.owner.trustId)
    .orderBy('created_at', 'desc')
    .orderBy('draft_id')
    .limit(shownMost)
    .execute();
  const drafts = rows.map(draftOf);
  const waits = ({ state }: PolicyDraft): boolean => state === 'draft' || state === 'approved';
  return [...drafts.filter(waits), ...drafts.filter((one) => !waits(one))];
}

/** One draft with its text. @throws RequestRefused 404. */
export async function draftDetail(
  context: Pick<PolicyContext, 'store' | 'owner'>,
  id: string,
): Promise<PolicyDraftDetail> {
  const row = await context.store
    .selectFrom('policy_drafts')
    .selectAll()
    .where('trust_id', '=', context.owner.trustId)
    .where('draft_id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw notFound('draft');
  return { ...draftOf(row), policy: policyIn(row) };
}

/** Puts a policy forward. Nothing is asked of anybody until it is published. */
export async function makeDraft(
  context: PolicyContext,
  policy: Policy,
  note: string,
  actor: AuditActor,
): Promise<PolicyDraft> {
  const { store, owner, now } = context;
  const row: Row = {
    trust_id: owner.trustId,
    school_id: owner.schoolId,
    draft_id: randomBytes(12).toString('base64url'),
    policy_id: policy.id,
    title: policy.title,
    hash: policyHash(policy),
    policy: JSON.stringify(policy),
    state: 'draft',
    note,
    created_at: now().toISOString(),
    created_by: actor.name,
    created_by_id: actor.id,
    approved_at: null,
    approved_by: null,
    approved_by_id: null,
    approval_note: null,
    ended_at: null,
    ended_by: null,
    version: null,
  };
  await store.transaction().execute(async (transaction) => {
    await transaction.insertInto('policy_drafts').values(row).execute();
    await noteDeed(transaction, context, 'policy.drafted', row, actor, note === '' ? {} : { note });
  });
  return draftOf(row);
}

/** Approves the text of a draft as it is, by its hash. @throws RequestRefused when it does not wait for that. */
export async function approveDraft(
  context: PolicyContext,
  id: string,
  note: string,
  actor: AuditActor,
): Promise<PolicyDraft> {
  return await changed(context, id, ['draft'], async (transaction, row) => {
    await noteDeed(transaction, context, 'policy.approved', row, actor, {
      ...(note === '' ? {} : { note }),
      madeBy: row.created_by,
    });
    return {
      state: 'approved',
      approved_at: context.now().toISOString(),
      approved_by: actor.name,
      approved_by_id: actor.id,
      approval_note: note === '' ? null : note,
    };
  });
}

/** Publishes an approved draft. @throws RequestRefused when it is not approved, or cannot be published as things are. */
export async function publishDraft(
  context: PolicyContext,
  id: string,
  insteadOf: string | undefined,
  actor: AuditActor,
): Promise<{ published: SignedPolicy; alreadyCurrent: boolean }> {
  let answer: { published: SignedPolicy; alreadyCurrent: boolean } | null = null;
  await changed(context, id, ['approved'], async (transaction, row) => {
    const checked = publishablePolicy.safeParse(policyIn(row));
    if (!checked.success) throw new RequestRefused(409, problemFromZod(checked.error, 'policy.notPublishable'));
    answer = await publishIn(transaction, context, checked.data, {
      actor,
      insteadOf,
      origin: {
        kind: 'draft',
        approvedBy: row.approved_by ?? '',
        approvedAt: row.approved_at ?? row.created_at,
        note: row.note,
      },
    });
    return {
      state: 'published',
      ended_at: context.now().toISOString(),
      ended_by: actor.name,
      version: answer.published.version,
    };
  });
  if (answer === null) throw notFound('draft');
  return answer;
}

/** Puts a draft aside for good. @throws RequestRefused when it was published or discarded already. */
export async function discardDraft(
  context: PolicyContext,
  id: string,
  reason: string,
  actor: AuditActor,
): Promise<PolicyDraft> {
  return await changed(context, id, ['draft', 'approved'], async (transaction, row) => {
    await noteDeed(transaction, context, 'policy.discarded', row, actor, { reason });
    return { state: 'discarded', ended_at: context.now().toISOString(), ended_by: actor.name };
  });
}

async function changed(
  { store, owner }: PolicyContext,
  id: string,
  from: readonly z.infer<typeof draftState>[],
  change: (transaction: Transaction<Tables>, row: Row) => Promise<Partial<Row>>,
): Promise<PolicyDraft> {
  return await store.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('policy_drafts')
      .selectAll()
      .where('trust_id', '=', owner.trustId)
      .where('draft_id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw notFound('draft');
    const state = draftState.parse(row.state);
    if (!from.includes(state)) throw notNow(state, from);
    const values = await change(transaction, row);
    await transaction
      .updateTable('policy_drafts')
      .set(values)
      .where('trust_id', '=', owner.trustId)
      .where('draft_id', '=', id)
      .execute();
    return draftOf({ ...row, ...values });
  });
}

function notNow(state: z.infer<typeof draftState>, wanted: readonly string[]): RequestRefused {
  const detail =
    state === 'draft'
      ? 'This draft is not approved yet. Approve it first, then publish it.'
      : `This draft is ${state} already, so this can no longer be done with it. Load the page again.`;
  return new RequestRefused(409, { code: 'draft.notNow', detail, field: wanted.includes('approved') ? 'state' : 'id' });
}

function noteDeed(
  transaction: Transaction<Tables>,
  context: PolicyContext,
  action: AuditAction,
  row: Row,
  actor: AuditActor,
  more: Record<string, string>,
): Promise<void> {
  return recordAction(transaction, context, {
    action,
    actor,
    schoolId: null,
    subject: row.hash,
    detail: { draft: row.draft_id, policyId: row.policy_id, title: row.title, ...more },
  });
}

const policyIn = (row: Row): Policy => policySchema.parse(JSON.parse(row.policy));

const draftOf = (row: Row): PolicyDraft => ({
  id: row.draft_id,
  policyId: row.policy_id,
  title: row.title,
  hash: row.hash,
  state: draftState.parse(row.state),
  createdAt: row.created_at,
  createdBy: row.created_by,
  note: row.note,
  approvedAt: row.approved_at,
  approvedBy: row.approved_by,
  approvalNote: row.approval_note,
  approvedByAnother: row.approved_by_id === null ? null : row.approved_by_id !== row.created_by_id,
  endedAt: row.ended_at,
  endedBy: row.ended_by,
  version: row.version,
});
