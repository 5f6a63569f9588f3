import type { AuditActor } from '../../contract/audit.ts';
import { publishablePolicy } from '../../contract/policy-publishing.ts';
import type { Policy, SignedPolicy } from '../../contract/policy.ts';
import { problemFromZod } from '../../contract/problem.ts';
import { RequestRefused } from '../http/problems.ts';
import { publicationOf, publicationsInForce } from './publications.ts';
import { publishIn, type PolicyContext } from './publish.ts';

/** As many lines as a change history may have; the oldest give way. */
const mostHistory = 200;

/**
 * Publishes what an earlier version says once more, as another version: its change history says that it came back and
 * why, so its hash is its own and everybody is asked again.
 * @throws RequestRefused when there is no such version, it is in force, or it could not be published today.
 */
export async function rollBack(
  context: PolicyContext,
  hash: string,
  reason: string,
  actor: AuditActor,
): Promise<SignedPolicy> {
  const { store, owner } = context;
  return await store.transaction().execute(async (transaction) => {
    const found = await publicationOf(transaction, owner.trustId, hash);
    if (found === null) {
      throw new RequestRefused(404, {
        code: 'console.notFound',
        detail: 'No policy with this hash was published here.',
        field: 'hash',
      });
    }
    const { policy, version } = found.signed;
    if ((await publicationsInForce(transaction, owner.trustId)).some(({ signed }) => signed.hash === hash)) {
      throw new RequestRefused(409, {
        code: 'policy.inForce',
        detail: `Version ${version} of "${policy.title}" is in force, so there is nothing to go back to.`,
        field: 'hash',
      });
    }
    const { newest } = await transaction
      .selectFrom('policies')
      .select((row) => row.fn.max('version').as('newest'))
      .where('trust_id', '=', owner.trustId)
      .where('policy_id', '=', policy.id)
      .executeTakeFirstOrThrow();
    const again = publishablePolicy.safeParse(
      withHistory(policy, {
        version: String(Number(newest ?? 0) + 1),
        on: context.now().toISOString().slice(0, 10),
        change: `Version ${version} again: ${reason}`,
        by: actor.name,
      }),
    );
    if (!again.success) throw new RequestRefused(409, problemFromZod(again.error, 'policy.notPublishable'));
    const { published } = await publishIn(transaction, context, again.data, {
      actor,
      origin: { kind: 'rolledBack', restores: version, reason },
    });
    return published;
  });
}

type Line = NonNullable<Policy['lifecycle']['history']>[number];

const withHistory = (policy: Policy, line: Line): Policy => ({
  ...policy,
  lifecycle: { ...policy.lifecycle, history: [...(policy.lifecycle.history ?? []), line].slice(-mostHistory) },
});
