import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { SyncRequest } from '../../contract/sync.ts';
import { endsTooEarly, judgeExchange, type ExchangeLine } from '../../rules/machine-standing.ts';
import type { Owner } from '../people/record-people.ts';
import { keptQuery } from '../store/kept-query.ts';
import type { Tables } from '../store/tables.ts';
import { noteFinding } from './findings.ts';

const names = z.array(z.string());

const heardOf = keptQuery(
  (store, given: { trustId: string; deviceId: string; at: string; clockOffsetMs: number; policyHash: string | null }) =>
    store
      .updateTable('devices')
      .set({ last_seen_at: given.at, clock_offset_ms: given.clockOffsetMs, policy_hash: given.policyHash })
      .where('trust_id', '=', given.trustId)
      .where('device_id', '=', given.deviceId)
      .returning(['exchange', 'exchange_before', 'exchange_displaced', 'exchange_sent_at']),
);

const nameExchange = keptQuery(
  (
    store,
    given: {
      trustId: string;
      deviceId: string;
      current: string | null;
      before: string | null;
      displaced: string;
      sentAt: string | null;
    },
  ) =>
    store
      .updateTable('devices')
      .set({
        exchange: given.current,
        exchange_before: given.before,
        exchange_displaced: given.displaced,
        exchange_sent_at: given.sentAt,
      })
      .where('trust_id', '=', given.trustId)
      .where('device_id', '=', given.deviceId),
);

const newestChain = keptQuery((store, given: { trustId: string; deviceId: string }) =>
  store
    .selectFrom('chains')
    .select(['epoch', 'head_seq'])
    .where('trust_id', '=', given.trustId)
    .where('device_id', '=', given.deviceId)
    .orderBy('epoch', 'desc')
    .limit(1),
);

/**
 * Notes that a machine was heard of, and judges from where it says it stands whether it is one machine and still the
 * same. The update of its row comes first and holds it until the commit, so that two exchanges are judged one after
 * the other.
 * @returns what to call its next exchange; null where it is not to be told.
 */
export async function noteSeen(
  transaction: Transaction<Tables>,
  owner: Owner,
  request: SyncRequest,
  now: Date,
): Promise<string | null> {
  const at = now.toISOString();
  const { deviceId, position } = request;
  const [kept] = await heardOf(transaction, {
    trustId: owner.trustId,
    deviceId,
    at,
    clockOffsetMs: now.getTime() - Date.parse(request.sentAt),
    policyHash: request.policyHash,
  });
  if (kept === undefined) throw new Error('The machine was removed while its exchange was taken.');
  if (position === undefined) return null;
  const line: ExchangeLine = {
    current: kept.exchange,
    before: kept.exchange_before,
    displaced: names.parse(JSON.parse(kept.exchange_displaced)),
    sentAt: kept.exchange_sent_at,
  };
  const judged = judgeExchange(
    line,
    { exchange: position.exchange, sentAt: request.sentAt },
    randomBytes(12).toString('base64url'),
  );
  if (judged.verdict === 'late') return null;
  await nameExchange(transaction, {
    trustId: owner.trustId,
    deviceId,
    current: judged.line.current,
    before: judged.line.before,
    displaced: JSON.stringify(judged.line.displaced),
    sentAt: judged.line.sentAt,
  });
  if (judged.verdict === 'cloned') {
    await noteFinding(transaction, owner, {
      deviceId,
      kind: 'cloned',
      detail: 'Two machines take turns with this one’s key: each knows exchanges that the other does not.',
      at,
    });
  } else if (judged.verdict === 'rolledBack') {
    await noteFinding(transaction, owner, {
      deviceId,
      kind: 'rolledBack',
      detail: 'It named an exchange that is long past: it was restored from an image, a snapshot or a backup.',
      at,
    });
  }
  const held = await newestHeld(transaction, owner.trustId, deviceId);
  if (endsTooEarly(position, held)) {
    await noteFinding(transaction, owner, {
      deviceId,
      kind: 'rolledBack',
      detail: `Its journal ends at record ${String(position.epoch)}·${String(position.seq)}, but ${String(held?.epoch)}·${String(held?.seq)} was received from it: it was restored from an image, a snapshot or a backup.`,
      at,
    });
  }
  return judged.line.current;
}

async function newestHeld(
  transaction: Transaction<Tables>,
  trustId: string,
  deviceId: string,
): Promise<{ epoch: number; seq: number } | null> {
  const [row] = await newestChain(transaction, { trustId, deviceId });
  return row === undefined ? null : { epoch: row.epoch, seq: Number(row.head_seq) };
}
