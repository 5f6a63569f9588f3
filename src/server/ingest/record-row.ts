import type { SealedRecord } from '../../contract/record.ts';
import type { SyncRequest } from '../../contract/sync.ts';
import { eventSummary } from '../events/summary.ts';
import { personId } from '../people/person-id.ts';
import type { RecordTable } from '../store/tables.ts';

/** A record as the store keeps it, with what the lists need taken out of its body. */
export function recordRow(
  owner: { trustId: string; schoolId: string; hostname: string },
  deviceId: SyncRequest['deviceId'],
  record: SealedRecord,
  place: { number: number; receivedAt: string; bodyText: string | null },
): RecordTable {
  const { body } = record;
  const account = body?.account ?? null;
  const summary = body === null ? null : eventSummary(body);
  return {
    trust_id: owner.trustId,
    school_id: owner.schoolId,
    number: place.number,
    device_id: deviceId,
    epoch: record.epoch,
    seq: record.seq,
    prev: record.prev,
    body_hash: record.bodyHash,
    hash: record.hash,
    salt: record.salt,
    body: place.bodyText,
    received_at: place.receivedAt,
    at: body?.at ?? null,
    type: body?.type ?? null,
    account_id: account?.id ?? null,
    account_name: account?.name ?? null,
    person_id: account === null ? null : personId(owner.trustId, owner.schoolId, account.name),
    summary,
    search_text: summary === null ? null : searchText(summary, account?.name ?? null, owner.hostname),
  };
}

/** What free text is looked for in. Never a person's name: who looks for a person opens that person's record. */
function searchText(summary: string, accountName: string | null, hostname: string): string {
  const said = [summary, hostname].join('\n').toLowerCase();
  return accountName === null ? said : said.replaceAll(accountName.toLowerCase(), '');
}
