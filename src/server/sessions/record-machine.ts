import type { Transaction } from 'kysely';
import type { EventBody } from '../../contract/event.ts';
import type { Owner } from '../people/record-people.ts';
import { keptQuery } from '../store/kept-query.ts';
import type { Tables } from '../store/tables.ts';
import { machineNews, type MachineNews, type SessionNews, type TroubleNews } from './machine-news.ts';

interface Place {
  transaction: Transaction<Tables>;
  keys: { trust_id: string; school_id: string; device_id: string };
}

/** Keeps who is signed in, what is wrong and how the machine is protected true to newly held events, in their order. */
export async function recordMachine(
  transaction: Transaction<Tables>,
  owner: Owner,
  deviceId: string,
  bodies: readonly EventBody[],
): Promise<void> {
  const place = {
    transaction,
    keys: { trust_id: owner.trustId, school_id: owner.schoolId, device_id: deviceId },
  };
  const news = machineNews(bodies);
  if (news.forgetAll) {
    await forget(place, 'open_sessions', null);
    await forget(place, 'machine_troubles', null);
  } else {
    for (const session of news.endedSessions) await forget(place, 'machine_troubles', session);
  }
  for (const [session, change] of news.sessions) await recordSession(place, session, change);
  for (const change of news.troubles.values()) await recordTrouble(place, change);
  if (news.posture !== null || news.inventory !== null) await recordState(place, news);
}

const setLock = keptQuery(
  (store, given: { trustId: string; deviceId: string; session: string; lockedSince: string | null }) =>
    store
      .updateTable('open_sessions')
      .set({ locked_since: given.lockedSince })
      .where('trust_id', '=', given.trustId)
      .where('device_id', '=', given.deviceId)
      .where('session', '=', given.session),
);

async function recordSession(
  place: Place,
  session: string,
  { ended, opened, lockedSince }: SessionNews,
): Promise<void> {
  const { transaction, keys } = place;
  if (ended) await forget(place, 'open_sessions', session);
  if (opened !== null) {
    const lock = lockedSince === undefined ? {} : { locked_since: lockedSince };
    await transaction
      .insertInto('open_sessions')
      .values({ ...keys, session, ...opened, locked_since: lockedSince ?? null })
      .onConflict((conflict) =>
        conflict.columns(['trust_id', 'device_id', 'session']).doUpdateSet({ ...opened, ...lock }),
      )
      .execute();
  } else if (lockedSince !== undefined) {
    await setLock(transaction, { trustId: keys.trust_id, deviceId: keys.device_id, session, lockedSince });
  }
}

type Forgotten = { trustId: string; deviceId: string };
const forgetAllOf = (table: 'open_sessions' | 'machine_troubles') =>
  keptQuery((store, { trustId, deviceId }: Forgotten) =>
    store.deleteFrom(table).where('trust_id', '=', trustId).where('device_id', '=', deviceId),
  );
const forgetOneOf = (table: 'open_sessions' | 'machine_troubles') =>
  keptQuery((store, { trustId, deviceId, session }: Forgotten & { session: string }) =>
    store
      .deleteFrom(table)
      .where('trust_id', '=', trustId)
      .where('device_id', '=', deviceId)
      .where('session', '=', session),
  );
const forgetAll = { open_sessions: forgetAllOf('open_sessions'), machine_troubles: forgetAllOf('machine_troubles') };
const forgetOne = { open_sessions: forgetOneOf('open_sessions'), machine_troubles: forgetOneOf('machine_troubles') };

/** Removes a session's rows, or with null all of the machine's. */
async function forget(
  { transaction, keys }: Place,
  table: 'open_sessions' | 'machine_troubles',
  session: string | null,
): Promise<void> {
  const machine = { trustId: keys.trust_id, deviceId: keys.device_id };
  if (session === null) await forgetAll[table](transaction, machine);
  else await forgetOne[table](transaction, { ...machine, session });
}

async function recordTrouble({ transaction, keys }: Place, { session, kind, over, found }: TroubleNews): Promise<void> {
  if (over) {
    await transaction
      .deleteFrom('machine_troubles')
      .where('trust_id', '=', keys.trust_id)
      .where('device_id', '=', keys.device_id)
      .where('session', '=', session)
      .where('kind', '=', kind)
      .execute();
  }
  if (found === null) return;
  await transaction
    .insertInto('machine_troubles')
    .values({ ...keys, session, kind, ...found })
    .onConflict((conflict) =>
      conflict.columns(['trust_id', 'device_id', 'session', 'kind']).doUpdateSet({ detail: found.detail }),
    )
    .execute();
}

async function recordState({ transaction, keys }: Place, { posture, inventory }: MachineNews): Promise<void> {
  const nothing = { posture: null, posture_at: null, bad_checks: '', inventory: null, inventory_at: null };
  const news = { ...posture, ...inventory };
  await transaction
    .insertInto('machine_states')
    .values({ ...keys, ...nothing, ...news })
    .onConflict((conflict) => conflict.columns(['trust_id', 'device_id']).doUpdateSet(news))
    .execute();
}
