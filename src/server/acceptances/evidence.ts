import { eventBody } from '../../contract/event.ts';
import type { SignedPolicy } from '../../contract/policy.ts';
import type { Receipt, SealedRecord, SignedHead } from '../../contract/record.ts';
import { publicationOf } from '../policies/publications.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import type { RecordPlace } from './acceptance-id.ts';

/** The links of a chain, without what they say. */
export type Link = Pick<SealedRecord, 'seq' | 'prev' | 'bodyHash' | 'hash'>;

/** Everything stored that speaks for one record. */
export interface Evidence {
  deviceId: string;
  devicePublicKey: string;
  record: SealedRecord;
  /** Hash of the record before it; null when it is the first or that record is not held. */
  heldBefore: string | null;
  /** Links from the record itself to the newest head or receipt below, in order. */
  links: Link[];
  /** The first head the machine signed at or after the record. */
  head: SignedHead | null;
  /** The first receipt this server gave at or after the record. */
  receipt: Receipt | null;
  policy: SignedPolicy | null;
}

/** Reads what is stored about an acceptance; null when no acceptance is held at this place. */
export async function evidenceFor(
  store: StoreOrTransaction,
  trustId: string,
  at: RecordPlace,
): Promise<Evidence | null> {
  const stored = await store
    .selectFrom('records')
    .selectAll()
    .where('trust_id', '=', trustId)
    .where('device_id', '=', at.deviceId)
    .where('epoch', '=', at.epoch)
    .where('seq', '=', at.seq)
    .where('type', '=', 'policy.accepted')
    .executeTakeFirst();
  const device = await store
    .selectFrom('devices')
    .select('public_key')
    .where('trust_id', '=', trustId)
    .where('device_id', '=', at.deviceId)
    .executeTakeFirst();
  if (stored === undefined || device === undefined) return null;

  const head = await store
    .selectFrom('heads')
    .select(['epoch', 'seq', 'hash', 'signature'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', at.deviceId)
    .where('epoch', '=', at.epoch)
    .where('seq', '>=', at.seq)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  const receipt = await store
    .selectFrom('receipts')
    .select(['epoch', 'seq', 'hash', 'at', 'signature'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', at.deviceId)
    .where('epoch', '=', at.epoch)
    .where('seq', '>=', at.seq)
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  const before = await store
    .selectFrom('records')
    .select('hash')
    .where('trust_id', '=', trustId)
    .where('device_id', '=', at.deviceId)
    .where('epoch', '=', at.epoch)
    .where('seq', '=', at.seq - 1)
    .executeTakeFirst();
  const links = await store
    .selectFrom('records')
    .select(['seq', 'prev', 'body_hash as bodyHash', 'hash'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', at.deviceId)
    .where('epoch', '=', at.epoch)
    .where('seq', '>=', at.seq)
    .where('seq', '<=', Math.max(head?.seq ?? at.seq, receipt?.seq ?? at.seq))
    .orderBy('seq')
    .execute();
  const body = stored.body === null ? null : eventBody.parse(JSON.parse(stored.body));
  const policy = body?.type === 'policy.accepted' ? await publicationOf(store, trustId, body.data.policyHash) : null;
  return {
    deviceId: at.deviceId,
    devicePublicKey: device.public_key,
    record: {
      epoch: stored.epoch,
      seq: stored.seq,
      prev: stored.prev,
      bodyHash: stored.body_hash,
      hash: stored.hash,
      salt: stored.salt,
      body,
    },
    heldBefore: before?.hash ?? null,
    links,
    head: head ?? null,
    receipt: receipt === undefined ? null : { deviceId: at.deviceId, ...receipt },
    policy: policy?.signed ?? null,
  };
}
