import type { ServerContext } from '../context.ts';
import { checkPage, recordsPerPage, type ChainPlace } from './check-chain.ts';
import { checkLogPage } from './check-log.ts';
import { openFinding, settleFindings } from './findings.ts';
import { newCheck } from './log.ts';

/** A full check begins when the last one ended so long ago. */
const restMs = 60 * 60_000;
/** Chains looked for at a time. */
const chainsAtOnce = 50;
/** What a full check sees and may therefore find settled; the log's own findings end with it too. */
const checkedKinds = ['recordChanged', 'recordMissing', 'badSignature', 'logChanged'] as const;

export interface CheckOptions {
  /** Most records and leaves one run goes over; the next goes on from there. */
  budget: number;
  /** Begin a full check though the last ended a moment ago. */
  now?: boolean;
}

/**
 * Verifies what is held once more, a bounded part of it at a time: first what arrived since the last run, then the full
 * check under way. Everything that does not verify becomes a finding. Progress is kept, so that any server process can
 * go on.
 */
export async function checkHeld(context: ServerContext, options: CheckOptions): Promise<void> {
  const budget = { left: options.budget };
  await checkArrivals(context, budget);
  if (budget.left <= 0) return;
  const pass = await passUnderWay(context, options.now === true);
  if (pass !== null) await continuePass(context, pass, budget);
}

interface Budget {
  left: number;
}

/** Lets requests be answered between two pages of work. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Machines' epochs with how far each check came, in the order of their keys. */
const chainsOf = ({ store, owner }: ServerContext) =>
  store
    .selectFrom('chains')
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'chains.trust_id').onRef('devices.device_id', '=', 'chains.device_id'),
    )
    .leftJoin('chain_checks', (join) =>
      join
        .onRef('chain_checks.trust_id', '=', 'chains.trust_id')
        .onRef('chain_checks.device_id', '=', 'chains.device_id')
        .onRef('chain_checks.epoch', '=', 'chains.epoch'),
    )
    .select([
      'chains.device_id',
      'chains.epoch',
      'chains.school_id',
      'chains.head_seq',
      'chains.head_hash',
      'devices.public_key',
      'devices.hostname',
      'chain_checks.checked_seq',
      'chain_checks.checked_hash',
      'chain_checks.pass',
      'chain_checks.pass_seq',
      'chain_checks.pass_hash',
    ])
    .where('chains.trust_id', '=', owner.trustId)
    .orderBy('chains.device_id')
    .orderBy('chains.epoch')
    .limit(chainsAtOnce);

type ChainRow = Awaited<ReturnType<ReturnType<typeof chainsOf>['execute']>>[number];

const placeOf = (row: ChainRow, afterSeq: number, afterHash: string | null): ChainPlace => ({
  deviceId: row.device_id,
  publicKey: row.public_key,
  hostname: row.hostname,
  epoch: row.epoch,
  headSeq: row.head_seq,
  headHash: row.head_hash,
  afterSeq,
  afterHash,
});

/** What arrived since it was last looked at. A chain with a fault counts as looked at: the full check comes back to it. */
async function checkArrivals(context: ServerContext, budget: Budget): Promise<void> {
  // Only a full check that begins later may find it settled: the one under way may have been there already.
  const pass = (await newestPass(context))?.pass ?? 0;
  for (;;) {
    const rows = await chainsOf(context)
      .where((row) => row('chains.head_seq', '>', row.fn.coalesce('chain_checks.checked_seq', row.lit(0))))
      .execute();
    if (rows.length === 0) return;
    for (const row of rows) {
      let place = placeOf(row, row.checked_seq ?? 0, row.checked_hash);
      while (place.afterSeq < place.headSeq) {
        if (budget.left <= 0) return;
        const { seq, hash, records, fault } = await checkPage(context, place);
        budget.left -= Math.max(records, 1);
        if (fault !== null) await openChainFinding(context, row, fault, pass);
        place = { ...place, afterSeq: fault === null ? seq : row.head_seq, afterHash: fault === null ? hash : null };
        await noteCheck(context, row, { checked_seq: place.afterSeq, checked_hash: place.afterHash });
        await breathe();
      }
    }
  }
}

interface Pass {
  pass: number;
  records: number;
  chains: number;
  leaves: number;
  edge: string;
}

const newestPass = ({ store, owner }: ServerContext) =>
  store
    .selectFrom('check_passes')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .orderBy('pass', 'desc')
    .limit(1)
    .executeTakeFirst();

/** The full check to go on with; begins one when it is time. Null while there is none to do. */
async function passUnderWay(context: ServerContext, wanted: boolean): Promise<Pass | null> {
  const { store, owner, now } = context;
  const newest = await newestPass(context);
  if (newest !== undefined && newest.finished_at === null) return newest;
  const ended = newest?.finished_at ?? null;
  if (!wanted && ended !== null && now().getTime() - Date.parse(ended) < restMs) return null;
  const begun: Pass = { pass: (newest?.pass ?? 0) + 1, records: 0, chains: 0, leaves: 0, edge: '[]' };
  await store
    .insertInto('check_passes')
    .values({ trust_id: owner.trustId, ...begun, started_at: now().toISOString(), finished_at: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return begun;
}

async function continuePass(context: ServerContext, pass: Pass, budget: Budget): Promise<void> {
  const { store, owner, now } = context;
  const note = (change: Partial<Pass> & { finished_at?: string }) =>
    store
      .updateTable('check_passes')
      .set(change)
      .where('trust_id', '=', owner.trustId)
      .where('pass', '=', pass.pass)
      .execute();
  while (budget.left > 0) {
    const rows = await chainsOf(context)
      .where((row) => row(row.fn.coalesce('chain_checks.pass', row.lit(0)), '<', pass.pass))
      .execute();
    if (rows.length === 0) break;
    for (const row of rows) {
      const went = await passOverChain(context, row, pass, budget);
      pass.records += went.records;
      pass.chains += went.ended ? 1 : 0;
      await note({ records: pass.records, chains: pass.chains });
      if (!went.ended) return;
    }
  }
  while (budget.left > 0) {
    const page = await checkLogPage(context, pass);
    budget.left -= Math.max(page.records, 1);
    pass.leaves = page.leaves;
    pass.edge = page.edge;
    await note({ leaves: pass.leaves, edge: pass.edge });
    if (page.fault !== null)
      await openFinding(context, {
        kind: 'logChanged',
        place: null,
        schoolId: null,
        detail: page.fault,
        pass: pass.pass,
      });
    if (page.fault !== null || page.records === 0) {
      await settleFindings(context, checkedKinds, pass.pass);
      await note({ finished_at: now().toISOString() });
      return;
    }
    await breathe();
  }
}

/** Goes on over one chain. While it is under way, `pass_seq` says how far; when it ended, `pass` is this one's. */
async function passOverChain(
  context: ServerContext,
  row: ChainRow,
  pass: Pass,
  budget: Budget,
): Promise<{ records: number; ended: boolean }> {
  let place = placeOf(row, row.pass_seq ?? 0, row.pass_hash);
  let went = 0;
  for (;;) {
    if (budget.left <= 0) return { records: went, ended: false };
    const { seq, hash, records, fault } = await checkPage(context, place);
    budget.left -= Math.max(records, 1);
    went += records;
    if (fault !== null) await openChainFinding(context, row, fault, pass.pass);
    place = { ...place, afterSeq: seq, afterHash: hash };
    if (fault !== null || records < recordsPerPage || seq >= row.head_seq) {
      await noteCheck(context, row, { pass: pass.pass, pass_seq: 0, pass_hash: null });
      await breathe();
      return { records: went, ended: true };
    }
    await noteCheck(context, row, { pass_seq: seq, pass_hash: hash });
    await breathe();
  }
}

const openChainFinding = (
  context: ServerContext,
  row: ChainRow,
  fault: { kind: (typeof checkedKinds)[number] | 'witnessRefused'; seq: number; detail: string },
  pass: number,
): Promise<void> =>
  openFinding(context, {
    kind: fault.kind,
    place: { deviceId: row.device_id, epoch: row.epoch, seq: fault.seq },
    schoolId: row.school_id,
    detail: fault.detail,
    pass,
  });

async function noteCheck(
  { store, owner }: ServerContext,
  row: ChainRow,
  change: Partial<{
    checked_seq: number;
    checked_hash: string | null;
    pass: number;
    pass_seq: number;
    pass_hash: string | null;
  }>,
): Promise<void> {
  await store
    .insertInto('chain_checks')
    .values({ ...newCheck({ trust_id: owner.trustId, ...row }), ...change })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id', 'epoch']).doUpdateSet(change))
    .execute();
}
