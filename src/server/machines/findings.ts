import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import type { FindingKind } from '../../contract/machine-standing.ts';
import type { Owner } from '../people/record-people.ts';
import type { Tables } from '../store/tables.ts';

/**
 * Notes that something was found about a machine. What is open already is only found once more: it keeps who looks
 * after it, and its words become the newest.
 */
export async function noteFinding(
  transaction: Transaction<Tables>,
  owner: Owner,
  found: { deviceId: string; kind: FindingKind; detail: string; at: string },
): Promise<void> {
  await transaction
    .insertInto('machine_findings')
    .values({
      trust_id: owner.trustId,
      school_id: owner.schoolId,
      finding_id: randomUUID(),
      device_id: found.deviceId,
      kind: found.kind,
      closed: '',
      state: 'open',
      detail: found.detail.slice(0, 1_000),
      found_at: found.at,
      last_at: found.at,
      times: 1,
      owner_id: null,
      owner_name: null,
      note: '',
      changed_at: null,
      changed_by: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['trust_id', 'device_id', 'kind', 'closed']).doUpdateSet((row) => ({
        last_at: found.at,
        detail: found.detail.slice(0, 1_000),
        times: row('machine_findings.times', '+', 1),
      })),
    )
    .execute();
}

/** What was found about a machine is true no longer: closed by the server itself, with why. */
export async function settleFindings(
  transaction: Transaction<Tables>,
  trustId: string,
  settled: { deviceId: string; kinds: readonly FindingKind[]; why: string; by: string; at: string },
): Promise<number> {
  const { numUpdatedRows } = await transaction
    .updateTable('machine_findings')
    .set((row) => ({
      state: 'resolved',
      closed: row.ref('finding_id'),
      note: settled.why,
      changed_at: settled.at,
      changed_by: settled.by,
    }))
    .where('trust_id', '=', trustId)
    .where('device_id', '=', settled.deviceId)
    .where('kind', 'in', settled.kinds)
    .where('closed', '=', '')
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
