import { z } from 'zod';
import { standing } from '../../contract/machine-standing.ts';
import { syncStanding, type SyncProblemCode, type SyncRequest } from '../../contract/sync.ts';
import { standingHolds } from '../../proof/index.ts';

/** Why a machine is not trusted at present. */
export const outStanding = standing.exclude(['approved']);
export type OutStanding = z.infer<typeof outStanding>;

/** What the machine keeps of its exchanges: what to call the next one, and whether it is out. */
export const position = z.strictObject({ exchange: z.string().max(60).nullable(), out: outStanding.nullable() });
export type Position = z.infer<typeof position>;

export const noPosition: Position = { exchange: null, out: null };

const codes: Partial<Record<string, OutStanding>> = {
  'sync.waiting': 'waiting',
  'sync.refused': 'refused',
  'sync.revoked': 'revoked',
} satisfies Partial<Record<SyncProblemCode, OutStanding>>;

/**
 * What a refusal says about where this machine stands. `notBelieved`: it says so without the server's signature for
 * this very request, so that somebody on the way may have made it up. Null: it is about something else.
 */
export function standingIn(
  failure: { code: string | null; problem: unknown },
  request: Pick<SyncRequest, 'deviceId' | 'signature'>,
  serverPublicKey: string,
): OutStanding | 'notBelieved' | null {
  const named = codes[failure.code ?? ''];
  if (named === undefined) return null;
  const told = syncStanding.safeParse(failure.problem);
  if (!told.success) return 'notBelieved';
  const { standing: signed } = told.data;
  const forThis = signed.deviceId === request.deviceId && signed.answers === request.signature;
  return forThis && signed.standing === named && standingHolds(serverPublicKey, signed) ? named : 'notBelieved';
}
