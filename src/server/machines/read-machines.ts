import type { SelectQueryBuilder } from 'kysely';
import type { z } from 'zod';
import { troubleKind, type machines, type MachineDetail, type MachineSummary } from '../../contract/console.ts';
import type { machinesQuery } from '../../contract/console-machines.ts';
import { findingKind, standing } from '../../contract/machine-standing.ts';
import { inventory, posture } from '../../contract/machine-state.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { badChecksOf } from '../sessions/attention.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import { containing } from '../store/searching.ts';
import type { DeviceTable, Tables } from '../store/tables.ts';
import { nameOf } from './listed-as.ts';

/** Whose machines are read. */
export interface MachineReader {
  store: StoreOrTransaction;
  trustId: string;
  scope: SchoolScope;
}

type Filters = Omit<z.infer<typeof machinesQuery>, 'after' | 'limit'>;
type DeviceQuery<O> = SelectQueryBuilder<Tables, 'devices', O>;

/** Narrows a query of machines to the reader's schools and what was asked for. */
export function filtered<O>(
  query: DeviceQuery<O>,
  { trustId, scope }: MachineReader,
  filters: Filters,
): DeviceQuery<O> {
  let narrowed = query.where('devices.trust_id', '=', trustId).where(inScope('devices.school_id', scope));
  if (filters.school !== undefined) narrowed = narrowed.where('devices.school_id', '=', filters.school);
  if (filters.standing !== undefined) narrowed = narrowed.where('devices.standing', '=', filters.standing);
  if (filters.search !== undefined && filters.search !== '') {
    narrowed = narrowed.where(containing('devices.search_text', filters.search));
  }
  const { finding } = filters;
  if (finding === undefined) return narrowed;
  return narrowed.where(({ exists, selectFrom }) =>
    exists(
      selectFrom('machine_findings')
        .select('machine_findings.finding_id')
        .whereRef('machine_findings.trust_id', '=', 'devices.trust_id')
        .whereRef('machine_findings.device_id', '=', 'devices.device_id')
        .where('machine_findings.closed', '=', '')
        .$if(finding !== 'any', (rows) => rows.where('machine_findings.kind', '=', finding)),
    ),
  );
}

/** One page of machines by name. `after` is the id of the last machine of the page before. */
export async function readMachines(
  reader: MachineReader,
  query: z.infer<typeof machinesQuery>,
): Promise<z.infer<typeof machines>> {
  let select = filtered(reader.store.selectFrom('devices').selectAll('devices'), reader, query)
    .orderBy('devices.sort_name')
    .orderBy('devices.device_id')
    .limit(query.limit + 1);
  const anchor = query.after === undefined ? undefined : await deviceOf(reader, query.after);
  if (anchor !== undefined) {
    select = select.where((row) =>
      row.or([
        row('devices.sort_name', '>', anchor.sort_name),
        row.and([row('devices.sort_name', '=', anchor.sort_name), row('devices.device_id', '>', anchor.device_id)]),
      ]),
    );
  }
  const found = await select.execute();
  const page = found.slice(0, query.limit);
  return {
    items: await summaries(reader, page),
    next: found.length > query.limit ? (page.at(-1)?.device_id ?? null) : null,
  };
}

const deviceOf = (reader: MachineReader, deviceId: string) =>
  filtered(reader.store.selectFrom('devices').selectAll('devices'), reader, {})
    .where('devices.device_id', '=', deviceId)
    .executeTakeFirst();

/** One machine with what it last said about itself; null when there is none that the reader may see. */
export async function readMachine(reader: MachineReader, deviceId: string): Promise<MachineDetail | null> {
  const device = await deviceOf(reader, deviceId);
  const [summary] = device === undefined ? [] : await summaries(reader, [device]);
  if (summary === undefined) return null;
  const state = await reader.store
    .selectFrom('machine_states')
    .selectAll()
    .where('trust_id', '=', reader.trustId)
    .where('device_id', '=', deviceId)
    .executeTakeFirst();
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

/** Puts together what several tables hold of these machines; nothing of others is read. */
async function summaries(
  { store, trustId }: MachineReader,
  devices: readonly DeviceTable[],
): Promise<MachineSummary[]> {
  if (devices.length === 0) return [];
  const ids = devices.map((device) => device.device_id);
  const chains = await store
    .selectFrom('chains')
    .select(['device_id', 'epoch', 'head_seq'])
    .where('trust_id', '=', trustId)
    .where('device_id', 'in', ids)
    .orderBy('epoch')
    .execute();
  const forks = await store
    .selectFrom('forks')
    .select((row) => ['device_id', row.fn.countAll<number>().as('count')])
    .where('trust_id', '=', trustId)
    .where('device_id', 'in', ids)
    .groupBy('device_id')
    .execute();
  const sessions = await store
    .selectFrom('open_sessions')
    .select(['device_id', 'account_name', 'since', 'locked_since'])
    .where('trust_id', '=', trustId)
    .where('device_id', 'in', ids)
    .orderBy('since')
    .execute();
  const troubles = await store
    .selectFrom('machine_troubles')
    .select(['device_id', 'kind', 'detail', 'since'])
    .where('trust_id', '=', trustId)
    .where('device_id', 'in', ids)
    .orderBy('since')
    .execute();
  const states = await store
    .selectFrom('machine_states')
    .select(['device_id', 'bad_checks'])
    .where('trust_id', '=', trustId)
    .where('device_id', 'in', ids)
    .execute();
  const findings = await store
    .selectFrom('machine_findings')
    .select(['device_id', 'kind'])
    .where('trust_id', '=', trustId)
    .where('device_id', 'in', ids)
    .where('closed', '=', '')
    .orderBy('found_at')
    .execute();
  const schools = await store
    .selectFrom('schools')
    .select(['school_id', 'name'])
    .where('trust_id', '=', trustId)
    .where('school_id', 'in', [...new Set(devices.map((device) => device.school_id))])
    .execute();
  const replaced = await namesOf(store, trustId, devices);
  const newest = new Map(chains.map((chain) => [chain.device_id, chain]));
  const forkCounts = new Map(forks.map((fork) => [fork.device_id, Number(fork.count)]));
  const sessionsOf = Map.groupBy(sessions, (session) => session.device_id);
  const troublesOf = Map.groupBy(troubles, (trouble) => trouble.device_id);
  const findingsOf = Map.groupBy(findings, (finding) => finding.device_id);
  const badChecks = new Map(states.map((state) => [state.device_id, badChecksOf(state.bad_checks)]));
  const schoolNames = new Map(schools.map((school) => [school.school_id, school.name]));
  return devices.map((device) => ({
    deviceId: device.device_id,
    name: nameOf(device),
    hostname: device.hostname,
    schoolId: device.school_id,
    school: schoolNames.get(device.school_id) ?? device.school_id,
    standing: standing.parse(device.standing),
    standingReason: device.standing_reason,
    standingAt: device.standing_at,
    standingBy: device.standing_by,
    findings: (findingsOf.get(device.device_id) ?? []).map(({ kind }) => findingKind.parse(kind)),
    replaces:
      device.replaces === null
        ? null
        : { deviceId: device.replaces, name: replaced.get(device.replaces) ?? 'another machine' },
    operatingSystem: device.operating_system,
    model: device.model,
    serial: device.serial,
    agentVersion: device.agent_version,
    enrolledAt: device.enrolled_at,
    lastSeenAt: device.last_seen_at,
    clockOffsetMs: device.clock_offset_ms === null ? null : Number(device.clock_offset_ms),
    epoch: newest.get(device.device_id)?.epoch ?? null,
    head: numberOf(newest.get(device.device_id)?.head_seq),
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

const numberOf = (value: number | undefined): number | null => (value === undefined ? null : Number(value));

/** Names of the machines that these replace. */
async function namesOf(
  store: StoreOrTransaction,
  trustId: string,
  devices: readonly DeviceTable[],
): Promise<Map<string, string>> {
  const ids = devices.map((device) => device.replaces).filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const rows = await store
    .selectFrom('devices')
    .select(['device_id', 'hostname', 'display_name'])
    .where('trust_id', '=', trustId)
    .where('device_id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.device_id, nameOf(row)]));
}
