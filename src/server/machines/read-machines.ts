import { inventory, posture } from '../../contract/machine-state.ts';
import { troubleKind, type MachineDetail, type MachineSummary } from '../../contract/console.ts';
import { badChecksOf } from '../sessions/attention.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import type { DeviceTable } from '../store/tables.ts';

/** Every enrolled machine by name, with the end of its newest epoch, who is signed in and what is wrong. */
export async function readMachines(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
): Promise<MachineSummary[]> {
  const devices = await store
    .selectFrom('devices')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .orderBy('hostname')
    .orderBy('device_id')
    .execute();
  return summaries(store, trustId, scope, devices, null);
}

/** One machine with what it last said about itself; null when it is not enrolled. */
export async function readMachine(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
  deviceId: string,
): Promise<MachineDetail | null> {
  const device = await store
    .selectFrom('devices')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('device_id', '=', deviceId)
    .where(inScope('school_id', scope))
    .executeTakeFirst();
  if (device === undefined) return null;
  const [summary] = await summaries(store, trustId, scope, [device], deviceId);
  const state = await store
    .selectFrom('machine_states')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
  if (summary === undefined) return null;
  return {
    ...summary,
    posture:
      typeof state?.posture !== 'string' || state.posture_at === null
        ? null
        : { ...posture.parse(JSON.parse(state.posture)), at: state.posture_at },
    inventory:
      typeof state?.inventory !== 'string' || state.inventory_at === null
        ? null
        : { ...inventory.parse(JSON.parse(state.inventory)), at: state.inventory_at },
  };
}

/** Puts together what several tables hold of these machines; with `only`, nothing of others is read. */
async function summaries(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
  devices: readonly DeviceTable[],
  only: string | null,
): Promise<MachineSummary[]> {
  const chains = await store
    .selectFrom('chains')
    .select(['device_id', 'epoch', 'head_seq'])
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .$if(only !== null, (rows) => rows.where('device_id', '=', only ?? ''))
    .orderBy('epoch')
    .execute();
  const forks = await store
    .selectFrom('forks')
    .select((row) => ['device_id', row.fn.countAll<number>().as('count')])
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .$if(only !== null, (rows) => rows.where('device_id', '=', only ?? ''))
    .groupBy('device_id')
    .execute();
  const sessions = await store
    .selectFrom('open_sessions')
    .select(['device_id', 'account_name', 'since', 'locked_since'])
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .$if(only !== null, (rows) => rows.where('device_id', '=', only ?? ''))
    .orderBy('since')
    .execute();
  const troubles = await store
    .selectFrom('machine_troubles')
    .select(['device_id', 'kind', 'detail', 'since'])
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .$if(only !== null, (rows) => rows.where('device_id', '=', only ?? ''))
    .orderBy('since')
    .execute();
  const states = await store
    .selectFrom('machine_states')
    .select(['device_id', 'bad_checks'])
    .where('trust_id', '=', trustId)
    .where(inScope('school_id', scope))
    .$if(only !== null, (rows) => rows.where('device_id', '=', only ?? ''))
    .execute();
  const newest = new Map(chains.map((chain) => [chain.device_id, chain]));
  const forkCounts = new Map(forks.map((fork) => [fork.device_id, fork.count]));
  const sessionsOf = Map.groupBy(sessions, (session) => session.device_id);
  const troublesOf = Map.groupBy(troubles, (trouble) => trouble.device_id);
  const badChecks = new Map(states.map((state) => [state.device_id, badChecksOf(state.bad_checks)]));
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
    sessions: (sessionsOf.get(device.device_id) ?? []).map((session) => ({
      accountName: session.account_name,
      since: session.since,
      lockedSince: session.locked_since,
    })),
    troubles: (troublesOf.get(device.device_id) ?? []).map(({ kind, detail, since }) => ({
      kind: troubleKind.parse(kind),
      detail,
      since,
    })),
    badChecks: badChecks.get(device.device_id) ?? [],
  }));
}
