import { sha256 } from '../../proof/index.ts';
import type { Store } from './database.ts';
import { engineOf } from './engine.ts';

/** The keys with which a database was begun; null for a new one. */
export async function knownIdentity(store: Store, trustId: string) {
  const row = await store
    .selectFrom('server_identity')
    .select(['key_fingerprint', 'session_secret_hash'])
    .where('trust_id', '=', trustId)
    .executeTakeFirst();
  return row ?? null;
}

/**
 * Notes the keys of a new database, and lets no server go on with other ones: machines trust one key, and browsers would
 * be signed out at every turn between processes with different secrets.
 * @throws Error that says which file to put in place.
 */
export async function holdIdentity(
  store: Store,
  trustId: string,
  keys: { keyFingerprint: string; sessionSecret: string; folder: string },
  now: Date,
): Promise<void> {
  const sessionSecretHash = sha256(keys.sessionSecret).toString('hex');
  await store
    .insertInto('server_identity')
    .values({
      trust_id: trustId,
      key_fingerprint: keys.keyFingerprint,
      session_secret_hash: sessionSecretHash,
      since: now.toISOString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const known = await knownIdentity(store, trustId);
  if (known === null) return;
  if (known.key_fingerprint !== keys.keyFingerprint) {
    throw new Error(
      `The database belongs to a server with another signing key (${shortened(known.key_fingerprint)}, not ${shortened(keys.keyFingerprint)}). Copy server-key.pem, session-secret and operator-token from that server's folder to ${keys.folder}, or name another database.`,
    );
  }
  // A single server may be given a new secret, which signs everybody out; several must have the same.
  if (known.session_secret_hash !== sessionSecretHash && engineOf(store) === 'postgres') {
    throw new Error(
      `The other servers of this database sign sessions with another secret. Copy session-secret and operator-token from the first server's folder to ${keys.folder}.`,
    );
  }
}

const shortened = (fingerprint: string): string => `${fingerprint.slice(0, 16)}…`;
