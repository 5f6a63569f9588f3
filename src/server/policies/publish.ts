import type { Transaction } from 'kysely';
import type { AuditActor } from '../../contract/audit.ts';
import { mostPoliciesInForce } from '../../contract/policy-set.ts';
import type { Policy, SignedPolicy } from '../../contract/policy.ts';
import { reviewDueOn } from '../../rules/policy-review.ts';
import { policyHash, signPolicy, type SigningKey } from '../../proof/index.ts';
import { recordAction, theServer } from '../audit/record-action.ts';
import { RequestRefused } from '../http/problems.ts';
import type { Owner } from '../people/record-people.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Store } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { putInOrder, takeOutOfForce } from './in-force.ts';
import { publicationsInForce, type Publication } from './publications.ts';

export interface PolicyContext {
  store: Store;
  owner: Owner;
  key: SigningKey;
  now: () => Date;
}

/** How a version came to be, beside who published it. */
export type Origin =
  | { kind: 'published' }
  | { kind: 'draft'; approvedBy: string; approvedAt: string; note: string }
  | { kind: 'rolledBack'; restores: number; reason: string };

export interface PublishOptions {
  /** The server itself when absent. */
  actor?: AuditActor;
  /** `published` when absent. */
  origin?: Origin;
  /** Id of a policy that goes out of force in the same step; `all`: every other one. */
  insteadOf?: string | undefined;
}

/**
 * Publishes a policy: gives it the next version of its id, signs it and puts it in force in place of the version before,
 * in one transaction. Others stay in force beside it. Publishing the current text again changes nothing.
 * @throws RequestRefused when it has rules and another in force has them already, or there are too many.
 */
export async function publishPolicy(
  context: PolicyContext,
  policy: Policy,
  options: PublishOptions = {},
): Promise<{ published: SignedPolicy; alreadyCurrent: boolean }> {
  return await context.store.transaction().execute((transaction) => publishIn(transaction, context, policy, options));
}

/** The same as part of a transaction that changes more. */
export async function publishIn(
  transaction: Transaction<Tables>,
  context: PolicyContext,
  policy: Policy,
  { actor = theServer, insteadOf, origin = { kind: 'published' } }: PublishOptions,
): Promise<{ published: SignedPolicy; alreadyCurrent: boolean }> {
  const { owner, key } = context;
  const inForce = await publicationsInForce(transaction, owner.trustId);
  const before = inForce.find(({ signed }) => signed.policy.id === policy.id);
  const leaving = inForce.filter(
    (one) => one !== before && (insteadOf === 'all' || one.signed.policy.id === insteadOf),
  );
  if (insteadOf !== undefined && insteadOf !== 'all' && leaving.length === 0 && insteadOf !== policy.id) {
    throw new RequestRefused(409, {
      code: 'policy.notInForce',
      field: 'insteadOf',
      detail: `No policy "${insteadOf}" is in force, so it cannot be replaced. In force: ${inForce.map(({ signed }) => signed.policy.id).join(', ') || 'none'}.`,
    });
  }
  const staying = inForce.filter((one) => !leaving.includes(one));
  refuseBeside(
    staying.filter((one) => one !== before),
    policy,
  );
  if (before !== undefined && before.signed.hash === policyHash(policy)) {
    await takeOutOfForce(context, transaction, leaving, actor);
    await putInOrder(context, transaction, staying);
    return { published: before.signed, alreadyCurrent: leaving.length === 0 };
  }
  const { newest } = await transaction
    .selectFrom('policies')
    .select((row) => row.fn.max('version').as('newest'))
    .where('trust_id', '=', owner.trustId)
    .where('policy_id', '=', policy.id)
    .executeTakeFirstOrThrow();
  const published = signPolicy(key, policy, (newest ?? 0) + 1, context.now().toISOString());
  const publication = await takeNumbers(transaction, owner.trustId, 'publication', 1);
  await transaction
    .insertInto('policies')
    .values({
      trust_id: owner.trustId,
      school_id: owner.schoolId,
      publication,
      hash: published.hash,
      policy_id: policy.id,
      version: published.version,
      title: policy.title,
      published_at: published.publishedAt,
      signed: JSON.stringify(published),
      published_by: actor.name,
      approved_by: origin.kind === 'draft' ? origin.approvedBy : null,
      approved_at: origin.kind === 'draft' ? origin.approvedAt : null,
      reason: reasonOf(origin),
      restores: origin.kind === 'rolledBack' ? origin.restores : null,
      owner: policy.lifecycle.owner ?? null,
      review_due_on: reviewDueOn(policy.lifecycle, published.publishedAt.slice(0, 10)),
    })
    .execute();
  const now = { publication, signed: published };
  await takeOutOfForce(context, transaction, leaving, actor);
  await putInOrder(
    context,
    transaction,
    before === undefined ? [...staying, now] : staying.map((one) => (one === before ? now : one)),
  );
  await recordAction(transaction, context, {
    action: origin.kind === 'rolledBack' ? 'policy.rolledBack' : 'policy.published',
    actor,
    schoolId: null,
    subject: published.hash,
    detail: {
      policyId: policy.id,
      version: published.version,
      title: policy.title,
      ...(origin.kind === 'rolledBack' ? { restores: origin.restores, reason: origin.reason } : {}),
      ...(origin.kind === 'draft' ? { approvedBy: origin.approvedBy } : {}),
    },
  });
  return { published, alreadyCurrent: false };
}

function reasonOf(origin: Origin): string | null {
  if (origin.kind === 'rolledBack') return origin.reason;
  return origin.kind === 'draft' && origin.note !== '' ? origin.note : null;
}

/** A machine can follow the rules of one policy only. */
function refuseBeside(others: readonly Publication[], policy: Policy): void {
  const ruling = others.find(({ signed }) => Object.keys(signed.policy.rules ?? {}).length > 0);
  if (ruling !== undefined && Object.keys(policy.rules ?? {}).length > 0) {
    const { title, id } = ruling.signed.policy;
    throw new RequestRefused(409, {
      code: 'policy.rulesTaken',
      field: 'rules',
      detail: `"${title}" (${id}, version ${ruling.signed.version}) is in force and already says what machines do. Publish this one instead of it ("--instead-of ${id}"), withdraw it first, or leave the rules out of this one.`,
    });
  }
  if (others.length >= mostPoliciesInForce) {
    throw new RequestRefused(409, {
      code: 'policy.tooMany',
      field: 'id',
      detail: `${mostPoliciesInForce} policies are in force, which is as many as people can be asked for. Withdraw one first.`,
    });
  }
}
