import type { z } from 'zod';
import type { attention } from '../../contract/console.ts';
import { daysOverdue, reviewDueOn } from '../../rules/policy-review.ts';
import { longDateWords } from '../../words/policy-words.ts';
import type { ServerContext } from '../context.ts';

type Attention = z.infer<typeof attention>;

/** Policies in force whose review is overdue, and drafts that wait for somebody. */
export async function policyAttention({ store, owner, policies, now }: ServerContext): Promise<Attention[]> {
  const found: Attention[] = [];
  const today = now().toISOString().slice(0, 10);
  for (const { signed } of await policies.inForce()) {
    const { lifecycle, title } = signed.policy;
    const due = reviewDueOn(lifecycle, signed.publishedAt.slice(0, 10));
    const days = due === null ? 0 : daysOverdue(due, today);
    if (due === null || days <= 0) continue;
    const late = days === 1 ? '1 day ago' : `${days} days ago`;
    const whose = lifecycle.owner === undefined ? '' : ` Its owner is ${lifecycle.owner}.`;
    found.push({
      kind: 'reviewOverdue',
      sentence: `The review of "${title}" was due on ${longDateWords(due)}, ${late}.${whose}`,
      href: `/policies/${signed.hash}`,
    });
  }
  const drafts = await store
    .selectFrom('policy_drafts')
    .select(['draft_id', 'title', 'state'])
    .where('trust_id', '=', owner.trustId)
    .where('state', 'in', ['draft', 'approved'])
    .orderBy('created_at')
    .orderBy('draft_id')
    .limit(20)
    .execute();
  for (const { draft_id: id, title, state } of drafts) {
    const waits = state === 'draft' ? 'waits to be approved' : 'is approved and waits to be published';
    found.push({ kind: 'draftWaiting', sentence: `A draft of "${title}" ${waits}.`, href: `/policies/drafts/${id}` });
  }
  return found;
}
