import type { Transaction } from 'kysely';
import type { EventBody } from '../../contract/event.ts';
import type { Owner } from '../people/record-people.ts';
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
    await transaction
      .updateTable('open_sessions')
      .set({ locked_since: lockedSince })
      .where('trust_id', '=', keys.trust_id)
      .where('device_id', '=', keys.device_id)
      .where('session', '=', session)
      .execute();
  }
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
