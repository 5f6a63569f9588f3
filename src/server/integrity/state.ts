import type { IntegrityState } from '../../contract/console-integrity.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { keyFingerprint, logOrigin, readCheckpoint } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import { inScope } from '../store/in-scope.ts';
import { findingsFor } from './findings.ts';
import type { WitnessSettings } from './witness.ts';

const checkpointsShown = 50;
const findingsShown = 100;

/** What the page Integrity says, for the schools the reader may see; checks and checkpoints are the trust's. */
export async function readState(
  context: ServerContext,
  scope: SchoolScope,
  witness: WitnessSettings | null,
): Promise<IntegrityState> {
  const { key, owner } = context;
  const findings = await readFindings(context, scope);
  const counts = await readCounts(context, scope);
  const { last, underWay } = await readPasses(context, scope);
  const checkpoints = await readCheckpoints(context);
  const open = findings.some(({ resolvedAt }) => resolvedAt === null);
  const held = counts.records > 0;
  const state = open ? 'unsound' : !held ? 'empty' : last === null ? 'checking' : 'sound';
  return {
    state,
    soundAsOf: last?.startedAt ?? null,
    lastFullCheck: last,
    underWay: underWay === null ? null : { ...underWay, ofRecords: Math.max(counts.records, underWay.records) },
    ...counts,
    findings,
    checkpoints,
    witness: witness === null ? null : await readWitness(context, witness, findings),
    origin: logOrigin(key.publicKey, owner.trustId),
    serverKeyFingerprint: keyFingerprint(key.publicKey),
    schools: await readSchools(context, scope),
  };
}

async function readFindings({ store, owner }: ServerContext, scope: SchoolScope): Promise<IntegrityState['findings']> {
  const rows = await store
    .selectFrom('integrity_findings')
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'integrity_findings.trust_id')
        .onRef('devices.device_id', '=', 'integrity_findings.device_id'),
    )
    .select([
      'finding_id as id',
      'kind',
      'integrity_findings.device_id as deviceId',
      'devices.hostname',
      'epoch',
      'seq',
      'detail',
      'found_at as foundAt',
      'resolved_at as resolvedAt',
    ])
    .where('integrity_findings.trust_id', '=', owner.trustId)
    .where(findingsFor(scope))
    .orderBy('found_at', 'desc')
    .limit(findingsShown)
    .execute();
  return rows.map((row) => ({ ...row, kind: kindOf(row.kind) }));
}

const kinds: readonly IntegrityState['findings'][number]['kind'][] = [
  'recordChanged',
  'recordMissing',
  'badSignature',
  'logChanged',
  'witnessRefused',
];
const kindOf = (stored: string) => kinds.find((one) => one === stored) ?? 'logChanged';

async function readCounts({ store, owner }: ServerContext, scope: SchoolScope) {
  const chains = await store
    .selectFrom('chains')
    .leftJoin('chain_checks', (join) =>
      join
        .onRef('chain_checks.trust_id', '=', 'chains.trust_id')
        .onRef('chain_checks.device_id', '=', 'chains.device_id')
        .onRef('chain_checks.epoch', '=', 'chains.epoch'),
    )
    .select((row) => [
      row.fn.count<number>('chains.device_id').distinct().as('machines'),
      row.fn.sum<number>('head_seq').as('records'),
      row.fn.sum<number>(row.fn.coalesce('checked_seq', row.lit(0))).as('checked'),
    ])
    .where('chains.trust_id', '=', owner.trustId)
    .where(inScope('chains.school_id', scope))
    .executeTakeFirstOrThrow();
  const forks = await store
    .selectFrom('forks')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .executeTakeFirstOrThrow();
  const rejected = await store
    .selectFrom('rejected_batches')
    .leftJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'rejected_batches.trust_id')
        .onRef('devices.device_id', '=', 'rejected_batches.device_id'),
    )
    .select((row) => row.fn.sum<number>('batches').as('count'))
    .where('rejected_batches.trust_id', '=', owner.trustId)
    // What came from strangers belongs to no school: only who sees the whole trust sees it.
    .where(inScope('devices.school_id', scope))
    .executeTakeFirstOrThrow();
  const records = Number(chains.records ?? 0);
  return {
    machines: Number(chains.machines),
    records,
    uncheckedRecords: Math.max(0, records - Number(chains.checked ?? 0)),
    forks: Number(forks.count),
    rejectedBatches: Number(rejected.count ?? 0),
  };
}

async function readPasses({ store, owner }: ServerContext, scope: SchoolScope) {
  const newest = await store
    .selectFrom('check_passes')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .orderBy('pass', 'desc')
    .limit(2)
    .execute();
  const ended = newest.find((pass) => pass.finished_at !== null);
  const open = newest.find((pass) => pass.finished_at === null);
  return {
    last:
      ended === undefined || ended.finished_at === null
        ? null
        : {
            startedAt: ended.started_at,
            finishedAt: ended.finished_at,
            // What it went over is the trust's, which is nobody's business who looks after one school.
            ...(scope === 'all'
              ? { records: ended.records, machines: ended.chains }
              : { records: null, machines: null }),
          },
    underWay:
      open === undefined
        ? null
        : { startedAt: open.started_at, records: await wentOver({ store, owner }, scope, open.pass) },
  };
}

/** Records of the scope that a check under way went over. */
async function wentOver(
  { store, owner }: Pick<ServerContext, 'store' | 'owner'>,
  scope: SchoolScope,
  pass: number,
): Promise<number> {
  const { records } = await store
    .selectFrom('chain_checks')
    .innerJoin('chains', (join) =>
      join
        .onRef('chains.trust_id', '=', 'chain_checks.trust_id')
        .onRef('chains.device_id', '=', 'chain_checks.device_id')
        .onRef('chains.epoch', '=', 'chain_checks.epoch'),
    )
    .select((row) =>
      row.fn
        .sum<number>(
          row
            .case()
            .when('chain_checks.pass', '>=', pass)
            .then(row.ref('chains.head_seq'))
            .else(row.ref('chain_checks.pass_seq'))
            .end(),
        )
        .as('records'),
    )
    .where('chain_checks.trust_id', '=', owner.trustId)
    .where(inScope('chains.school_id', scope))
    .executeTakeFirstOrThrow();
  return Number(records ?? 0);
}

async function readCheckpoints({ store, owner }: ServerContext): Promise<IntegrityState['checkpoints']> {
  const rows = await store
    .selectFrom('checkpoints')
    .select(['size', 'at', 'note'])
    .where('trust_id', '=', owner.trustId)
    .orderBy('size', 'desc')
    .limit(checkpointsShown)
    .execute();
  const smallest = rows.at(-1)?.size ?? 0;
  const signed = await store
    .selectFrom('cosignatures')
    .select(['size', 'witness'])
    .where('trust_id', '=', owner.trustId)
    .where('size', '>=', smallest)
    .execute();
  return rows.map(({ size, at, note }) => ({
    size,
    at,
    root: readCheckpoint(note)?.root.toString('base64') ?? '',
    witnesses: signed.filter((one) => one.size === size).map(({ witness }) => witness),
  }));
}

async function readWitness(
  { store, owner }: ServerContext,
  witness: WitnessSettings,
  findings: IntegrityState['findings'],
): Promise<IntegrityState['witness']> {
  const newest = await store
    .selectFrom('cosignatures')
    .select(['size', 'at'])
    .where('trust_id', '=', owner.trustId)
    .where('witness', '=', witness.name)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst();
  const refused = findings.some((one) => one.kind === 'witnessRefused' && one.resolvedAt === null);
  return { name: witness.name, newestSize: newest?.size ?? 0, newestAt: newest?.at ?? null, refused };
}

async function readSchools({ store, owner }: ServerContext, scope: SchoolScope): Promise<IntegrityState['schools']> {
  return await store
    .selectFrom('schools')
    .select(['school_id as id', 'name'])
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .orderBy('name')
    .limit(500)
    .execute();
}
