import { sql, type Transaction } from 'kysely';
import { retentionCategory, type RetentionCategory } from '../../contract/retention.ts';
import { canonicalJson, sha256 } from '../../proof/index.ts';
import { mayErase, mayRemove, monthsBefore, type HoldTerms, type KeptItem } from '../../rules/retention.ts';
import type { Tables } from '../store/tables.ts';
import { removeDerived } from './derived-rows.ts';
import { categoryOf, typesOf } from './event-types.ts';
import { heldInSql } from './holds.ts';
import type { KeptCategories } from './settings.ts';

/** Records of one transaction: small enough that machines waiting to sync hardly notice. */
export const recordsPerBatch = 250;

/** What a removal is for: what is due in a school, or one person's. */
export type Wanted =
  | { kind: 'retention'; schoolId: string; rules: KeptCategories; now: Date }
  | { kind: 'person'; schoolId: string; personId: string; keepAcceptances: boolean };

export interface RemovedBatch {
  records: number;
  counts: Partial<Record<RetentionCategory, number>>;
  otherRows: number;
  oldestAt: string | null;
  newestAt: string | null;
  digest: string;
}

const none = (digest: string): RemovedBatch => ({
  records: 0,
  counts: {},
  otherRows: 0,
  oldestAt: null,
  newestAt: null,
  digest,
});

const columns = [
  'records.number',
  'records.device_id',
  'records.epoch',
  'records.seq',
  'records.school_id',
  'records.type',
  'records.at',
  'records.received_at',
  'records.person_id',
  'records.body',
  'records.body_hash',
] as const;

type Candidate = Awaited<ReturnType<typeof candidates>>[number];

/** Up to a batch of records that are wanted and not held, by the database's own reckoning. */
async function candidates(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Wanted,
  holds: readonly HoldTerms[],
  category: RetentionCategory | null,
) {
  let select = transaction
    .selectFrom('records')
    .leftJoin('people', (join) =>
      join.onRef('people.trust_id', '=', 'records.trust_id').onRef('people.person_id', '=', 'records.person_id'),
    )
    .select([...columns, 'people.last_seen_at'])
    .where('records.trust_id', '=', trustId)
    .where('records.school_id', '=', wanted.schoolId)
    .where('records.body', 'is not', null)
    .where((row) => row.not(heldInSql(holds)))
    .limit(recordsPerBatch);
  if (wanted.kind === 'person') {
    select = select.where('records.person_id', '=', wanted.personId);
    if (wanted.keepAcceptances) select = select.where('records.type', 'not in', typesOf.acceptances);
  } else if (category !== null) {
    const keep = wanted.rules[category];
    const cutoff = monthsBefore(wanted.now, keep.months);
    select = select.where('records.type', 'in', typesOf[category]).where('records.received_at', '<', cutoff);
    if (keep.from === 'lastSeen') {
      select = select.where((row) =>
        row.or([row('people.last_seen_at', 'is', null), row('people.last_seen_at', '<', cutoff)]),
      );
    }
  }
  return await select.execute();
}

/** The rules have the last word, whatever the database chose. */
function allowed(candidate: Candidate, wanted: Wanted, holds: readonly HoldTerms[]): boolean {
  const category = categoryOf(candidate.type);
  const item: KeptItem = {
    schoolId: candidate.school_id,
    category,
    personId: candidate.person_id,
    deviceId: candidate.device_id,
    at: candidate.at,
    receivedAt: candidate.received_at,
    lastSeenAt: candidate.last_seen_at,
  };
  return wanted.kind === 'person'
    ? mayErase(item, wanted, holds)
    : mayRemove(item, wanted.rules[category], holds, wanted.now);
}

/**
 * Removes the text, the salt and everything personal of up to a batch of records, and what other tables took out of
 * them. Type and day stay, so that days can still be counted; hashes, links and signatures stay, so that every proof
 * holds.
 */
export async function removeBatch(
  transaction: Transaction<Tables>,
  trustId: string,
  wanted: Wanted,
  holds: readonly HoldTerms[],
  digestBefore: string,
): Promise<RemovedBatch> {
  const leaving: Candidate[] = [];
  for (const category of wanted.kind === 'person' ? [null] : retentionCategory.options) {
    const found = await candidates(transaction, trustId, wanted, holds, category);
    leaving.push(...found.filter((one) => allowed(one, wanted, holds)).slice(0, recordsPerBatch - leaving.length));
    if (leaving.length >= recordsPerBatch) break;
  }
  if (leaving.length === 0) return none(digestBefore);
  const times = leaving.map((one) => one.received_at).sort();
  const [oldestAt = null, newestAt = null] = [times[0], times.at(-1)];
  await transaction
    .updateTable('records')
    .set({
      body: null,
      salt: null,
      account_id: null,
      account_name: null,
      person_id: null,
      summary: null,
      search_text: null,
      at: sql<string>`substr(at, 1, 10) || 'T00:00:00.000Z'`,
    })
    .where('trust_id', '=', trustId)
    .where(
      'number',
      'in',
      leaving.map((one) => one.number),
    )
    .execute();
  const otherRows = await removeDerived({ transaction, trustId, schoolId: wanted.schoolId, holds }, leaving);
  const counts: RemovedBatch['counts'] = {};
  for (const { type } of leaving) {
    const category = categoryOf(type);
    counts[category] = (counts[category] ?? 0) + 1;
  }
  const places = leaving.map((one) => [one.device_id, one.epoch, one.seq, one.body_hash]);
  const digest = sha256(canonicalJson([digestBefore, places])).toString('hex');
  return { records: leaving.length, counts, otherRows, oldestAt, newestAt, digest };
}
