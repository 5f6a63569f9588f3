import type { z } from 'zod';
import type { forkRows } from '../../contract/console-integrity.ts';
import { sealedRecord } from '../../contract/record.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { ServerContext } from '../context.ts';
import { eventSummary } from '../events/summary.ts';
import { inScope } from '../store/in-scope.ts';

/** Every fork with both versions: what was held first, and what the machine sent later. Newest first. */
export async function readForks(
  { store, owner }: ServerContext,
  scope: SchoolScope,
): Promise<z.infer<typeof forkRows>> {
  const rows = await store
    .selectFrom('forks')
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'forks.trust_id').onRef('devices.device_id', '=', 'forks.device_id'),
    )
    .leftJoin('records', (join) =>
      join
        .onRef('records.trust_id', '=', 'forks.trust_id')
        .onRef('records.device_id', '=', 'forks.device_id')
        .onRef('records.epoch', '=', 'forks.epoch')
        .onRef('records.seq', '=', 'forks.seq'),
    )
    .select([
      'forks.device_id',
      'devices.hostname',
      'forks.epoch',
      'forks.seq',
      'forks.found_at',
      'forks.held_hash',
      'forks.given_hash',
      'forks.record',
      'records.summary',
      'records.at',
    ])
    .where('forks.trust_id', '=', owner.trustId)
    .where(inScope('forks.school_id', scope))
    .orderBy('forks.found_at', 'desc')
    .limit(200)
    .execute();
  return {
    items: rows.map((row) => {
      // A fork seen by the hash before a batch keeps that batch's first record, which is not the one that differs.
      const kept = sealedRecord.safeParse(JSON.parse(row.record)).data;
      const given = kept?.hash === row.given_hash ? kept.body : null;
      return {
        deviceId: row.device_id,
        hostname: row.hostname,
        epoch: row.epoch,
        seq: row.seq,
        foundAt: row.found_at,
        held: { hash: row.held_hash, summary: row.summary, at: row.at },
        given: {
          hash: row.given_hash,
          summary: given === null ? null : eventSummary(given),
          at: given?.at ?? null,
        },
      };
    }),
  };
}
