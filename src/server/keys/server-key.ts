import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { generateSigningKey, signingKeyFromPem, signingKeyToPem, type SigningKey } from '../../proof/index.ts';
import { secretFile } from './secret-file.ts';

/**
 * The key with which this server signs policies and receipts: `server-key.pem`, made at the first start.
 * @param expected true once a database exists: then a missing key is a loss, and a new one would be trusted by nobody.
 * @throws Error naming the file when it is lost or does not hold an Ed25519 key.
 */
export function serverKey(folder: string, expected: boolean): SigningKey {
  const path = join(folder, 'server-key.pem');
  if (expected && !existsSync(path)) {
    throw new Error(
      `The server's signing key ${path} is missing. Put it back from your backup: machines trust no other key.`,
    );
  }
  const pem = secretFile(path, () => signingKeyToPem(generateSigningKey()));
  try {
    return signingKeyFromPem(pem);
  } catch {
    throw new Error(
      `The server's signing key ${path} cannot be read. Put back the file from your backup: machines trust no other key.`,
    );
  }
}
