import { existsSync, readFileSync, statSync } from 'node:fs';
import { createPrivateKey } from 'node:crypto';
import { signingKeyFromPem, signingKeyToPem, type SigningKey } from '../proof/index.ts';
import { replaceFileDurably } from './durable-file.ts';
import { JournalError } from './errors.ts';

const ownerOnly = 0o600;
const othersMask = 0o077;

/**
 * Reads the machine's key.
 * @returns null when there is no key file.
 * @throws JournalError `journal.keyExposed` when group or others have any right to the file (POSIX modes; on Windows
 * the folder's access list decides), `journal.keyUnreadable` when it holds no Ed25519 key.
 */
export function readDeviceKey(path: string): SigningKey | null {
  if (!existsSync(path)) return null;
  const mode = statSync(path).mode & 0o777;
  if (process.platform !== 'win32' && (mode & othersMask) !== 0)
    throw new JournalError(
      'journal.keyExposed',
      `Other accounts can read this machine's key (${path} has mode ${mode.toString(8).padStart(4, '0')}). Set it to 0600; if somebody may have read it, remove the file so that the machine gets a new key and is enrolled again.`,
    );
  try {
    return signingKeyFromPem(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new JournalError(
      'journal.keyUnreadable',
      `This machine's key in ${path} cannot be read. Restore the file from a backup, or remove it so that the machine gets a new key and is enrolled again.`,
      { cause },
    );
  }
}

/** Writes a new key, readable by its owner only. The caller made sure that there is none. */
export function writeDeviceKey(path: string, key: SigningKey): void {
  replaceFileDurably(path, signingKeyToPem(key), ownerOnly);
}

/** PKCS #8 (RFC 8410 §7) wrapping of a raw 32-byte Ed25519 seed. */
const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A new key from 32 random bytes of the given source. */
export function newDeviceKey(random: (bytes: number) => Uint8Array): SigningKey {
  const key = createPrivateKey({ key: Buffer.concat([seedPrefix, random(32)]), format: 'der', type: 'pkcs8' });
  return signingKeyFromPem(key.export({ type: 'pkcs8', format: 'pem' }).toString());
}
