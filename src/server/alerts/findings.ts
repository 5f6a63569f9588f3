import { sql, type SqlBool, type Transaction } from 'kysely';
import type { FindingKind } from '../../contract/console-alerts.ts';
import { unknownDevice } from '../ingest/rejected-batches.ts';
import type { Tables } from '../store/tables.ts';
import type { Candidate } from './raise.ts';
import type { KeptRule } from './rules.ts';
import { everySchool, type AlertContext } from './surroundings.ts';

const dayMs = 86_400_000;
/** As on the overview. */
const silentDays = 7;
/** What is older was found while nobody looked, and is on the overview all the same. */
const lookBackDays = 7;
/** Most of one kind taken up in one look; the next look takes the rest. */
const atOnce = 200;

/** Findings of the server that were not counted yet, marked as counted in the same transaction. */
export async function findingCandidates(
  context: AlertContext,
  transaction: Transaction<Tables>,
  rules: readonly KeptRule[],
): Promise<Candidate[]> {
  const wanted = (kind: FindingKind) => rules.some(({ what }) => what.includes(`finding:${kind}`));
  return [
    ...(wanted('integrity') ? await integrityFindings(context, transaction) : []),
    ...(wanted('clonedMachine') ? await machineFindings(context, transaction, 'cloned') : []),
    ...(wanted('rolledBackMachine') ? await machineFindings(context, transaction, 'rolledBack') : []),
    ...(wanted('fork') ? await forks(context, transaction) : []),
    ...(wanted('rejectedBatch') ? await rejectedBatches(context, transaction) : []),
    ...(wanted('silentMachine') ? await silentMachines(context, transaction) : []),
    ...(wanted('leaverSeen') ? await leaversSeen(context, transaction) : []),
  ];
}

/** Counts a finding up to `total`. @returns how many are new; 0 when another look had them. */
async function countNew(
  { owner, now }: AlertContext,
  transaction: Transaction<Tables>,
  finding: string,
  total: number,
): Promise<number> {
  const before = await transaction
    .selectFrom('alert_findings')
    .select('counted')
    .where('trust_id', '=', owner.trustId)
    .where('finding', '=', finding)
    .executeTakeFirst();
  const counted = before?.counted ?? 0;
  if (total <= counted) return 0;
  const seen = { counted: total, seen_at: now().toISOString() };
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('alert_findings')
    .values({ trust_id: owner.trustId, finding, ...seen })
    .onConflict((conflict) =>
      conflict.columns(['trust_id', 'finding']).doUpdateSet(seen).where('alert_findings.counted', '=', counted),
    )
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n ? total - counted : 0;
}

const since = ({ now }: AlertContext, days: number): string => new Date(now().getTime() - days * dayMs).toISOString();

function candidate(
  kind: FindingKind,
  of: { schoolId: string; count: number; at: string; machineId: string | null; machine: string | null },
): Candidate {
  const { schoolId, count, at, machineId, machine } = of;
  const href = kind === 'integrity' ? '/integrity' : machineId === null ? '/machines' : `/machines/${machineId}`;
  const subject = `finding:${kind}` as const;
  return { subject, schoolId, count, match: { subject, at, machineId, machine, person: null, detail: null, href } };
}

/** What a check found that does not verify. Found again after it was sound, it is told of again. */
async function integrityFindings(context: AlertContext, transaction: Transaction<Tables>): Promise<Candidate[]> {
  const rows = await transaction
    .selectFrom('integrity_findings')
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'integrity_findings.trust_id')
        .onRef('devices.device_id', '=', 'integrity_findings.device_id'),
    )
    .leftJoin('alert_findings', (join) =>
      join
        .onRef('alert_findings.trust_id', '=', 'integrity_findings.trust_id')
        .on(
          sql<SqlBool>`alert_findings.finding = 'integrity:' || integrity_findings.finding_id || ':' || integrity_findings.found_at`,
        ),
    )
    .select([
      'integrity_findings.finding_id',
      'integrity_findings.school_id',
      'integrity_findings.device_id',
      'integrity_findings.found_at',
      'devices.hostname',
    ])
    .where('integrity_findings.trust_id', '=', context.owner.trustId)
    .where('integrity_findings.resolved_at', 'is', null)
    .where('alert_findings.finding', 'is', null)
    .orderBy('integrity_findings.found_at')
    .limit(atOnce)
    .execute();
  const found: Candidate[] = [];
  for (const row of rows) {
    const at = row.found_at;
    const count = await countNew(context, transaction, `integrity:${row.finding_id}:${at}`, 1);
    const of = { schoolId: row.school_id ?? everySchool, at, machineId: row.device_id, machine: row.hostname };
    if (count > 0) found.push(candidate('integrity', { ...of, count }));
  }
  return found;
}

const alertedAs = { cloned: 'clonedMachine', rolledBack: 'rolledBackMachine' } as const;

/** What was found about a machine and nobody has resolved: told of once, however often it is found again. */
async function machineFindings(
  context: AlertContext,
  transaction: Transaction<Tables>,
  kind: keyof typeof alertedAs,
): Promise<Candidate[]> {
  const rows = await transaction
    .selectFrom('machine_findings')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'machine_findings.trust_id')
        .onRef('devices.device_id', '=', 'machine_findings.device_id'),
    )
    .leftJoin('alert_findings', (join) =>
      join
        .onRef('alert_findings.trust_id', '=', 'machine_findings.trust_id')
        .on(sql<SqlBool>`alert_findings.finding = 'machine:' || machine_findings.finding_id`),
    )
    .select([
      'machine_findings.finding_id',
      'machine_findings.school_id',
      'machine_findings.device_id',
      'machine_findings.found_at',
      'devices.hostname',
    ])
    .where('machine_findings.trust_id', '=', context.owner.trustId)
    .where('machine_findings.kind', '=', kind)
    .where('machine_findings.closed', '=', '')
    .where('alert_findings.finding', 'is', null)
    .limit(atOnce)
    .execute();
  const found: Candidate[] = [];
  for (const row of rows) {
    const count = await countNew(context, transaction, `machine:${row.finding_id}`, 1);
    const of = { schoolId: row.school_id, at: row.found_at, machineId: row.device_id, machine: row.hostname };
    if (count > 0) found.push(candidate(alertedAs[kind], { ...of, count }));
  }
  return found;
}

async function forks(context: AlertContext, transaction: Transaction<Tables>): Promise<Candidate[]> {
  const rows = await transaction
    .selectFrom('forks')
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'forks.trust_id').onRef('devices.device_id', '=', 'forks.device_id'),
    )
    .select((row) => [
      'forks.device_id',
      'forks.school_id',
      'devices.hostname',
      row.fn.countAll<number>().as('count'),
      row.fn.max('found_at').as('last_at'),
    ])
    .where('forks.trust_id', '=', context.owner.trustId)
    .groupBy(['forks.device_id', 'forks.school_id', 'devices.hostname'])
    .execute();
  const found: Candidate[] = [];
  for (const row of rows) {
    const count = await countNew(context, transaction, `fork:${row.device_id}`, Number(row.count));
    const of = { schoolId: row.school_id, at: row.last_at, machineId: row.device_id, machine: row.hostname };
    if (count > 0) found.push(candidate('fork', { ...of, count }));
  }
  return found;
}

async function rejectedBatches(context: AlertContext, transaction: Transaction<Tables>): Promise<Candidate[]> {
  const rows = await transaction
    .selectFrom('rejected_batches')
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'rejected_batches.trust_id')
        .onRef('devices.device_id', '=', 'rejected_batches.device_id'),
    )
    .select([
      'rejected_batches.device_id',
      'rejected_batches.code',
      'rejected_batches.day',
      'rejected_batches.batches',
      'rejected_batches.last_at',
      'devices.hostname',
      'devices.school_id',
    ])
    .where('rejected_batches.trust_id', '=', context.owner.trustId)
    .where('rejected_batches.last_at', '>=', since(context, lookBackDays))
    .execute();
  const found: Candidate[] = [];
  for (const row of rows) {
    const key = `rejected:${row.device_id}:${row.code}:${row.day}`;
    const count = await countNew(context, transaction, key, Number(row.batches));
    const machineId = row.device_id === unknownDevice ? null : row.device_id;
    const of = { schoolId: row.school_id ?? everySchool, at: row.last_at, machineId, machine: row.hostname };
    if (count > 0) found.push(candidate('rejectedBatch', { ...of, count }));
  }
  return found;
}

async function silentMachines(context: AlertContext, transaction: Transaction<Tables>): Promise<Candidate[]> {
  const rows = await transaction
    .selectFrom('devices')
    .leftJoin('alert_findings', (join) =>
      join
        .onRef('alert_findings.trust_id', '=', 'devices.trust_id')
        .on(sql<SqlBool>`alert_findings.finding = 'silent:' || devices.device_id || ':' || devices.last_seen_at`),
    )
    .select(['devices.device_id', 'devices.school_id', 'devices.hostname', 'devices.last_seen_at'])
    .where('devices.trust_id', '=', context.owner.trustId)
    .where('devices.last_seen_at', '<', since(context, silentDays))
    .where('alert_findings.finding', 'is', null)
    .limit(atOnce)
    .execute();
  const found: Candidate[] = [];
  for (const row of rows) {
    const at = row.last_seen_at ?? '';
    const count = await countNew(context, transaction, `silent:${row.device_id}:${at}`, 1);
    const of = { schoolId: row.school_id, at, machineId: row.device_id, machine: row.hostname };
    if (count > 0) found.push(candidate('silentMachine', { ...of, count }));
  }
  return found;
}

/** Accounts that were used after their owner had left, each once. */
async function leaversSeen(context: AlertContext, transaction: Transaction<Tables>): Promise<Candidate[]> {
  const rows = await transaction
    .selectFrom('people')
    .select(['person_id', 'school_id', 'account_name', 'seen_after_leaving_at'])
    .where('trust_id', '=', context.owner.trustId)
    .where('left_at', 'is not', null)
    .where('seen_after_leaving_at', '>=', since(context, lookBackDays))
    .limit(atOnce)
    .execute();
  const found: Candidate[] = [];
  for (const row of rows) {
    const at = row.seen_after_leaving_at ?? '';
    const count = await countNew(context, transaction, `leaver:${row.person_id}:${at}`, 1);
    if (count === 0) continue;
    const subject = 'finding:leaverSeen' as const;
    const match = {
      subject,
      at,
      machineId: null,
      machine: null,
      person: row.account_name,
      detail: null,
      href: '/people/leavers',
    };
    found.push({ subject, schoolId: row.school_id, count, match });
  }
  return found;
}
