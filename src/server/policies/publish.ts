import type { AuditActor } from '../../contract/audit.ts';
import { mostPoliciesInForce } from '../../contract/policy-set.ts';
import type { Policy, SignedPolicy } from '../../contract/policy.ts';
import { policyHash, signPolicy, type SigningKey } from '../../proof/index.ts';
import { recordAction, theServer } from '../audit/record-action.ts';
import { RequestRefused } from '../http/problems.ts';
import type { Owner } from '../people/record-people.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Store } from '../store/database.ts';
import { putInOrder, takeOutOfForce } from './in-force.ts';
import { publicationsInForce, type Publication } from './publications.ts';

export interface PolicyContext {
  store: Store;
  owner: Owner;
  key: SigningKey;
  now: () => Date;
}

export interface PublishOptions {
  /** The server itself when absent. */
  actor?: AuditActor;
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
  { actor = theServer, insteadOf }: PublishOptions = {},
): Promise<{ published: SignedPolicy; alreadyCurrent: boolean }> {
  const { store, owner, key } = context;
  return await store.transaction().execute(async (transaction) => {
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
      action: 'policy.published',
      actor,
      schoolId: null,
      subject: published.hash,
      detail: { policyId: policy.id, version: published.version, title: policy.title },
    });
    return { published, alreadyCurrent: false };
  });
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
