import type { Transaction } from 'kysely';
import { namesIn, withoutNamesIn } from '../../rules/named-in-text.ts';
import { holdCovers, mayRemove, monthsBefore, type HoldTerms } from '../../rules/retention.ts';
import { somebodyElse } from '../../words/recorded-data.ts';
import type { Tables } from '../store/tables.ts';
import type { Wanted } from './remove-batch.ts';

/**
 * What was found about machines is kept for as long as it is open, and then with the condition of machines, counted
 * from when it was resolved. @returns findings removed.
 */
export async function removeFindings(
  transaction: Transaction<Tables>,
  trustId: string,
  { schoolId, rules, now }: Extract<Wanted, { kind: 'retention' }>,
  holds: readonly HoldTerms[],
): Promise<number> {
  const findings = await transaction
    .selectFrom('machine_findings')
    .select(['finding_id', 'device_id', 'found_at', 'last_at', 'changed_at'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where('closed', '!=', '')
    .where('changed_at', '<', monthsBefore(now, rules.machines.months))
    .execute();
  let removed = 0;
  for (const finding of findings) {
    const item = {
      schoolId,
      category: 'machines' as const,
      personId: null,
      deviceId: finding.device_id,
      at: finding.found_at,
      receivedAt: finding.changed_at ?? finding.last_at,
      lastSeenAt: null,
    };
    if (!mayRemove(item, rules.machines, holds, now)) continue;
    await transaction
      .deleteFrom('machine_findings')
      .where('trust_id', '=', trustId)
      .where('finding_id', '=', finding.finding_id)
      .execute();
    removed += 1;
  }
  return removed;
}

/** What IT wrote on a finding may name a person, whose name goes with them. @returns findings changed. */
export async function unnameFindings(
  transaction: Transaction<Tables>,
  trustId: string,
  { schoolId, personId }: { schoolId: string; personId: string },
  holds: readonly HoldTerms[],
  names: readonly string[],
): Promise<number> {
  const findings = await transaction
    .selectFrom('machine_findings')
    .select(['finding_id', 'device_id', 'found_at', 'last_at', 'detail', 'note'])
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .execute();
  let changed = 0;
  for (const { finding_id: id, device_id: deviceId, found_at: at, last_at: receivedAt, detail, note } of findings) {
    if (!namesIn(detail, names) && !namesIn(note, names)) continue;
    if (holds.some((hold) => holdCovers(hold, { schoolId, personId, deviceId, at, receivedAt }))) continue;
    await transaction
      .updateTable('machine_findings')
      .set({
        detail: withoutNamesIn(detail, names, somebodyElse),
        note: withoutNamesIn(note, names, somebodyElse),
      })
      .where('trust_id', '=', trustId)
      .where('finding_id', '=', id)
      .execute();
    changed += 1;
  }
  return changed;
}
