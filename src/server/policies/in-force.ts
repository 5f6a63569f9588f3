import type { Transaction } from 'kysely';
import type { AuditActor } from '../../contract/audit.ts';
import { recordAction } from '../audit/record-action.ts';
import { RequestRefused } from '../http/problems.ts';
import type { Tables } from '../store/tables.ts';
import { publicationsInForce, type Publication } from './publications.ts';
import type { PolicyContext } from './publish.ts';

/**
 * Takes a policy out of force: from their next exchange on, machines ask nobody for it and follow none of its rules.
 * What was accepted stays. @throws RequestRefused when no version of it with this hash is in force.
 */
export async function withdrawPolicy(context: PolicyContext, hash: string, actor: AuditActor): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const inForce = await publicationsInForce(transaction, context.owner.trustId);
    const found = inForce.find(({ signed }) => signed.hash === hash);
    if (found === undefined) throw notInForce('hash');
    await takeOutOfForce(context, transaction, [found], actor);
    await putInOrder(
      context,
      transaction,
      inForce.filter((one) => one !== found),
    );
  });
}

export async function takeOutOfForce(
  context: PolicyContext,
  transaction: Transaction<Tables>,
  publications: readonly Publication[],
  actor: AuditActor,
): Promise<void> {
  for (const { signed } of publications) {
    const { policy, version, hash } = signed;
    await transaction
      .deleteFrom('policies_in_force')
      .where('trust_id', '=', context.owner.trustId)
      .where('policy_id', '=', policy.id)
      .execute();
    await recordAction(transaction, context, {
      action: 'policy.withdrawn',
      actor,
      schoolId: null,
      subject: hash,
      detail: { policyId: policy.id, version, title: policy.title },
    });
  }
}

/** Puts these policies in force, in this order, each by this publication. */
export async function putInOrder(
  { owner }: Pick<PolicyContext, 'owner'>,
  transaction: Transaction<Tables>,
  publications: readonly Pick<Publication, 'publication' | 'signed'>[],
): Promise<void> {
  for (const [index, { publication, signed }] of publications.entries()) {
    const place = { publication, place: index + 1 };
    await transaction
      .insertInto('policies_in_force')
      .values({ trust_id: owner.trustId, policy_id: signed.policy.id, ...place })
      .onConflict((conflict) => conflict.columns(['trust_id', 'policy_id']).doUpdateSet(place))
      .execute();
  }
}

/** Sets in which order people are asked. @throws RequestRefused unless every policy in force is named once. */
export async function orderPolicies(
  context: PolicyContext,
  hashes: readonly string[],
  actor: AuditActor,
): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const inForce = await publicationsInForce(transaction, context.owner.trustId);
    const ordered = hashes.map((hash) => {
      const found = inForce.find(({ signed }) => signed.hash === hash);
      if (found === undefined) throw notInForce('hashes');
      return found;
    });
    if (new Set(ordered).size !== ordered.length || ordered.length !== inForce.length) {
      throw new RequestRefused(409, {
        code: 'policy.orderNotWhole',
        field: 'hashes',
        detail: 'Name each policy that is in force once. The list may have changed meanwhile; load the page again.',
      });
    }
    await putInOrder(context, transaction, ordered);
    await recordAction(transaction, context, {
      action: 'policy.ordered',
      actor,
      schoolId: null,
      subject: null,
      detail: { titles: ordered.map(({ signed }) => signed.policy.title) },
    });
  });
}

const notInForce = (field: string): RequestRefused =>
  new RequestRefused(404, {
    code: 'policy.notInForce',
    field,
    detail: 'No policy with this hash is in force. It may have been replaced or withdrawn meanwhile.',
  });
