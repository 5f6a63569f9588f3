import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';

export interface CertificateFiles {
  /** PEM: the server's certificate, then those between it and its root. */
  certificateFile: string;
  /** PEM, without a passphrase. */
  keyFile: string;
}

interface KeyPair {
  cert: string;
  key: string;
}

/** The server's own certificate, read again when its files change. */
export interface Certificate {
  current(): KeyPair;
  onChange(use: (pair: KeyPair) => void): void;
  /** Reads the files now. A pair that does not fit is logged and the one in use stays. */
  reload(): void;
  close(): void;
}

/** How often the files are looked at; renewals replace both, one after the other. */
const lookSeconds = 5;

/**
 * Opens the certificate's files.
 * @throws Error naming the setting to correct, when a file cannot be read, is not PEM, or key and certificate do not belong together.
 */
export function openCertificate(files: CertificateFiles, log: Logger, everySeconds = lookSeconds): Certificate {
  let pair = readPair(files);
  const users: ((pair: KeyPair) => void)[] = [];
  const reload = (): void => {
    try {
      const read = readPair(files);
      if (read.cert === pair.cert && read.key === pair.key) return;
      pair = read;
      for (const use of users) use(pair);
      const { validTo } = new X509Certificate(pair.cert);
      log.info({ validTo }, 'the certificate was replaced; open connections stay');
    } catch (error) {
      log.warn({ err: error }, 'the new certificate does not fit and is not used; the one before stays in use');
    }
  };
  const paths = [files.certificateFile, files.keyFile];
  for (const path of paths) watchFile(path, { interval: everySeconds * 1_000, persistent: false }, reload);
  return {
    current: () => pair,
    onChange: (use) => void users.push(use),
    reload,
    close() {
      for (const path of paths) unwatchFile(path, reload);
    },
  };
}

function readPair({ certificateFile, keyFile }: CertificateFiles): KeyPair {
  const cert = readSetting('USHER_TLS_CERT', certificateFile);
  const key = readSetting('USHER_TLS_KEY', keyFile);
  const problem = pairProblem(cert, key);
  if (problem !== null) throw new Error(problem);
  return { cert, key };
}

function readSetting(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    throw new Error(`The file ${path} of the setting ${variable} cannot be read. Check its path and permissions.`);
  }
}

function pairProblem(cert: string, key: string): string | null {
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) {
      return 'The key in USHER_TLS_KEY does not belong to the certificate in USHER_TLS_CERT. Give the pair that was issued together.';
    }
    createSecureContext({ cert, key, minVersion: 'TLSv1.2' });
    return null;
  } catch {
    return 'USHER_TLS_CERT must be a certificate and USHER_TLS_KEY its private key, both PEM and without a passphrase.';
  }
}
