import type { Receipt } from '../../contract/record.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/** The newest receipt this server gave for a machine's epoch; null if it holds nothing of it. */
export async function newestReceipt(
  store: StoreOrTransaction,
  trustId: string,
  deviceId: string,
  epoch: number,
): Promise<Receipt | null> {
  const row = await store
    .selectFrom('receipts')
    .select(['seq', 'hash', 'at', 'signature'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', deviceId)
    .where('epoch', '=', epoch)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { deviceId, epoch, ...row };
}
