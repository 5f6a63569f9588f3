import { randomBytes } from 'node:crypto';
import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { SyncRequest } from '../../contract/sync.ts';
import { endsTooEarly, judgeExchange, type ExchangeLine } from '../../rules/machine-standing.ts';
import type { Owner } from '../people/record-people.ts';
import type { Tables } from '../store/tables.ts';
import { noteFinding } from './findings.ts';

const names = z.array(z.string());

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
  const kept = await transaction
    .updateTable('devices')
    .set({
      last_seen_at: at,
      clock_offset_ms: now.getTime() - Date.parse(request.sentAt),
      policy_hash: request.policyHash,
    })
    .where('trust_id', '=', owner.trustId)
    .where('device_id', '=', deviceId)
    .returning(['exchange', 'exchange_before', 'exchange_displaced', 'exchange_sent_at'])
    .executeTakeFirstOrThrow();
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
  await transaction
    .updateTable('devices')
    .set({
      exchange: judged.line.current,
      exchange_before: judged.line.before,
      exchange_displaced: JSON.stringify(judged.line.displaced),
      exchange_sent_at: judged.line.sentAt,
    })
    .where('trust_id', '=', owner.trustId)
    .where('device_id', '=', deviceId)
    .execute();
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
  const row = await transaction
    .selectFrom('chains')
    .select(['epoch', 'head_seq'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', deviceId)
    .orderBy('epoch', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? null : { epoch: row.epoch, seq: Number(row.head_seq) };
}
