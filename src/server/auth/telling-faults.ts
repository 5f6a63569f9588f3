import type { Store } from '../store/database.ts';

/**
 * Better-auth turns whatever its database says into a fault of its own. When it fails, this asks the store itself, whose
 * own error says whether waiting will help; if the store is well, better-auth's error stands.
 */
export async function tellingFaults<T>(store: Store, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await store.selectFrom('user').select('id').limit(1).execute();
    throw error;
  }
}
