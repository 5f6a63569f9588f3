import { readFileSync } from 'node:fs';
import type { ServerContext } from '../context.ts';
import type { Networks } from './address-guard.ts';
import { sealedSecrets } from './sealed-secrets.ts';
import { mailServerFrom } from './send-email.ts';
import type { AlertContext } from './surroundings.ts';

export interface AlertOptions {
  /** Mail server of alerts, its sender, and a file with the authorities of its certificate. */
  smtpUrl?: string | undefined;
  mailFrom?: string | undefined;
  smtpCaFile?: string | undefined;
  /** Default `public`: alerts and feeds go to public addresses only. */
  alertNetworks?: Networks;
  /** Seconds between looks for something to alert on, deliver or pass on. Default 3. */
  alertEverySeconds?: number;
  /** Hours after which an alert that cannot be delivered is given up. Default 24. */
  alertGiveUpHours?: number;
}

export const alertEverySeconds = ({ alertEverySeconds: given }: AlertOptions): number => given ?? 3;

/** @throws Error naming the setting when the file of authorities cannot be read. */
export const openAlerts = (context: ServerContext, folder: string, options: AlertOptions): AlertContext => ({
  ...context,
  secrets: sealedSecrets(folder),
  mail: mailServerFrom(options.smtpUrl, options.mailFrom, authoritiesFrom(options.smtpCaFile)),
  networks: options.alertNetworks ?? 'public',
  random: Math.random,
  giveUpHours: options.alertGiveUpHours ?? 24,
});

function authoritiesFrom(file: string | undefined): string | null {
  if (file === undefined) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`The file ${file} that USHER_SMTP_CA names cannot be read. Correct it or leave it out.`);
  }
}
