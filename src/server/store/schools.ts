import type { Owner } from '../people/record-people.ts';
import type { Store } from './database.ts';

/** Keeps the school's name as it was last set. */
export async function rememberSchool(store: Store, owner: Owner, name: string, now: Date): Promise<void> {
  await store
    .insertInto('schools')
    .values({ trust_id: owner.trustId, school_id: owner.schoolId, name, created_at: now.toISOString() })
    .onConflict((conflict) =>
      conflict.columns(['trust_id', 'school_id']).doUpdateSet({ name }).where('schools.name', '!=', name),
    )
    .execute();
}
