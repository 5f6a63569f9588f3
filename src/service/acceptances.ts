import type { AcceptedEvent } from '../contract/event.ts';
import type { SealedRecord } from '../contract/record.ts';
import type { AcceptanceReceipt } from '../contract/session.ts';
import type { Journal } from '../journal/index.ts';
import { headOf, verificationCode } from '../proof/index.ts';
import { acceptanceReceiptOf } from '../rules/acceptance-receipt.ts';
import type { RecordedAcceptance } from '../rules/aup-gate.ts';
import type { AcceptedText } from '../rules/earlier-versions.ts';

/** Of each account; as many as its gate looks at. */
const textsLookedAt = 200;

/** What people accepted on this machine, read out of the journal. */
export interface Acceptances {
  /** An account's acceptances, newest first. */
  of(accountId: string): RecordedAcceptance[];
  /** Which texts everybody accepted, each account's newest first. */
  texts(): AcceptedText[];
  /** @throws Error when the record is not an acceptance. */
  fromRecord(record: SealedRecord): RecordedAcceptance;
  /** The receipt with what is known now about its way to the server. */
  upToDate(receipt: AcceptanceReceipt): AcceptanceReceipt;
}

export function acceptancesIn(journal: Journal): Acceptances {
  const confirmed = new Map<string, string>();

  /** When the server first confirmed the record, or null. */
  const confirmedAt = ({ epoch, seq, hash }: { epoch: number; seq: number; hash: string }): string | null => {
    const known = confirmed.get(hash);
    if (known !== undefined) return known;
    const last = journal.lastReceipt(epoch);
    if (last === null || last.seq < seq) return null;
    const first = journal.receipts().find((receipt) => receipt.epoch === epoch && receipt.seq >= seq) ?? last;
    confirmed.set(hash, first.at);
    return first.at;
  };

  const fromBody = (body: AcceptedEvent, record: SealedRecord): RecordedAcceptance => ({
    policyId: body.data.policyId,
    policyHash: body.data.policyHash,
    atMs: Date.parse(body.at),
    session: body.session,
    audience: body.data.audience,
    teaching: body.data.teaching,
    receipt: acceptanceReceiptOf(body, headOf(record), verificationCode(record.hash), confirmedAt(record)),
  });

  return {
    of: (accountId) =>
      journal
        .recordsOfType('policy.accepted', accountId)
        .flatMap((record) => (record.body?.type === 'policy.accepted' ? [fromBody(record.body, record)] : [])),
    texts: () =>
      journal.accountsWith('policy.accepted').flatMap((accountId) =>
        journal.recordsOfType('policy.accepted', accountId, textsLookedAt).flatMap(({ body }) => {
          if (body?.type !== 'policy.accepted') return [];
          const { policyId, policyHash } = body.data;
          return [{ accountId, policyId, policyHash }];
        }),
      ),
    fromRecord(record) {
      if (record.body?.type !== 'policy.accepted') throw new Error('The record is not an acceptance');
      return fromBody(record.body, record);
    },
    upToDate: (receipt) =>
      receipt.syncedAt !== null ? receipt : { ...receipt, syncedAt: confirmedAt(receipt.record) },
  };
}
