import { auditBody } from '../../contract/audit.ts';
import type { AuditVerdict } from '../../contract/console-access.ts';
import { canonicalJson, linkHash, sha256 } from '../../proof/index.ts';
import type { Store } from '../store/database.ts';
import type { AuditEntryTable } from '../store/tables.ts';
import { auditGenesis } from './record-action.ts';

/** Entries looked at in one go. */
const atOnce = 1_000;

/**
 * Goes through a trust's whole trail: every number there once, every hash following from the entry and the one before,
 * every column what the hashed body says, and as many entries as were counted out.
 */
export async function verifyTrail({
  store,
  trustId,
  now,
}: {
  store: Store;
  trustId: string;
  now: () => Date;
}): Promise<AuditVerdict> {
  // Counted first: what is added meanwhile comes after it.
  const counted = await store
    .selectFrom('counters')
    .select('value')
    .where('trust_id', '=', trustId)
    .where('name', '=', 'audit')
    .executeTakeFirst();
  const expected = Number(counted?.value ?? 0);
  let prev = auditGenesis(trustId);
  let number = 0;
  const verdict = (why: string | null): AuditVerdict => ({
    sound: why === null,
    entries: number,
    head: number === 0 ? null : prev,
    checkedAt: now().toISOString(),
    firstBad: why === null ? null : { number: number + 1, why },
  });
  for (;;) {
    const rows = await store
      .selectFrom('audit_entries')
      .selectAll()
      .where('trust_id', '=', trustId)
      .where('number', '>', number)
      .orderBy('number')
      .limit(atOnce)
      .execute();
    for (const row of rows) {
      const fault = faultOf(row, number + 1, prev);
      if (fault !== null) return verdict(fault);
      number += 1;
      prev = row.hash;
    }
    if (rows.length < atOnce) break;
  }
  return verdict(number < expected ? `entries ${number + 1} to ${expected} are missing from the end` : null);
}

/** What is wrong with an entry that should have this number and follow this hash; null when nothing is. */
function faultOf(row: AuditEntryTable, number: number, prev: string): string | null {
  if (Number(row.number) !== number) return 'the entry is missing';
  if (row.prev !== prev) return 'it does not name the entry before it';
  const body = auditBody.safeParse(parsed(row.body)).data;
  if (body === undefined) return 'it is not an entry as the trail writes them';
  if (canonicalJson(body) !== row.body) return 'it is not written as the trail writes entries';
  if (linkHash(prev, sha256(row.body).toString('hex')) !== row.hash) return 'its text was changed after it was written';
  const columns =
    body.number === number &&
    body.at === row.at &&
    body.action === row.action &&
    body.actor.id === row.actor_id &&
    body.subject === row.subject &&
    body.schoolId === row.school_id;
  return columns ? null : 'what lists show of it is not what was written';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
