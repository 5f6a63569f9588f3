import type { SyncRequest } from '../../contract/sync.ts';
import type { ServerContext } from '../context.ts';
import type { DeviceTable } from '../store/tables.ts';
import { noteFinding } from './findings.ts';
import { ownerOf } from './owner-of.ts';

/** Something spoke in a machine's name and could not sign for it. The refusal matters more than this note. */
export async function noteUntrusted(
  context: ServerContext,
  device: Pick<DeviceTable, 'school_id'>,
  request: SyncRequest,
): Promise<void> {
  const { owner, store } = context;
  const at = context.now().toISOString();
  try {
    await store.transaction().execute(async (transaction) => {
      await transaction
        .updateTable('devices')
        .set({ untrusted_at: at })
        .where('trust_id', '=', owner.trustId)
        .where('device_id', '=', request.deviceId)
        .execute();
      await noteFinding(transaction, ownerOf(owner.trustId, device), {
        deviceId: request.deviceId,
        kind: 'untrusted',
        detail: 'A request in its name was not signed with its key, so nothing of it was taken.',
        at,
      });
    });
  } catch (error) {
    context.log.warn({ err: error }, 'a request that is not trusted could not be noted');
  }
}
