import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import pg from 'pg';
import { connectWithinMs } from './postgres.ts';

/** How often a connection is asked whether it still lives, and how long it may take to answer. */
const askEveryMs = 1_000;
const answerWithinMs = 4_000;
const reconnectAfterMs = 500;

export interface KeptConnectionUse {
  /** Called on every new connection before anything else. */
  opened?(client: pg.Client): Promise<void>;
  /** Called about once a second while the connection lives. */
  beat?(client: pg.Client): Promise<void>;
  /** Called when it was lost; everything the session held is lost with it. */
  lost?(): void;
  notified?(channel: string, payload: string): void;
}

export interface KeptConnection {
  /** Closes the connection and keeps no other. */
  close(): Promise<void>;
}

/**
 * Keeps one connection of this process's own to PostgreSQL, for what belongs to a session: listening and advisory locks.
 * One that breaks, or no longer answers, is replaced.
 * @throws Error when the first connection cannot be made.
 */
export async function keepConnection(
  url: string,
  uses: readonly KeptConnectionUse[],
  log: Logger,
): Promise<KeptConnection> {
  const stopping = new AbortController();
  let client: pg.Client | null = await open(url, uses);
  const kept = (async () => {
    while (client !== null) {
      await untilLost(client, uses, stopping.signal);
      for (const use of uses) use.lost?.();
      await client.end();
      client = await openAgain(url, uses, stopping.signal, log);
    }
  })();
  return {
    async close() {
      stopping.abort();
      await kept;
    },
  };
}

/** Tries until it can be reached; null when the connection is not wanted any more. */
async function openAgain(
  url: string,
  uses: readonly KeptConnectionUse[],
  stopping: AbortSignal,
  log: Logger,
): Promise<pg.Client | null> {
  while (!stopping.aborted) {
    try {
      await pause(reconnectAfterMs, undefined, { signal: stopping });
      return await open(url, uses);
    } catch (error) {
      if (!stopping.aborted) log.warn({ err: error }, 'PostgreSQL cannot be reached; trying again');
    }
  }
  return null;
}

async function open(url: string, uses: readonly KeptConnectionUse[]): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectWithinMs,
    query_timeout: answerWithinMs,
    keepAlive: true,
    application_name: 'usher session',
  });
  // Every query of a broken connection fails by itself; without this the process would end as well.
  client.on('error', () => {});
  client.on('notification', ({ channel, payload }) => {
    for (const use of uses) use.notified?.(channel, payload ?? '');
  });
  try {
    await client.connect();
    // The database notices within ten seconds that this computer is gone, and frees what the session held.
    await client.query('set tcp_keepalives_idle = 4; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3');
    for (const use of uses) await use.opened?.(client);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
}

/** Resolves when the connection breaks or does not answer in time, or when it is to be closed. */
async function untilLost(client: pg.Client, uses: readonly KeptConnectionUse[], stopping: AbortSignal): Promise<void> {
  const broken = new AbortController();
  client.once('end', () => broken.abort());
  client.once('error', () => broken.abort());
  const signal = AbortSignal.any([stopping, broken.signal]);
  try {
    while (!signal.aborted) {
      await client.query('select 1');
      for (const use of uses) await use.beat?.(client);
      await pause(askEveryMs, undefined, { signal });
    }
  } catch {
    // Broken, silent or to be closed: the caller goes on in the same way.
  }
}
