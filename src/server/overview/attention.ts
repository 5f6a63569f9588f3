import type { z } from 'zod';
import type { attention } from '../../contract/console.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import { alertAttention } from '../alerts/attention.ts';
import { inScope } from '../store/in-scope.ts';
import { standingAttention } from '../machines/attention.ts';
import { unknownDevice } from '../ingest/rejected-batches.ts';
import { integrityAttention } from '../integrity/index.ts';
import { policyAttention } from '../policies/attention.ts';
import { holdAttention } from '../retention/holds.ts';
import { counterSignatureAttention, leaverAttention } from '../people/attention.ts';
import { requestAttention } from '../usb/requests.ts';
import { machineAttention } from '../sessions/attention.ts';

type Attention = z.infer<typeof attention>;

/** Refused batches older than this no longer need anyone. */
const rejectedBatchDays = 7;
const dayMs = 24 * 60 * 60 * 1_000;

const counted = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/** What needs a person, most serious first. */
export async function attentionFor(
  context: ServerContext,
  scope: SchoolScope,
  seen: { machines: number; policies: readonly SignedPolicy[]; notAccepted: number },
): Promise<Attention[]> {
  const { store, owner } = context;
  const now = context.now().getTime();
  const found: Attention[] = [];

  const forks = await store
    .selectFrom('forks')
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'forks.trust_id').onRef('devices.device_id', '=', 'forks.device_id'),
    )
    .select((row) => ['devices.hostname', 'forks.device_id', row.fn.countAll<number>().as('count')])
    .where('forks.trust_id', '=', owner.trustId)
    .where(inScope('forks.school_id', scope))
    .groupBy(['forks.device_id', 'devices.hostname'])
    .execute();
  for (const fork of forks) {
    found.push({
      kind: 'fork',
      sentence: `${fork.hostname} sent two different histories: it was copied, restored from a backup or tampered with.`,
      href: `/machines/${fork.device_id}`,
    });
  }

  found.push(...(await integrityAttention(context, scope)));

  const rejected = await store
    .selectFrom('rejected_batches')
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'rejected_batches.trust_id')
        .onRef('devices.device_id', '=', 'rejected_batches.device_id'),
    )
    .select((row) => ['devices.hostname', 'rejected_batches.device_id', row.fn.sum<number>('batches').as('count')])
    .where('rejected_batches.trust_id', '=', owner.trustId)
    // What came from strangers belongs to no school: only who sees the whole trust sees it.
    .where(inScope('devices.school_id', scope))
    .where('last_at', '>=', new Date(now - rejectedBatchDays * dayMs).toISOString())
    .groupBy(['rejected_batches.device_id', 'devices.hostname'])
    .execute();
  for (const batch of rejected) {
    const unknown = batch.device_id === unknownDevice;
    found.push({
      kind: 'rejectedBatch',
      sentence: unknown
        ? `${counted(Number(batch.count), 'batch was', 'batches were')} refused from machines that are not enrolled.`
        : `${counted(Number(batch.count), 'batch was', 'batches were')} refused from ${batch.hostname ?? 'a machine'}: wrong signature or broken chain.`,
      href: unknown ? '/machines' : `/machines/${batch.device_id}`,
    });
  }

  found.push(...(await leaverAttention(context, scope)));
  found.push(...(await requestAttention(context, scope)));
  found.push(...(await machineAttention(context, scope)));
  found.push(...(await holdAttention(context, scope)));
  found.push(...(await alertAttention(context, scope)));

  const [first] = seen.policies;
  if (first === undefined) {
    found.push({
      kind: 'noPolicy',
      sentence:
        'No policy is published yet, so nobody is asked to accept one. Publish one with "usher policy publish".',
      href: '/policies',
    });
  }
  if (seen.machines === 0) {
    found.push({
      kind: 'noMachines',
      sentence: 'No machine is enrolled yet. Set one up with an enrolment token.',
      href: '/machines',
    });
  }
  if (first !== undefined && seen.notAccepted > 0) {
    const what = seen.policies.length === 1 ? `version ${first.version}` : 'every policy in force that is for them';
    found.push({
      kind: 'notAccepted',
      sentence: `${counted(seen.notAccepted, 'person has', 'people have')} not accepted ${what} yet.`,
      href: '/people',
    });
  }
  found.push(...(await counterSignatureAttention(context, scope)));
  found.push(...(await policyAttention(context)));
  found.push(...(await standingAttention(context, scope)));
  return found;
}
