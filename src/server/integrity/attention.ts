import type { z } from 'zod';
import type { attention } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import { findingsFor } from './findings.ts';

/** What does not verify and is not settled, for the list of what needs somebody. */
export async function integrityAttention(
  { store, owner }: ServerContext,
  scope: SchoolScope,
): Promise<z.infer<typeof attention>[]> {
  const rows = await store
    .selectFrom('integrity_findings')
    .select('detail')
    .where('trust_id', '=', owner.trustId)
    .where(findingsFor(scope))
    .where('resolved_at', 'is', null)
    .orderBy('found_at')
    .limit(20)
    .execute();
  return rows.map(({ detail }) => ({ kind: 'integrity', sentence: detail, href: '/integrity' }));
}
