import { z } from 'zod';
import { deviceId, epochNumber, sequenceNumber } from '../../contract/primitives.ts';

/** Where an acceptance stands in the records: all that identifies it. */
const place = z.object({
  deviceId,
  epoch: z.coerce.number().pipe(epochNumber),
  seq: z.coerce.number().pipe(sequenceNumber),
});
export type RecordPlace = z.infer<typeof place>;

export const acceptanceId = ({ deviceId: device, epoch, seq }: RecordPlace): string => `${device}.${epoch}.${seq}`;

/** Null for a text that is no acceptance's id. */
export function placeOfAcceptance(id: string): RecordPlace | null {
  const [device, epoch, seq, ...rest] = id.split('.');
  if (rest.length > 0) return null;
  return place.safeParse({ deviceId: device, epoch, seq }).data ?? null;
}
