import type { Owner } from '../people/record-people.ts';
import type { Store } from './database.ts';

/** Makes the school a server is first set up for. Afterwards it is renamed in the console. */
export async function rememberSchool(store: Store, owner: Owner, name: string, now: Date): Promise<void> {
  await store
    .insertInto('schools')
    .values({ trust_id: owner.trustId, school_id: owner.schoolId, name, created_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
