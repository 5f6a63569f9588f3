import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../fixtures/tls');

/** Who signed the receivers' certificate: a file, and its text. */
export const authorityFile = resolve(folder, 'authority.pem');
export const authority = readFileSync(authorityFile, 'utf8');
export const receiverTls = {
  cert: readFileSync(resolve(folder, 'receiver.pem'), 'utf8'),
  key: readFileSync(resolve(folder, 'receiver-key.pem'), 'utf8'),
};
