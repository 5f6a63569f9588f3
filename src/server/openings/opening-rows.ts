import { openingCategory, type OpeningRow } from '../../contract/console-access.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { openingState, type OpeningCase } from '../../rules/person-opening.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import type { PersonOpeningTable } from '../store/tables.ts';

/** Cases as they are kept, with the person's name as it is now. */
export const openingRows = (store: StoreOrTransaction, trustId: string, scope: SchoolScope) =>
  store
    .selectFrom('person_openings')
    .leftJoin('people', (join) =>
      join
        .onRef('people.trust_id', '=', 'person_openings.trust_id')
        .onRef('people.person_id', '=', 'person_openings.person_id'),
    )
    .selectAll('person_openings')
    .select('people.account_name')
    .where('person_openings.trust_id', '=', trustId)
    .where(inScope('person_openings.school_id', scope));

type KeptOpening = PersonOpeningTable & { account_name: string | null };

/** What decides whether the record may be looked at. */
export const caseOf = (row: PersonOpeningTable): OpeningCase => ({
  userId: row.user_id,
  answerBefore: row.answer_before,
  answer: row.answer === 'approved' || row.answer === 'refused' ? row.answer : null,
  until: row.until,
});

export function openingRow(row: KeptOpening, { userId, now }: { userId: string; now: string }): OpeningRow {
  return {
    id: row.opening_id,
    personId: row.person_id,
    personName: row.account_name ?? 'Somebody whose record is gone',
    schoolId: row.school_id,
    category: openingCategory.parse(row.category),
    reason: row.reason,
    state: openingState(caseOf(row), now),
    askedBy: { id: row.user_id, name: row.user_name },
    askedAt: row.asked_at,
    answerBefore: row.answer_before,
    answeredBy: row.answered_by,
    answeredAt: row.answered_at,
    note: row.note,
    until: row.until,
    own: row.user_id === userId,
  };
}
