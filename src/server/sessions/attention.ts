import type { z } from 'zod';
import { troubleKind, type attention, type TroubleKind } from '../../contract/console.ts';
import { postureCheckName, type PostureCheckName } from '../../contract/policy-rules.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { checkWords } from '../../words/check-words.ts';
import type { ServerContext } from '../context.ts';
import { inScope } from '../store/in-scope.ts';
import { heardSince, inSeveralPlaces, mayBeEverywhere } from './elsewhere.ts';

type Attention = z.infer<typeof attention>;

/** Most machines named one by one. */
const namedMost = 20;

/** What needs a person about locks, idle clocks, accounts in two places and how machines are protected. */
export async function machineAttention(context: ServerContext, scope: SchoolScope): Promise<Attention[]> {
  const { store, owner } = context;
  const policy = (await context.policies.ruling())?.signed ?? null;
  const found: Attention[] = [];
  const troubles = await store
    .selectFrom('machine_troubles')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'machine_troubles.trust_id')
        .onRef('devices.device_id', '=', 'machine_troubles.device_id'),
    )
    .select(['machine_troubles.device_id', 'machine_troubles.kind', 'machine_troubles.detail', 'devices.hostname'])
    .where('machine_troubles.trust_id', '=', owner.trustId)
    .where(inScope('machine_troubles.school_id', scope))
    .orderBy('machine_troubles.since', 'desc')
    .limit(namedMost)
    .execute();
  for (const { kind, hostname, detail, device_id: deviceId } of troubles) {
    found.push({ ...troubleSentence(troubleKind.parse(kind), hostname, detail), href: `/machines/${deviceId}` });
  }

  const rules = policy?.policy.rules;
  if (rules?.concurrentSignIn !== undefined) {
    for (const { account, machines } of await inSeveralPlaces(store, owner.trustId, scope, heardSince(context))) {
      if (mayBeEverywhere(policy, account)) continue;
      found.push({
        kind: 'sameAccount',
        sentence: `${account} is signed in on ${machines.slice(0, 5).join(', ')} at the same time.`,
        href: `/events?${new URLSearchParams({ type: 'session.elsewhere' }).toString()}`,
      });
    }
  }
  if (rules?.posture !== undefined) {
    const sentence = await postureSentence(context, scope, rules.posture.require);
    if (sentence !== null) found.push({ kind: 'posture', sentence, href: '/machines' });
  }
  return found;
}

function troubleSentence(kind: TroubleKind, hostname: string, detail: string): Pick<Attention, 'kind' | 'sentence'> {
  switch (kind) {
    case 'lockFailed':
      return {
        kind: 'lockFailed',
        sentence: `${hostname} could not be locked and was covered instead: ${detail}.`,
      };
    case 'usbNotBlocked':
      return {
        kind: 'deviceNotBlocked',
        sentence: `On ${hostname} a USB device that should be blocked can be used: ${detail}.`,
      };
    case 'usbNotWatched':
    case 'usbNotHeld':
      return { kind: 'deviceControl', sentence: `${hostname}: ${detail}` };
    default:
      return { kind: 'idleDetection', sentence: `${hostname}: ${detail}` };
  }
}

/** "3 machines are not protected as the policy asks: disk encryption on 2, firewall on 1." */
async function postureSentence(
  { store, owner }: ServerContext,
  scope: SchoolScope,
  wanted: readonly PostureCheckName[],
): Promise<string | null> {
  const rows = await store
    .selectFrom('machine_states')
    .select((row) => ['bad_checks', row.fn.countAll<number>().as('count')])
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .where('bad_checks', '!=', '')
    .groupBy('bad_checks')
    .execute();
  const counts = new Map<PostureCheckName, number>();
  let machines = 0;
  for (const row of rows) {
    const bad = badChecksOf(row.bad_checks).filter((name) => wanted.includes(name));
    if (bad.length > 0) machines += Number(row.count);
    for (const name of bad) counts.set(name, (counts.get(name) ?? 0) + Number(row.count));
  }
  if (machines === 0) return null;
  const parts = [...counts].map(([name, count]) => `${checkWords[name]} on ${count}`);
  const subject = machines === 1 ? '1 machine is' : `${machines} machines are`;
  return `${subject} not protected as the policy asks: ${parts.join(', ')}.`;
}

/** The names kept in `machine_states.bad_checks`. */
export function badChecksOf(text: string): PostureCheckName[] {
  const kept = text.split(',');
  return postureCheckName.options.filter((name) => kept.includes(name));
}
