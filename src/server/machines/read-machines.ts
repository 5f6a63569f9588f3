import type { MachineSummary } from '../../contract/console.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/** Every enrolled machine by name, with the end of its newest epoch. */
export async function readMachines(store: StoreOrTransaction, trustId: string): Promise<MachineSummary[]> {
  const devices = await store
    .selectFrom('devices')
    .selectAll()
    .where('trust_id', '=', trustId)
    .orderBy('hostname')
    .orderBy('device_id')
    .execute();
  const chains = await store
    .selectFrom('chains')
    .select(['device_id', 'epoch', 'head_seq'])
    .where('trust_id', '=', trustId)
    .orderBy('epoch')
    .execute();
  const forks = await store
    .selectFrom('forks')
    .select((row) => ['device_id', row.fn.countAll<number>().as('count')])
    .where('trust_id', '=', trustId)
    .groupBy('device_id')
    .execute();
  const newest = new Map(chains.map((chain) => [chain.device_id, chain]));
  const forkCounts = new Map(forks.map((fork) => [fork.device_id, fork.count]));
  return devices.map((device) => ({
    deviceId: device.device_id,
    hostname: device.hostname,
    operatingSystem: device.operating_system,
    model: device.model,
    agentVersion: device.agent_version,
    enrolledAt: device.enrolled_at,
    lastSeenAt: device.last_seen_at,
    clockOffsetMs: device.clock_offset_ms,
    epoch: newest.get(device.device_id)?.epoch ?? null,
    head: newest.get(device.device_id)?.head_seq ?? null,
    policyHash: device.policy_hash,
    keyFingerprint: device.key_fingerprint,
    forks: forkCounts.get(device.device_id) ?? 0,
  }));
}
