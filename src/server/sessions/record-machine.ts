import type { Transaction } from 'kysely';
import type { TroubleKind } from '../../contract/console.ts';
import type { EventBody } from '../../contract/event.ts';
import { accountKey } from '../people/person-id.ts';
import { isHeld } from '../usb/record-devices.ts';
import type { Owner } from '../people/record-people.ts';
import type { Tables } from '../store/tables.ts';

interface Place {
  transaction: Transaction<Tables>;
  keys: { trust_id: string; school_id: string; device_id: string };
}

const controlTrouble = { watch: 'usbNotWatched', hold: 'usbNotHeld' } as const;

/** What concerns the machine as a whole and not one session. */
const wholeMachine = '';

/** Keeps who is signed in, what is wrong and how the machine is protected true to newly held events, in their order. */
export async function recordMachine(
  transaction: Transaction<Tables>,
  owner: Owner,
  deviceId: string,
  bodies: readonly EventBody[],
): Promise<void> {
  const keys = { trust_id: owner.trustId, school_id: owner.schoolId, device_id: deviceId };
  for (const body of bodies) await recordOne({ transaction, keys }, body);
}

async function recordOne(place: Place, body: EventBody): Promise<void> {
  const session = body.session ?? wholeMachine;
  switch (body.type) {
    case 'journal.epochStarted':
      // The record before it is lost, and with it what it would have said about who signed out.
      await forget(place, 'open_sessions', null);
      return forget(place, 'machine_troubles', null);
    case 'session.signedIn':
      return signedIn(place, body);
    case 'session.signedOut':
      await forget(place, 'open_sessions', session);
      return forget(place, 'machine_troubles', session);
    case 'session.locked':
      return locked(place, session, body.at);
    case 'session.unlocked':
      return locked(place, session, null);
    case 'lock.failed':
      return trouble(place, wholeMachine, 'lockFailed', body.data.why, body.at);
    case 'lock.confirmed':
      // A lock that came only after the cover is not a lock that works.
      if (!body.data.wasCovered) await untrouble(place, wholeMachine, 'lockFailed');
      return;
    case 'idle.detectionBroken':
      return trouble(place, session, body.data.finding, body.data.detail, body.at);
    case 'idle.detectionRestored':
      return untrouble(place, session, body.data.finding);
    case 'usb.blockFailed':
      return trouble(place, body.data.plug, 'usbNotBlocked', body.data.why, body.at);
    case 'usb.blocked':
    case 'usb.removed':
      return untrouble(place, body.data.plug, 'usbNotBlocked');
    case 'usb.decided':
      // A device that may be used now need not be blocked any more.
      if (!isHeld(body.data.decision)) await untrouble(place, body.data.plug, 'usbNotBlocked');
      return;
    case 'usb.controlFailed':
      return trouble(place, wholeMachine, controlTrouble[body.data.what], body.data.why, body.at);
    case 'usb.controlRestored':
      return untrouble(place, wholeMachine, controlTrouble[body.data.what]);
    case 'machine.posture': {
      const bad = body.data.checks.filter(({ state }) => state === 'bad').map(({ name }) => name);
      return said(place, { posture: JSON.stringify(body.data), posture_at: body.at, bad_checks: bad.join(',') });
    }
    case 'machine.inventory':
      return said(place, { inventory: JSON.stringify(body.data), inventory_at: body.at });
  }
}

async function signedIn({ transaction, keys }: Place, body: EventBody): Promise<void> {
  if (body.account === null || body.session === null) return;
  const row = { account_key: accountKey(body.account.name), account_name: body.account.name, since: body.at };
  await transaction
    .insertInto('open_sessions')
    .values({ ...keys, session: body.session, ...row, locked_since: null })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id', 'session']).doUpdateSet(row))
    .execute();
}

async function locked({ transaction, keys }: Place, session: string, since: string | null): Promise<void> {
  await transaction
    .updateTable('open_sessions')
    .set({ locked_since: since })
    .where('trust_id', '=', keys.trust_id)
    .where('device_id', '=', keys.device_id)
    .where('session', '=', session)
    .execute();
}

/** Removes a session's rows, or with null all of the machine's. */
async function forget(
  { transaction, keys }: Place,
  table: 'open_sessions' | 'machine_troubles',
  session: string | null,
): Promise<void> {
  let rows = transaction
    .deleteFrom(table)
    .where('trust_id', '=', keys.trust_id)
    .where('device_id', '=', keys.device_id);
  if (session !== null) rows = rows.where('session', '=', session);
  await rows.execute();
}

async function trouble(
  { transaction, keys }: Place,
  session: string,
  kind: TroubleKind,
  detail: string,
  since: string,
): Promise<void> {
  await transaction
    .insertInto('machine_troubles')
    .values({ ...keys, session, kind, detail, since })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id', 'session', 'kind']).doUpdateSet({ detail }))
    .execute();
}

async function untrouble({ transaction, keys }: Place, session: string, kind: TroubleKind): Promise<void> {
  await transaction
    .deleteFrom('machine_troubles')
    .where('trust_id', '=', keys.trust_id)
    .where('device_id', '=', keys.device_id)
    .where('session', '=', session)
    .where('kind', '=', kind)
    .execute();
}

async function said(
  { transaction, keys }: Place,
  news: { posture: string; posture_at: string; bad_checks: string } | { inventory: string; inventory_at: string },
): Promise<void> {
  const nothing = { posture: null, posture_at: null, bad_checks: '', inventory: null, inventory_at: null };
  await transaction
    .insertInto('machine_states')
    .values({ ...keys, ...nothing, ...news })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id']).doUpdateSet(news))
    .execute();
}
