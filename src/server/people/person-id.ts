import { canonicalJson, sha256 } from '../../proof/index.ts';

/** What makes two sign-in names the same person's within a school. */
export const accountKey = (accountName: string): string => accountName.toLowerCase();

/** A person's id: fixed by trust, school and sign-in name, and says nothing of the name itself. */
export function personId(trustId: string, schoolId: string, accountName: string): string {
  return sha256(canonicalJson([trustId, schoolId, accountKey(accountName)]))
    .toString('hex')
    .slice(0, 24);
}
