import type { Transaction } from 'kysely';
import type { EventBody } from '../../contract/event.ts';
import type { Owner } from '../people/record-people.ts';
import type { Tables } from '../store/tables.ts';
import { noteFinding } from './findings.ts';

/** A machine that found out by itself that it was set back says so in the first record of its new epoch. */
export async function noteRollBack(
  transaction: Transaction<Tables>,
  owner: Owner,
  deviceId: string,
  bodies: readonly EventBody[],
  at: string,
): Promise<void> {
  for (const body of bodies) {
    if (body.type !== 'journal.epochStarted' || body.data.reason !== 'rolledBack') continue;
    await noteFinding(transaction, owner, {
      deviceId,
      kind: 'rolledBack',
      detail: `It began epoch ${String(body.epoch)} because it no longer had records that it had sent: it was restored from an image, a snapshot or a backup.`,
      at,
    });
  }
}
