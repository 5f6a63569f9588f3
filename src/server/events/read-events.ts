import type { z } from 'zod';
import type { EventRow, events, eventsQuery } from '../../contract/console.ts';
import { eventBody, eventType } from '../../contract/event.ts';
import { acceptanceId } from '../acceptances/acceptance-id.ts';
import type { SchoolScope } from '../../contract/roles.ts';
import { RequestRefused } from '../http/problems.ts';
import type { StoreOrTransaction } from '../store/database.ts';
import { inScope } from '../store/in-scope.ts';
import { containing } from '../store/searching.ts';
import type { RecordTable } from '../store/tables.ts';

type ListedRecord = Pick<
  RecordTable,
  | 'number'
  | 'school_id'
  | 'device_id'
  | 'epoch'
  | 'seq'
  | 'at'
  | 'received_at'
  | 'type'
  | 'account_id'
  | 'account_name'
  | 'summary'
  | 'body'
> & { hostname: string };

/** Stands where the text of a record was removed. */
const removedSummary = 'The text of this record was removed.';

/** A stored record as the console lists it; null for one that arrived without its body and so says nothing. */
export function eventRowOf(record: ListedRecord): EventRow | null {
  const type = eventType.safeParse(record.type).data;
  if (type === undefined || record.at === null) return null;
  return {
    id: String(record.number),
    schoolId: record.school_id,
    deviceId: record.device_id,
    machine: record.hostname,
    epoch: record.epoch,
    seq: record.seq,
    at: record.at,
    receivedAt: record.received_at,
    type,
    account:
      record.account_id === null || record.account_name === null
        ? null
        : { id: record.account_id, name: record.account_name },
    summary: record.summary ?? removedSummary,
    acceptanceId:
      type === 'policy.accepted'
        ? acceptanceId({ deviceId: record.device_id, epoch: record.epoch, seq: record.seq })
        : null,
    body: record.body === null ? null : eventBody.parse(JSON.parse(record.body)),
  };
}

/** Whose records are read: the trust's, in the schools of `scope`. */
export interface EventReader {
  store: StoreOrTransaction;
  trustId: string;
  scope: SchoolScope;
}

const listed = ({ store, trustId, scope }: EventReader) =>
  store
    .selectFrom('records')
    .innerJoin('devices', (join) =>
      join.onRef('devices.trust_id', '=', 'records.trust_id').onRef('devices.device_id', '=', 'records.device_id'),
    )
    .select([
      'records.number',
      'records.school_id',
      'records.device_id',
      'records.epoch',
      'records.seq',
      'records.at',
      'records.received_at',
      'records.type',
      'records.account_id',
      'records.account_name',
      'records.summary',
      'records.body',
      'devices.hostname',
    ])
    .where('records.trust_id', '=', trustId)
    .where(inScope('records.school_id', scope))
    .where('records.type', 'is not', null);

const rowsOf = (records: readonly ListedRecord[]): EventRow[] => records.flatMap((record) => eventRowOf(record) ?? []);

/** A place in the list of events as given by a client. @throws RequestRefused 400 when it is none. */
export function eventNumber(text: string, field: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RequestRefused(400, {
    code: 'console.invalid',
    detail: `${field}: must be the id of an event. Start again from the top of the list.`,
    field,
  });
}

/** One page of events, newest first. `next` goes on from its end. */
export async function readEvents(
  reader: EventReader,
  query: z.infer<typeof eventsQuery>,
): Promise<z.infer<typeof events>> {
  let select = listed(reader)
    .orderBy('records.number', 'desc')
    .limit(query.limit + 1);
  if (query.before !== undefined) select = select.where('records.number', '<', eventNumber(query.before, 'before'));
  if (query.type !== undefined) select = select.where('records.type', '=', query.type);
  if (query.person !== undefined) select = select.where('records.person_id', '=', query.person);
  if (query.machine !== undefined) select = select.where('records.device_id', '=', query.machine);
  if (query.from !== undefined) select = select.where('records.at', '>=', query.from);
  if (query.to !== undefined) select = select.where('records.at', '<', query.to);
  if (query.search !== undefined && query.search !== '') {
    select = select.where(containing('records.search_text', query.search));
  }
  const records = await select.execute();
  const page = records.slice(0, query.limit);
  const last = page.at(-1);
  return { items: rowsOf(page), next: records.length > query.limit && last !== undefined ? String(last.number) : null };
}

/** Up to `limit` events that were committed after a given one, oldest first. */
export async function readEventsAfter(reader: EventReader, after: number, limit: number): Promise<EventRow[]> {
  return rowsOf(
    await listed(reader).where('records.number', '>', after).orderBy('records.number', 'asc').limit(limit).execute(),
  );
}

/**
 * Events for an export, oldest first: after one number and up to another. `last` is the number to go on after; null when
 * there is nothing more.
 */
export async function readExportPage(
  reader: EventReader,
  query: Pick<z.infer<typeof eventsQuery>, 'type' | 'machine' | 'from' | 'to'>,
  { after, newest, limit }: { after: number; newest: number; limit: number },
): Promise<{ rows: EventRow[]; last: number | null }> {
  let select = listed(reader)
    .where('records.number', '>', after)
    .where('records.number', '<=', newest)
    .orderBy('records.number', 'asc')
    .limit(limit);
  if (query.type !== undefined) select = select.where('records.type', '=', query.type);
  if (query.machine !== undefined) select = select.where('records.device_id', '=', query.machine);
  if (query.from !== undefined) select = select.where('records.at', '>=', query.from);
  if (query.to !== undefined) select = select.where('records.at', '<', query.to);
  const records = await select.execute();
  return { rows: rowsOf(records), last: records.at(-1)?.number ?? null };
}

/** One event by its number; null when there is none. */
export async function readEvent(reader: EventReader, number: number): Promise<EventRow | null> {
  const record = await listed(reader).where('records.number', '=', number).executeTakeFirst();
  return record === undefined ? null : eventRowOf(record);
}

/** The event at a place in a machine's record; null when there is none. */
export async function readEventAt(
  reader: EventReader,
  at: { deviceId: string; epoch: number; seq: number },
): Promise<EventRow | null> {
  const record = await listed(reader)
    .where('records.device_id', '=', at.deviceId)
    .where('records.epoch', '=', at.epoch)
    .where('records.seq', '=', at.seq)
    .executeTakeFirst();
  return record === undefined ? null : eventRowOf(record);
}

/** Whose the event at a place is; null for nobody's, and where there is none. */
export async function personOf(
  { store, trustId, scope }: EventReader,
  at: { deviceId: string; epoch: number; seq: number },
): Promise<string | null> {
  const record = await store
    .selectFrom('records')
    .select('person_id')
    .where('trust_id', '=', trustId)
    .where('device_id', '=', at.deviceId)
    .where('epoch', '=', at.epoch)
    .where('seq', '=', at.seq)
    .where(inScope('school_id', scope))
    .executeTakeFirst();
  return record?.person_id ?? null;
}

/** The number of the newest event; 0 before the first. */
export async function newestEventNumber(store: StoreOrTransaction, trustId: string): Promise<number> {
  const { newest } = await store
    .selectFrom('records')
    .select((row) => row.fn.max('number').as('newest'))
    .where('trust_id', '=', trustId)
    .executeTakeFirstOrThrow();
  return newest ?? 0;
}
