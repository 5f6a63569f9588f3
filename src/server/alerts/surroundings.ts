import type { ServerContext } from '../context.ts';
import type { Networks } from './address-guard.ts';
import type { SealedSecrets } from './sealed-secrets.ts';
import type { MailServer } from './send-email.ts';

/** What alerts and feeds work with, beside what every capability has. */
export interface AlertContext extends ServerContext {
  secrets: SealedSecrets;
  /** The mail server of the settings; null where none is set. */
  mail: MailServer | null;
  networks: Networks;
  /** In [0, 1). */
  random: () => number;
  /** Hours after which a delivery that fails is given up. */
  giveUpHours: number;
}

/** Stands for every school of the trust. */
export const everySchool = '*';
export const schoolOf = (schoolId: string | null): string => schoolId ?? everySchool;
export const schoolFrom = (kept: string): string | null => (kept === everySchool ? null : kept);
