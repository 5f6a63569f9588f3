import { RequestRefused } from '../http/problems.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/**
 * Better-auth turns whatever its database says into a fault of its own. When it fails, this asks the store itself, whose
 * own error says whether waiting will help; if the store is well, better-auth's error stands.
 */
export async function tellingFaults<T>(store: StoreOrTransaction, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await askStore(store);
    throw error;
  }
}

/**
 * What better-auth answers where it answers at all. That it could not is no refusal: nobody's password was wrong.
 * @throws the store's own error, or RequestRefused 503.
 */
export async function answerOf(store: StoreOrTransaction, work: () => Promise<Response>): Promise<Response> {
  const answer = await tellingFaults(store, work);
  if (answer.status < 500) return answer;
  await askStore(store);
  throw new RequestRefused(
    503,
    { code: 'signIn.busy', detail: 'The server is busy and did nothing. Try again in a few seconds.' },
    { retryAfterSeconds: 5 },
  );
}

const askStore = (store: StoreOrTransaction) => store.selectFrom('user').select('id').limit(1).execute();
