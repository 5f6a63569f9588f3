import type { MachineCounts } from '../../contract/console-machines.ts';
import { findingKind, standing, type FindingKind, type Standing } from '../../contract/machine-standing.ts';
import { inScope } from '../store/in-scope.ts';
import type { MachineReader } from './read-machines.ts';

/** How many machines stand where, and how many have something found: over one school, or all the reader may see. */
export async function countMachines(
  { store, trustId, scope }: MachineReader,
  school: string | undefined,
): Promise<MachineCounts> {
  const byStanding = await store
    .selectFrom('devices')
    .select((row) => ['standing', row.fn.countAll<number>().as('count')])
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .$if(school !== undefined, (rows) => rows.where('school_id', '=', school ?? ''))
    .groupBy('standing')
    .execute();
  const unresolved = store
    .selectFrom('machine_findings')
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .where('closed', '=', '')
    .$if(school !== undefined, (rows) => rows.where('school_id', '=', school ?? ''));
  const byKind = await unresolved
    .select((row) => ['kind', row.fn.countAll<number>().as('count')])
    .groupBy('kind')
    .execute();
  const { machines } = await unresolved
    .select((row) => row.fn.count<number>('device_id').distinct().as('machines'))
    .executeTakeFirstOrThrow();
  const standings: Record<Standing, number> = { waiting: 0, approved: 0, refused: 0, revoked: 0 };
  for (const row of byStanding) standings[standing.parse(row.standing)] = Number(row.count);
  const findings: Record<FindingKind, number> = {
    cloned: 0,
    rolledBack: 0,
    forked: 0,
    reinstalled: 0,
    untrusted: 0,
    silent: 0,
    gone: 0,
  };
  for (const row of byKind) findings[findingKind.parse(row.kind)] = Number(row.count);
  return {
    total: Object.values(standings).reduce((sum, count) => sum + count, 0),
    standings,
    withFindings: Number(machines),
    findings,
  };
}
