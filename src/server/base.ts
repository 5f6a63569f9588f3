import { existsSync } from 'node:fs';
import type { KyselyPlugin } from 'kysely';
import type { Logger } from 'pino';
import { keyFingerprint, type SigningKey } from '../proof/index.ts';
import { alwaysLeader, leadershipByLock } from './jobs/leadership.ts';
import { serverKey } from './keys/server-key.ts';
import { sessionSecret } from './keys/session-secret.ts';
import { eventFeed, type EventFeed } from './live/feed.ts';
import { postgresFeed } from './live/postgres-feed.ts';
import { localTrust, openStore, type Store } from './store/database.ts';
import { engineOfPlace } from './store/engine.ts';
import { keepConnection } from './store/kept-connection.ts';
import { openComingMonths } from './store/partitions.ts';
import { refuseMoved } from './store/moved-marker.ts';
import { lockFolder, runningShare } from './store/running-lock.ts';
import { holdIdentity, knownIdentity } from './store/server-identity.ts';

/** What a server stands on: its database, its keys, and how it works together with others on the same database. */
export interface Base {
  store: Store;
  key: SigningKey;
  feed: EventFeed;
  isLeader(): boolean;
  close(): Promise<void>;
}

export interface BaseOptions {
  folder: string;
  databasePageLimit?: number | undefined;
  databaseConnections?: number | undefined;
  plugins: KyselyPlugin[];
  now: () => Date;
  log: Logger;
}

/**
 * @param place path of a SQLite file or address of a PostgreSQL database.
 * @throws Error in one sentence when it is used by another, belongs to other keys, or cannot be opened.
 */
export function openBase(place: string, options: BaseOptions): Promise<Base> {
  return engineOfPlace(place) === 'sqlite' ? onSqlite(place, options) : onPostgres(place, options);
}

async function onSqlite(path: string, { folder, databasePageLimit, plugins, now }: BaseOptions): Promise<Base> {
  refuseMoved(folder);
  const lock = lockFolder(folder);
  try {
    const existed = existsSync(path);
    const key = serverKey(folder, existed);
    const store = await openStore(path, { pageLimit: databasePageLimit, plugins });
    try {
      await holdIdentity(store, localTrust.trustId, keysOf(key, folder), now());
    } catch (error) {
      await store.destroy();
      throw error;
    }
    return {
      store,
      key,
      feed: eventFeed(),
      isLeader: alwaysLeader.isLeader,
      async close() {
        await store.destroy();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}

async function onPostgres(url: string, { folder, databaseConnections, plugins, now, log }: BaseOptions): Promise<Base> {
  const { trustId } = localTrust;
  const store = await openStore(url, {
    connections: databaseConnections,
    plugins,
    onIdleFault: (error) => log.warn({ err: error }, 'a connection to PostgreSQL broke'),
  });
  try {
    const key = serverKey(folder, (await knownIdentity(store, trustId)) !== null);
    await holdIdentity(store, trustId, keysOf(key, folder), now());
    await openComingMonths(store, now());
    const feed = postgresFeed(store, trustId, log);
    const leadership = leadershipByLock(trustId);
    const kept = await keepConnection(url, [runningShare, leadership, feed], log);
    return {
      store,
      key,
      feed,
      isLeader: leadership.isLeader,
      async close() {
        await kept.close();
        await store.destroy();
      },
    };
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

const keysOf = (key: SigningKey, folder: string) => ({
  keyFingerprint: keyFingerprint(key.publicKey),
  sessionSecret: sessionSecret(folder),
  folder,
});
