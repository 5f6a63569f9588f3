import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { randomSecret, secretFile } from '../keys/secret-file.ts';

/** Keeps what channels and feeds need to be secret: encrypted in the database, with a key that is not there. */
export interface SealedSecrets {
  /** @param owner what the secret belongs to; it opens for nothing else. */
  seal(owner: string, text: string): string;
  /** @throws Error in plain words when it was sealed with another key or for another owner. */
  open(owner: string, sealed: string): string;
}

const nonceBytes = 12;
const tagBytes = 16;
const format = 'v1.';

/** AES-256-GCM (NIST SP 800-38D) with a fresh 96-bit nonce, by the key in the file `channel-key` of the server's folder. */
export function sealedSecrets(folder: string): SealedSecrets {
  const key = Buffer.from(secretFile(join(folder, 'channel-key'), randomSecret), 'base64url');
  return {
    seal(owner, text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return `${format}${Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(owner, sealed) {
      const bytes = Buffer.from(sealed.slice(format.length), 'base64url');
      try {
        if (!sealed.startsWith(format)) throw new Error('another format');
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
          authTagLength: tagBytes,
        })
          .setAAD(Buffer.from(owner))
          .setAuthTag(bytes.subarray(bytes.length - tagBytes));
        const text = decipher.update(bytes.subarray(nonceBytes, bytes.length - tagBytes));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch {
        throw new Error(
          'What is kept secret here cannot be read: the file channel-key of the server is another one. Put it back from your backup, or enter the address and secret again.',
        );
      }
    },
  };
}
