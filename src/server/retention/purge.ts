import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { sql, SqliteAdapter, type Transaction } from 'kysely';
import { z } from 'zod';
import { auditActor, type AuditActor } from '../../contract/audit.ts';
import type { ErasePerson } from '../../contract/console-privacy.ts';
import { keepFor, retentionCategory } from '../../contract/retention.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { recordAction, theServer } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { takeNumbers } from '../store/counters.ts';
import { inScope } from '../store/in-scope.ts';
import type { PurgeTable, Tables } from '../store/tables.ts';
import type { Job } from '../jobs/jobs.ts';
import { holdsOf, heldInSql } from './holds.ts';
import { removeBatch, type RemovedBatch, type Wanted } from './remove-batch.ts';
import { removeOthers } from './remove-others.ts';
import { unnameFindings } from './remove-findings.ts';
import { everySchool, keptBy, schoolsIn } from './settings.ts';

const storedCounts = z.partialRecord(retentionCategory, z.int().min(0));
const storedRules = z.record(retentionCategory, keepFor);
const byPolicy = 'Kept for as long as the retention settings say, and no longer.';
/** The digest before anything was removed. */
const nothingYet = '0'.repeat(64);

/** What a removal works with. */
export type PurgeContext = Pick<ServerContext, 'store' | 'owner' | 'now'>;

/** One removal as its row says. */
function wantedOf(purge: PurgeTable): Wanted {
  return purge.kind === 'person'
    ? {
        kind: 'person',
        schoolId: purge.school_id,
        personId: purge.person_id ?? '',
        keepAcceptances: purge.keep_acceptances === 1,
      }
    : {
        kind: 'retention',
        schoolId: purge.school_id,
        rules: storedRules.parse(JSON.parse(purge.rules)),
        now: new Date(purge.started_at),
      };
}

type Fresh = Pick<PurgeTable, 'trust_id' | 'school_id' | 'kind' | 'reason' | 'actor' | 'started_at' | 'rules'>;
const fresh = (row: Fresh): PurgeTable => ({
  ...row,
  purge_id: randomUUID(),
  state: 'running',
  person_id: null,
  account_key: null,
  keep_acceptances: 1,
  ended_at: null,
  counts: '{}',
  other_rows: 0,
  oldest_at: null,
  newest_at: null,
  digest: nothingYet,
  still_held: 0,
  audit_number: null,
  audit_hash: null,
});

export interface Ran {
  records: number;
  otherRows: number;
  /** False: time was up, and there is more. */
  finished: boolean;
}

/**
 * Goes on with removals that were begun, then removes what is due in each school of the scope, batch by batch, until
 * nothing is left or the time is up. Each batch is one transaction with its own part of the purge's row, so a server that
 * is killed at any point goes on where it was.
 * @param patienceMs stops after so long, between two batches.
 */
export async function purgeWhatIsDue(
  context: PurgeContext,
  scope: SchoolScope,
  actor: AuditActor,
  patienceMs: number,
): Promise<Ran> {
  const { store, owner } = context;
  const endAt = performance.now() + patienceMs;
  const total: Ran = { records: 0, otherRows: 0, finished: true };
  const begun = await store
    .selectFrom('purges')
    .selectAll()
    .where('trust_id', '=', owner.trustId)
    .where('state', '=', 'running')
    .where(inScope('purges.school_id', scope))
    .orderBy('started_at')
    .execute();
  const due: PurgeTable[] = [];
  const schools = (await schoolsIn(store, owner.trustId, scope)).map(({ id }) => id);
  // Alerts about the trust as a whole belong to no school.
  for (const id of scope === 'all' ? [...schools, everySchool] : schools) {
    if (begun.some((one) => one.kind === 'retention' && one.school_id === id)) continue;
    due.push(
      fresh({
        trust_id: owner.trustId,
        school_id: id,
        kind: 'retention',
        reason: byPolicy,
        actor: JSON.stringify(actor),
        started_at: context.now().toISOString(),
        rules: JSON.stringify(await keptBy(store, owner.trustId, id)),
      }),
    );
  }
  for (const purge of [...begun, ...due]) {
    const ran = await runPurge(context, purge, endAt);
    total.records += ran.records;
    total.otherRows += ran.otherRows;
    total.finished &&= ran.finished;
    if (!ran.finished) break;
  }
  if (total.records + total.otherRows > 0) await settleOnDisk(context);
  return total;
}

async function runPurge(context: PurgeContext, purge: PurgeTable, endAt: number): Promise<Ran> {
  const total: Ran = { records: 0, otherRows: 0, finished: false };
  for (;;) {
    const batch = await context.store.transaction().execute((transaction) => oneBatch(transaction, context, purge));
    total.records += batch.records;
    total.otherRows += batch.otherRows;
    if (batch.last) return { ...total, finished: true };
    if (performance.now() >= endAt) return total;
    // Lets waiting machines and people in between.
    await setImmediate();
  }
}

/** One step in one transaction. Holds and purges take turns, so a hold counts from the moment it is committed. */
async function oneBatch(
  transaction: Transaction<Tables>,
  context: PurgeContext,
  given: PurgeTable,
): Promise<{ records: number; otherRows: number; last: boolean }> {
  const { trustId } = context.owner;
  await takeNumbers(transaction, trustId, 'retention', 1);
  const kept = await transaction
    .selectFrom('purges')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('purge_id', '=', given.purge_id)
    .executeTakeFirst();
  if (kept?.state === 'done') return { records: 0, otherRows: 0, last: true };
  const purge = kept ?? given;
  const wanted = wantedOf(purge);
  const holds = await holdsOf(transaction, trustId, purge.school_id);
  const batch = await removeBatch(transaction, trustId, wanted, holds, purge.digest);
  if (batch.records > 0) {
    await keep(transaction, added(purge, batch), kept !== undefined);
    return { records: batch.records, otherRows: batch.otherRows, last: false };
  }
  const otherRows = await removeOthers(transaction, trustId, wanted, holds, purge.account_key);
  if (kept === undefined && otherRows === 0) return { records: 0, otherRows: 0, last: true };
  await finish(transaction, context, { ...purge, other_rows: purge.other_rows + otherRows }, kept !== undefined);
  return { records: 0, otherRows, last: true };
}

function added(purge: PurgeTable, batch: RemovedBatch): PurgeTable {
  const counts = storedCounts.parse(JSON.parse(purge.counts));
  for (const category of retentionCategory.options) {
    const more = batch.counts[category] ?? 0;
    if (more > 0) counts[category] = (counts[category] ?? 0) + more;
  }
  const times = [purge.oldest_at, purge.newest_at, batch.oldestAt, batch.newestAt].filter((at) => at !== null).sort();
  return {
    ...purge,
    counts: JSON.stringify(counts),
    other_rows: purge.other_rows + batch.otherRows,
    oldest_at: times[0] ?? null,
    newest_at: times.at(-1) ?? null,
    digest: batch.digest,
  };
}

async function keep(transaction: Transaction<Tables>, purge: PurgeTable, known: boolean): Promise<void> {
  if (!known) {
    await transaction.insertInto('purges').values(purge).execute();
    return;
  }
  await transaction
    .updateTable('purges')
    .set(purge)
    .where('trust_id', '=', purge.trust_id)
    .where('purge_id', '=', purge.purge_id)
    .execute();
}

async function finish(
  transaction: Transaction<Tables>,
  context: PurgeContext,
  purge: PurgeTable,
  known: boolean,
): Promise<void> {
  const { trustId } = context.owner;
  const stillHeld = await countHeld(transaction, trustId, purge);
  const counts = storedCounts.parse(JSON.parse(purge.counts));
  await recordAction(transaction, context, {
    action: 'retention.purged',
    actor: auditActor.parse(JSON.parse(purge.actor)),
    schoolId: purge.school_id === everySchool ? null : purge.school_id,
    subject: purge.person_id ?? purge.purge_id,
    detail: {
      purgeId: purge.purge_id,
      kind: purge.kind,
      reason: purge.reason,
      counts,
      otherRows: purge.other_rows,
      stillHeld,
      oldestAt: purge.oldest_at,
      newestAt: purge.newest_at,
      digest: purge.digest,
      rules: JSON.parse(purge.rules),
    },
  });
  const entry = await transaction
    .selectFrom('audit_entries')
    .select(['number', 'hash'])
    .where('trust_id', '=', trustId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirstOrThrow();
  await keep(
    transaction,
    {
      ...purge,
      state: 'done',
      account_key: null,
      ended_at: context.now().toISOString(),
      still_held: stillHeld,
      audit_number: entry.number,
      audit_hash: entry.hash,
    },
    known,
  );
}

/** Records of an erased person that a hold kept. Retention leaves held ones for later and does not count them. */
async function countHeld(transaction: Transaction<Tables>, trustId: string, purge: PurgeTable): Promise<number> {
  if (purge.person_id === null) return 0;
  const holds = await holdsOf(transaction, trustId, purge.school_id);
  const { count } = await transaction
    .selectFrom('records')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('records.trust_id', '=', trustId)
    .where('records.person_id', '=', purge.person_id)
    .where('records.body', 'is not', null)
    .where(heldInSql(holds))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/**
 * What SQLite let go of is zeros in its file already (`secure_delete`); older copies of those pages are still in its
 * write-ahead log until that is written back and cut (https://www.sqlite.org/pragma.html#pragma_wal_checkpoint).
 * PostgreSQL clears rows by itself (autovacuum).
 */
async function settleOnDisk({ store }: PurgeContext): Promise<void> {
  if (store.getExecutor().adapter instanceof SqliteAdapter) await sql`pragma wal_checkpoint(truncate)`.execute(store);
}

/**
 * Decides that everything about one person goes, and begins.
 * @throws RequestRefused when there is no such person, or they are on hold.
 */
export async function erasePerson(
  context: PurgeContext,
  scope: SchoolScope,
  personId: string,
  { reason, keepAcceptances }: ErasePerson,
  actor: AuditActor,
): Promise<string> {
  const { store, owner } = context;
  const { trustId } = owner;
  const purge = await store.transaction().execute(async (transaction) => {
    await takeNumbers(transaction, trustId, 'retention', 1);
    const person = await transaction
      .selectFrom('people')
      .select(['school_id', 'account_key', 'printed_name'])
      .where('trust_id', '=', trustId)
      .where('person_id', '=', personId)
      .where(inScope('people.school_id', scope))
      .executeTakeFirst();
    if (person === undefined) throw notFound('person');
    const holds = await holdsOf(transaction, trustId, person.school_id);
    if (holds.some((hold) => hold.kind === 'person' && hold.personId === personId)) {
      const detail =
        'This person’s record is on legal hold, so nothing was removed. End the hold first, if it may end.';
      throw new RequestRefused(409, { code: 'privacy.onHold', detail });
    }
    const names = [person.account_key, person.printed_name ?? ''];
    const found = { schoolId: person.school_id, personId };
    const row: PurgeTable = {
      ...fresh({
        trust_id: trustId,
        school_id: person.school_id,
        kind: 'person',
        reason,
        actor: JSON.stringify(actor),
        started_at: context.now().toISOString(),
        rules: '{}',
      }),
      person_id: personId,
      account_key: person.account_key,
      // While it is known what they are called besides their sign-in name.
      other_rows: await unnameFindings(transaction, trustId, found, holds, names),
      keep_acceptances: keepAcceptances ? 1 : 0,
    };
    await transaction.insertInto('purges').values(row).execute();
    await recordAction(transaction, context, {
      action: 'person.erased',
      actor,
      schoolId: person.school_id,
      subject: personId,
      detail: { purgeId: row.purge_id, reason, keepAcceptances },
    });
    return row;
  });
  await runPurge(context, purge, performance.now() + askedPatienceMs);
  await settleOnDisk(context);
  return purge.purge_id;
}

/** How long a request waits for a removal; the scheduled work goes on with the rest. */
export const askedPatienceMs = 10_000;
const runSeconds = 600;
/** Well under the time a server has to stop. */
const runPatienceMs = 15_000;

/** What is due goes by itself, every ten minutes. */
export const purgeJob = (context: PurgeContext): Job => ({
  name: 'retention',
  everySeconds: runSeconds,
  async run() {
    await purgeWhatIsDue(context, 'all', theServer, runPatienceMs);
  },
});
