import { canonicalJson, sha256 } from '../../proof/index.ts';

/** What makes two sign-in names the same person's within a school. */
export const accountKey = (accountName: string): string => accountName.toLowerCase();

const known = new Map<string, string>();
const mostKnown = 20_000;

/** A person's id: fixed by trust, school and sign-in name, and says nothing of the name itself. */
export function personId(trustId: string, schoolId: string, accountName: string): string {
  const text = canonicalJson([trustId, schoolId, accountKey(accountName)]);
  const before = known.get(text);
  if (before !== undefined) return before;
  const id = sha256(text).toString('hex').slice(0, 24);
  if (known.size >= mostKnown) known.clear();
  known.set(text, id);
  return id;
}
