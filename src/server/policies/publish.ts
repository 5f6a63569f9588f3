import type { AuditActor } from '../../contract/audit.ts';
import type { Policy, SignedPolicy } from '../../contract/policy.ts';
import { policyHash, signPolicy, type SigningKey } from '../../proof/index.ts';
import { recordAction, theServer } from '../audit/record-action.ts';
import type { Owner } from '../people/record-people.ts';
import { takeNumbers } from '../store/counters.ts';
import type { Store } from '../store/database.ts';
import { currentPublication } from './publications.ts';

/**
 * Publishes a policy: gives it the next version of its id, signs it and makes it the current one, in one transaction.
 * Publishing the current text again changes nothing.
 */
export async function publishPolicy(
  context: { store: Store; owner: Owner; key: SigningKey; now: () => Date },
  policy: Policy,
  actor: AuditActor = theServer,
): Promise<{ published: SignedPolicy; alreadyCurrent: boolean }> {
  const { store, owner, key } = context;
  return await store.transaction().execute(async (transaction) => {
    const current = await currentPublication(transaction, owner.trustId);
    if (current !== null && current.signed.hash === policyHash(policy)) {
      return { published: current.signed, alreadyCurrent: true };
    }
    const { newest } = await transaction
      .selectFrom('policies')
      .select((row) => row.fn.max('version').as('newest'))
      .where('trust_id', '=', owner.trustId)
      .where('policy_id', '=', policy.id)
      .executeTakeFirstOrThrow();
    const published = signPolicy(key, policy, (newest ?? 0) + 1, context.now().toISOString());
    await transaction
      .insertInto('policies')
      .values({
        trust_id: owner.trustId,
        school_id: owner.schoolId,
        publication: await takeNumbers(transaction, owner.trustId, 'publication', 1),
        hash: published.hash,
        policy_id: policy.id,
        version: published.version,
        title: policy.title,
        published_at: published.publishedAt,
        signed: JSON.stringify(published),
      })
      .execute();
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
