import { coversSchool } from '../../rules/console-access.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { RequestRefused } from '../http/problems.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/**
 * May somebody with this scope have something for that school (null: every school)?
 * @throws RequestRefused 403 when not, 400 when there is no such school.
 */
export async function checkSchool(
  store: StoreOrTransaction,
  trustId: string,
  scope: SchoolScope,
  schoolId: string | null,
): Promise<void> {
  if (schoolId === null ? scope !== 'all' : !coversSchool(scope, schoolId)) {
    throw new RequestRefused(403, {
      code: 'alert.otherSchool',
      detail: 'schoolId: your role is for other schools. Choose one of yours.',
      field: 'schoolId',
    });
  }
  if (schoolId === null) return;
  const school = await store
    .selectFrom('schools')
    .select('school_id')
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .executeTakeFirst();
  if (school !== undefined) return;
  throw new RequestRefused(400, {
    code: 'alert.invalid',
    detail: `schoolId: there is no school "${schoolId}". Choose one of the list, or null for all.`,
    field: 'schoolId',
  });
}

export const invalid = (field: string, reason: string): RequestRefused =>
  new RequestRefused(400, { code: 'alert.invalid', detail: `${field}: ${reason}.`, field });
