import type { z } from 'zod';
import type { attention } from '../../contract/console.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import { inScope } from '../store/in-scope.ts';

type Attention = z.infer<typeof attention>;

const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** Accounts of people who left that were used since, and what has not come back. */
export async function leaverAttention({ store, owner }: ServerContext, scope: SchoolScope): Promise<Attention[]> {
  const { seen } = await store
    .selectFrom('people')
    .select((row) => row.fn.count<number>('seen_after_leaving_at').as('seen'))
    .where('trust_id', '=', owner.trustId)
    .where('left_at', 'is not', null)
    .where(inScope('people.school_id', scope))
    .executeTakeFirstOrThrow();
  const { items } = await store
    .selectFrom('equipment')
    .innerJoin('people', (join) =>
      join
        .onRef('people.trust_id', '=', 'equipment.trust_id')
        .onRef('people.person_id', '=', 'equipment.person_id')
        .on('people.left_at', 'is not', null),
    )
    .select((row) => row.fn.countAll<number>().as('items'))
    .where('equipment.trust_id', '=', owner.trustId)
    .where('equipment.returned_at', 'is', null)
    .where(inScope('equipment.school_id', scope))
    .executeTakeFirstOrThrow();
  return [
    ...(Number(seen) === 0
      ? []
      : [
          {
            kind: 'leaverSeen' as const,
            sentence: `${counted(Number(seen), 'account was', 'accounts were')} used after their owner had left.`,
            href: '/people/leavers',
          },
        ]),
    ...(Number(items) === 0
      ? []
      : [
          {
            kind: 'equipment' as const,
            sentence: `${counted(Number(items), 'thing has', 'things have')} not come back from people who left.`,
            href: '/people/leavers',
          },
        ]),
  ];
}

/** Acceptances of policies in force that wait for a second signature. */
export async function counterSignatureAttention(context: ServerContext, scope: SchoolScope): Promise<Attention[]> {
  const { store, owner } = context;
  const hashes = (await context.policies.inForce())
    .filter(({ signed }) => signed.policy.form.counterSignature !== undefined)
    .map(({ signed }) => signed.hash);
  if (hashes.length === 0) return [];
  const { waiting } = await store
    .selectFrom('counter_signatures')
    .innerJoin('people', (join) =>
      join
        .onRef('people.trust_id', '=', 'counter_signatures.trust_id')
        .onRef('people.person_id', '=', 'counter_signatures.person_id')
        .on('people.left_at', 'is', null),
    )
    .select((row) => row.fn.countAll<number>().as('waiting'))
    .where('counter_signatures.trust_id', '=', owner.trustId)
    .where('counter_signatures.policy_hash', 'in', hashes)
    .where('counter_signatures.state', '=', 'waiting')
    .where(inScope('counter_signatures.school_id', scope))
    .executeTakeFirstOrThrow();
  if (Number(waiting) === 0) return [];
  return [
    {
      kind: 'counterSignature',
      sentence: `${counted(Number(waiting), 'acceptance waits', 'acceptances wait')} for a second signature.`,
      href: '/people/second-signatures',
    },
  ];
}
