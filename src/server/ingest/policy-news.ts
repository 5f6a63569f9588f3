import type { SyncAnswer, SyncRequest } from '../../contract/sync.ts';
import { signPolicySet } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import { publicationOf } from '../policies/publications.ts';

/** The text of an earlier version that a machine asks for; nothing where it asks for none. */
export async function wantedPolicy(
  { store, owner }: Pick<ServerContext, 'store' | 'owner'>,
  { wantedPolicy: hash }: Pick<SyncRequest, 'wantedPolicy'>,
): Promise<Pick<SyncAnswer, 'wanted'>> {
  if (hash === undefined) return {};
  const found = await publicationOf(store, owner.trustId, hash);
  return { wanted: { hash, policy: found?.signed ?? null } };
}

type Known = Pick<SyncRequest, 'deviceId' | 'policyHash' | 'policyHashes'>;

/** What a machine has to hear about policies: nothing, where it has what is in force. */
export async function policyNews(
  { policies, key, now }: Pick<ServerContext, 'policies' | 'key' | 'now'>,
  { deviceId, policyHash, policyHashes }: Known,
): Promise<Pick<SyncAnswer, 'policy' | 'policySet' | 'policies'>> {
  if (policyHashes === undefined) {
    const ruling = await policies.ruling();
    return ruling !== null && ruling.signed.hash !== policyHash ? { policy: ruling.signed } : {};
  }
  const inForce = (await policies.inForce()).map(({ signed }) => signed);
  const hashes = inForce.map(({ hash }) => hash);
  if (hashes.length === policyHashes.length && hashes.every((hash, place) => hash === policyHashes[place])) return {};
  return {
    policySet: signPolicySet(key, { deviceId, issuedAt: now().toISOString(), hashes }),
    policies: inForce.filter(({ hash }) => !policyHashes.includes(hash)),
  };
}
