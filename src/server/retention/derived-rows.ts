import type { Transaction } from 'kysely';
import { eventBody, type EventBody } from '../../contract/event.ts';
import { recordPeople } from '../people/record-people.ts';
import { personId } from '../people/person-id.ts';
import type { Tables } from '../store/tables.ts';
import { holdCovers, type HoldTerms } from '../../rules/retention.ts';
import { deviceKeyId } from '../usb/kept-device.ts';

/** A record whose text goes. */
export interface LeavingRecord {
  device_id: string;
  received_at: string;
  person_id: string | null;
  body: string | null;
}

interface Place {
  transaction: Transaction<Tables>;
  trustId: string;
  schoolId: string;
  holds: readonly HoldTerms[];
}

/** Removes what other tables took out of these records, where nothing else supports it. @returns rows removed. */
export async function removeDerived(place: Place, leaving: readonly LeavingRecord[]): Promise<number> {
  let removed = 0;
  const people = new Set<string>();
  for (const record of leaving) {
    if (record.person_id !== null) people.add(record.person_id);
    if (record.body === null) continue;
    removed += await removeOne(place, record, eventBody.parse(JSON.parse(record.body)));
  }
  for (const person of people) removed += await mendPerson(place, person);
  return removed;
}

async function removeOne(place: Place, record: LeavingRecord, body: EventBody): Promise<number> {
  const { transaction, trustId } = place;
  switch (body.type) {
    case 'session.signedIn': {
      if (body.session === null) return 0;
      const { numDeletedRows } = await transaction
        .deleteFrom('open_sessions')
        .where('trust_id', '=', trustId)
        .where('device_id', '=', record.device_id)
        .where('session', '=', body.session)
        .where('since', '=', body.at)
        .executeTakeFirst();
      return Number(numDeletedRows);
    }
    case 'usb.asked': {
      const { numDeletedRows } = await transaction
        .deleteFrom('usb_requests')
        .where('trust_id', '=', trustId)
        .where('device_id', '=', record.device_id)
        .where('request_id', '=', body.data.requestId)
        .executeTakeFirst();
      return Number(numDeletedRows) + (await forgetDevice(place, deviceKeyId(trustId, body.data.device)));
    }
    case 'usb.decided':
      return await removePlug(place, record, body);
    default:
      return 0;
  }
}

async function removePlug(
  place: Place,
  record: LeavingRecord,
  { data, account }: Extract<EventBody, { type: 'usb.decided' }>,
): Promise<number> {
  const { transaction, trustId, schoolId, holds } = place;
  const plug = await transaction
    .selectFrom('usb_plugs')
    .select(['account_name', 'inserted_at'])
    .where('trust_id', '=', trustId)
    .where('device_id', '=', record.device_id)
    .where('plug', '=', data.plug)
    .executeTakeFirst();
  if (plug === undefined) return 0;
  const name = plug.account_name;
  // The insertion may be somebody else's, whose record is on hold.
  const held = holds.some((hold) =>
    holdCovers(hold, {
      schoolId,
      personId: name === null ? null : personId(trustId, schoolId, name),
      deviceId: record.device_id,
      at: plug.inserted_at,
      receivedAt: record.received_at,
    }),
  );
  if (held) return 0;
  if (name !== null && account !== null && name.toLowerCase() !== account.name.toLowerCase()) return 0;
  const { numDeletedRows } = await transaction
    .deleteFrom('usb_plugs')
    .where('trust_id', '=', trustId)
    .where('device_id', '=', record.device_id)
    .where('plug', '=', data.plug)
    .executeTakeFirst();
  return Number(numDeletedRows) + (await forgetDevice(place, deviceKeyId(trustId, data.device)));
}

/** A USB device that no insertion and no request speaks of any more. */
async function forgetDevice({ transaction, trustId, schoolId }: Place, keyId: string): Promise<number> {
  for (const table of ['usb_plugs', 'usb_requests'] as const) {
    const supported = await transaction
      .selectFrom(table)
      .select('device_id')
      .where('trust_id', '=', trustId)
      .where('school_id', '=', schoolId)
      .where('key_id', '=', keyId)
      .limit(1)
      .executeTakeFirst();
    if (supported !== undefined) return 0;
  }
  const { numDeletedRows } = await transaction
    .deleteFrom('usb_devices')
    .where('trust_id', '=', trustId)
    .where('school_id', '=', schoolId)
    .where('key_id', '=', keyId)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Makes a person's row and answers true to the records that are left of them; nobody is left without any. */
async function mendPerson({ transaction, trustId, schoolId }: Place, person: string): Promise<number> {
  const theirs = () =>
    transaction.selectFrom('records').where('trust_id', '=', trustId).where('person_id', '=', person);
  const left = await theirs().select('number').limit(1).executeTakeFirst();
  const answers = await theirs()
    .select('body')
    .where('type', 'in', ['policy.accepted', 'policy.declined'])
    .where('body', 'is not', null)
    .orderBy('number')
    .execute();
  const bodies = answers.flatMap(({ body }) => (body === null ? [] : [eventBody.parse(JSON.parse(body))]));
  const hashes = bodies.flatMap((body) =>
    body.type === 'policy.accepted' || body.type === 'policy.declined' ? [body.data.policyHash] : [],
  );
  let unsupported = transaction
    .deleteFrom('person_policies')
    .where('trust_id', '=', trustId)
    .where('person_id', '=', person);
  if (hashes.length > 0) unsupported = unsupported.where('policy_hash', 'not in', [...new Set(hashes)]);
  let unsigned = transaction
    .deleteFrom('counter_signatures')
    .where('trust_id', '=', trustId)
    .where('person_id', '=', person);
  if (hashes.length > 0) unsigned = unsigned.where('policy_hash', 'not in', [...new Set(hashes)]);
  const signatures = Number((await unsigned.executeTakeFirst()).numDeletedRows);
  const answered = Number((await unsupported.executeTakeFirst()).numDeletedRows);
  const removed = answered + signatures;
  if (left === undefined) {
    const { numDeletedRows } = await transaction
      .deleteFrom('people')
      .where('trust_id', '=', trustId)
      .where('person_id', '=', person)
      .executeTakeFirst();
    const equipment = await transaction
      .deleteFrom('equipment')
      .where('trust_id', '=', trustId)
      .where('person_id', '=', person)
      .executeTakeFirst();
    return removed + Number(numDeletedRows) + Number(equipment.numDeletedRows);
  }
  if (answered > 0) {
    await transaction
      .updateTable('people')
      .set({
        printed_name: null,
        latest_acceptance_id: null,
        latest_publication: null,
        latest_title: null,
        latest_version: null,
        latest_at: null,
        latest_device_id: null,
        audience: null,
      })
      .where('trust_id', '=', trustId)
      .where('person_id', '=', person)
      .execute();
    const newest = bodies.reduce((latest, { at }) => (at > latest ? at : latest), '');
    if (bodies.length > 0) await recordPeople(transaction, { trustId, schoolId }, bodies, newest);
  }
  return removed;
}
