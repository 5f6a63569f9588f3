import { statfs } from 'node:fs/promises';
import { sql } from 'kysely';
import type { ReadinessCheck } from '../../contract/operation.ts';
import type { Store } from '../store/database.ts';

export type Phase = 'starting' | 'running' | 'stopping';

/** Less free space than this, and the server says that it is not ready before writes begin to fail. */
export const leastFreeBytes = 64 * 1024 * 1024;
/** A database that does not answer in this time is as good as not there. */
const patienceMs = 2_000;

export interface ReadinessSurroundings {
  phase: () => Phase;
  store: Store;
  /** What had been migrated when this process started. */
  migrations: readonly string[];
  /** Where the server keeps its files. */
  folder: string;
  leastFreeBytes: number;
}

/** Names of the migrations that the database has. */
export async function migrationsOf(store: Store): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(store);
  return rows.map(({ name }) => name);
}

/** Asks everything the server needs. Never throws; takes at most about two seconds. */
export async function readinessChecks(surroundings: ReadinessSurroundings): Promise<ReadinessCheck[]> {
  const [found, disk] = await Promise.all([
    withinPatience(migrationsOf(surroundings.store)),
    diskCheck(surroundings.folder, surroundings.leastFreeBytes),
  ]);
  return [phaseCheck(surroundings.phase()), ...databaseChecks(found, surroundings.migrations), disk];
}

function phaseCheck(phase: Phase): ReadinessCheck {
  return phase === 'running'
    ? { name: 'phase', ok: true, detail: 'The server is running.' }
    : { name: 'phase', ok: false, detail: `The server is ${phase}. Send requests to another one until it is done.` };
}

function databaseChecks(found: string[] | null, wanted: readonly string[]): ReadinessCheck[] {
  if (found === null) {
    const detail = 'The database does not answer. Check that it runs and that this computer reaches it.';
    return [{ name: 'database', ok: false, detail }];
  }
  const missing = wanted.filter((name) => !found.includes(name));
  return [
    { name: 'database', ok: true, detail: 'The database answers.' },
    missing.length === 0
      ? { name: 'migrations', ok: true, detail: 'The database has every table of this version.' }
      : {
          name: 'migrations',
          ok: false,
          detail: `The database lacks ${missing.join(', ')}: it was replaced by an older one. Start the server again, which adds what is missing.`,
        },
  ];
}

async function diskCheck(folder: string, least: number): Promise<ReadinessCheck> {
  const free = await statfs(folder).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => null,
  );
  if (free === null) {
    return { name: 'disk', ok: false, detail: "The server's state folder cannot be reached. Check its disk." };
  }
  const megabytes = Math.floor(free / 1024 / 1024);
  return free >= least
    ? { name: 'disk', ok: true, detail: `${megabytes} MB are free on the disk of the state folder.` }
    : { name: 'disk', ok: false, detail: `Only ${megabytes} MB are free on the disk of the state folder. Free some.` };
}

/** The value, or null when it fails or takes too long. */
async function withinPatience<T>(wanted: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  try {
    return await Promise.race([wanted, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}
