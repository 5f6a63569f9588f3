import type { z } from 'zod';
import type { AnswerRequest, RequestRow } from '../../contract/console-devices.ts';
import { requestState } from '../../contract/console-devices.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import type { attention } from '../../contract/console.ts';
import { recordAction, type Doer } from '../audit/record-action.ts';
import type { ServerContext } from '../context.ts';
import { notFound, RequestRefused } from '../http/problems.ts';
import { inScope } from '../store/in-scope.ts';
import { addGrant } from './grants.ts';
import { deviceFrom } from './kept-device.ts';

/** A request that nobody answered for so long no longer makes its machine ask every few seconds. */
const waitsHours = 12;

/** Open ones first, then the newest. */
export async function readRequests({ store, owner }: ServerContext, scope: SchoolScope): Promise<RequestRow[]> {
  const rows = await store
    .selectFrom('usb_requests')
    .innerJoin('devices', (join) =>
      join
        .onRef('devices.trust_id', '=', 'usb_requests.trust_id')
        .onRef('devices.device_id', '=', 'usb_requests.device_id'),
    )
    .selectAll('usb_requests')
    .select('devices.hostname')
    .where('usb_requests.trust_id', '=', owner.trustId)
    .where(inScope('usb_requests.school_id', scope))
    .orderBy((row) => row.case().when('state', '=', 'open').then(0).else(1).end())
    .orderBy('asked_at', 'desc')
    .limit(500)
    .execute();
  return rows.map((row) => ({
    id: row.request_id,
    state: requestState.parse(row.state),
    device: deviceFrom(row.device),
    deviceKeyId: row.key_id,
    machineId: row.device_id,
    machine: row.hostname,
    accountName: row.account_name,
    reason: row.reason,
    askedAt: row.asked_at,
    answeredAt: row.answered_at,
    answeredBy: row.answered_by,
    note: row.note,
    until: row.until,
  }));
}

/**
 * Answers once and for all; an approval becomes a grant in the same transaction.
 * @throws RequestRefused when there is no such request, it was answered, or the grant would not be a good one.
 */
export async function answer(context: ServerContext, id: string, given: AnswerRequest, by: Doer): Promise<void> {
  const { store, owner } = context;
  await store.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('usb_requests')
      .selectAll()
      .where('trust_id', '=', owner.trustId)
      .where(inScope('school_id', by.scope))
      .where('request_id', '=', id)
      .executeTakeFirst();
    if (row === undefined) throw notFound('request');
    if (row.state !== 'open') {
      const detail = `${row.answered_by ?? 'Somebody'} answered this request already. Reload to see how.`;
      throw new RequestRefused(409, { code: 'device.answered', detail });
    }
    const until = given.answer === 'approved' ? new Date(given.until).toISOString() : null;
    if (given.answer === 'approved') {
      const { vendorId, productId, serial } = deviceFrom(row.device);
      await addGrant(
        context,
        transaction,
        {
          device: { vendorId, productId, ...(serial === null ? {} : { serial }) },
          ...(given.forWhom === 'person' ? { accountName: row.account_name } : {}),
          ...(given.where === 'machine' ? { machineId: row.device_id } : {}),
          schoolId: row.school_id,
          until: given.until,
          reason: given.note === '' ? row.reason : given.note,
          requestId: id,
        },
        by,
      );
    }
    await transaction
      .updateTable('usb_requests')
      .set({
        state: given.answer,
        answered_at: context.now().toISOString(),
        answered_by: by.actor.name,
        note: given.note,
        until,
      })
      .where('trust_id', '=', owner.trustId)
      .where('device_id', '=', row.device_id)
      .where('request_id', '=', id)
      .execute();
    await recordAction(transaction, context, {
      action: 'device.answered',
      actor: by.actor,
      schoolId: row.school_id,
      subject: id,
      detail: {
        answer: given.answer,
        accountName: row.account_name,
        machineId: row.device_id,
        note: given.note,
        until,
      },
    });
  });
}

/** Whoever asked after this still waits for an answer. */
export const askedSince = (now: Date): string => new Date(now.getTime() - waitsHours * 60 * 60_000).toISOString();

/** That requests wait, as something to do. */
export async function requestAttention(
  { store, owner }: ServerContext,
  scope: SchoolScope,
): Promise<z.infer<typeof attention>[]> {
  const { count } = await store
    .selectFrom('usb_requests')
    .select((row) => row.fn.countAll<number>().as('count'))
    .where('trust_id', '=', owner.trustId)
    .where(inScope('school_id', scope))
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  if (Number(count) === 0) return [];
  const sentence =
    Number(count) === 1
      ? 'Somebody asks to use a USB device.'
      : `${String(count)} requests to use a USB device wait for an answer.`;
  return [{ kind: 'deviceRequest', sentence, href: '/devices/requests' }];
}
