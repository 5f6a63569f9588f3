import type { z } from 'zod';
import type { attention } from '../../contract/console.ts';
import { findingKind, type FindingKind } from '../../contract/machine-standing.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import { countMachines } from './count-machines.ts';
import { inScope } from '../store/in-scope.ts';
import { nameOf } from './listed-as.ts';

type Attention = z.infer<typeof attention>;

/** Forks have an entry of their own for each machine. */
const told: Record<Exclude<FindingKind, 'forked'>, { kind: Attention['kind']; one: string; many: string }> = {
  cloned: {
    kind: 'clonedMachine',
    one: 'uses a key that another machine uses too.',
    many: 'machines share their keys with others.',
  },
  rolledBack: {
    kind: 'rolledBackMachine',
    one: 'went back to an earlier state.',
    many: 'machines went back to an earlier state.',
  },
  untrusted: {
    kind: 'untrustedMachine',
    one: 'was named by a request that its key did not sign.',
    many: 'machines were named by requests that their keys did not sign.',
  },
  reinstalled: {
    kind: 'reinstalledMachine',
    one: 'has the serial number of another machine: was it set up again?',
    many: 'machines have the serial number of another: were they set up again?',
  },
  silent: {
    kind: 'silentMachine',
    one: 'has not been heard of for several school days.',
    many: 'machines have not been heard of for several school days.',
  },
  gone: {
    kind: 'goneMachine',
    one: 'has not been heard of for so long that it is probably gone.',
    many: 'machines have not been heard of for so long that they are probably gone.',
  },
};

const toldKinds = findingKind.exclude(['forked']).options;

/** Machines that wait and what was found about machines, one entry for each kind. */
export async function standingAttention(context: ServerContext, scope: SchoolScope): Promise<Attention[]> {
  const { store, owner } = context;
  const { standings, findings } = await countMachines({ store, trustId: owner.trustId, scope }, undefined);
  const found: Attention[] = [];
  for (const kind of toldKinds) {
    const count = findings[kind];
    if (count === 0) continue;
    const words = told[kind];
    const only = count === 1 ? await onlyOne(context, scope, kind) : null;
    found.push({
      kind: words.kind,
      sentence: only === null ? `${String(count)} ${words.many}` : `${only.name} ${words.one}`,
      href: only === null ? `/machines/findings?kind=${kind}` : `/machines/${only.deviceId}`,
    });
  }
  if (standings.waiting > 0) {
    found.push({
      kind: 'machinesWaiting',
      sentence:
        standings.waiting === 1
          ? 'A machine waits to be approved.'
          : `${String(standings.waiting)} machines wait to be approved.`,
      href: '/machines?standing=waiting',
    });
  }
  return found;
}

async function onlyOne(
  { store, owner }: ServerContext,
  scope: SchoolScope,
  kind: string,
): Promise<{ deviceId: string; name: string } | null> {
  const row = await store
    .selectFrom('machine_findings')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'machine_findings.trust_id')
        .onRef('devices.device_id', '=', 'machine_findings.device_id'),
    )
    .select(['devices.device_id', 'devices.hostname', 'devices.display_name'])
    .where('machine_findings.trust_id', '=', owner.trustId)
    .where(inScope('machine_findings.school_id', scope))
    .where('machine_findings.kind', '=', kind)
    .where('machine_findings.closed', '=', '')
    .executeTakeFirst();
  return row === undefined ? null : { deviceId: row.device_id, name: nameOf(row) };
}
