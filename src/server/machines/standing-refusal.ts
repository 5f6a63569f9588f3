import { standing } from '../../contract/machine-standing.ts';
import type { SyncRequest } from '../../contract/sync.ts';
import { signStanding } from '../../proof/index.ts';
import type { ServerContext } from '../context.ts';
import { RequestRefused } from '../http/problems.ts';
import { syncProblemStatus } from '../../contract/sync.ts';
import type { DeviceTable } from '../store/tables.ts';

/** How soon a machine asks again that waits for approval. */
const waitingRetrySeconds = 60;
/** How often a machine that is out asks whether it was let in again. */
const outRetrySeconds = 3_600;

const because = (reason: string): string => (reason === '' ? '' : ` The reason given: ${reason}`);

/**
 * Null for a machine that is trusted. Else the refusal, with the server's signed word bound to this very request; that
 * it was heard of is kept, so that IT sees that a stolen machine is on a network.
 */
export async function standingRefusal(
  context: ServerContext,
  device: Pick<DeviceTable, 'standing' | 'standing_reason'>,
  request: SyncRequest,
): Promise<RequestRefused | null> {
  const now = standing.parse(device.standing);
  if (now === 'approved') return null;
  await context.store
    .updateTable('devices')
    .set({ last_seen_at: context.now().toISOString() })
    .where('trust_id', '=', context.owner.trustId)
    .where('device_id', '=', request.deviceId)
    .execute();
  const details = {
    waiting: 'This machine waits until somebody at the school approves it. Nothing was taken; it asks again by itself.',
    refused: `This machine was not let in, so nothing was taken.${because(device.standing_reason)}`,
    revoked: `This machine is no longer part of the school's record, so nothing was taken.${because(device.standing_reason)}`,
  };
  const code = `sync.${now}` as const;
  return new RequestRefused(
    syncProblemStatus[code],
    { code, detail: details[now] },
    {
      members: {
        standing: signStanding(context.key, { deviceId: request.deviceId, standing: now, answers: request.signature }),
      },
      retryAfterSeconds: now === 'waiting' ? waitingRetrySeconds : outRetrySeconds,
    },
  );
}
