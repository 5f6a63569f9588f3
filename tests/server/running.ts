import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, onTestFinished } from 'vitest';
import { accessPaths, openingNow } from '../../src/contract/console-access.ts';
import { httpProblem, type HttpProblem } from '../../src/contract/problem.ts';
import { personId } from '../../src/server/people/person-id.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../src/server/index.ts';
import { localTrust, openStore, type Store } from '../../src/server/store/database.ts';
import { freshDatabase } from '../support/postgres/fresh-database.ts';
import { postJson, TestDevice } from '../support/test-device.ts';

/** The engine this run of the test is on. */
export const engine = inject('engine');

/** The database of each state folder, so that a server that is started again finds its own. */
const databases = new Map<string, string>();

/** Address of a state folder's own PostgreSQL database; undefined on SQLite, which is in the folder. */
export async function databaseOf(folder: string): Promise<string | undefined> {
  if (engine === 'sqlite') return undefined;
  const known = databases.get(folder);
  if (known !== undefined) return known;
  const { url, drop } = await freshDatabase();
  databases.set(folder, url);
  onTestFinished(drop);
  return url;
}

/** A folder that goes when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-server-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A real server on a free port on this run's engine, in a folder of its own, stopped when the test is over. */
export async function runningServer(options: Partial<ServerOptions> = {}): Promise<RunningServer & { folder: string }> {
  const folder = options.stateFolder ?? (await temporaryFolder());
  const consoleFolder = join(folder, 'console-build');
  await mkdir(join(consoleFolder, 'assets'), { recursive: true });
  await writeFile(join(consoleFolder, 'index.html'), '<!doctype html><title>Console</title>');
  await writeFile(join(consoleFolder, 'assets', 'console.js'), 'export {};');
  const databaseUrl = 'databaseUrl' in options ? options.databaseUrl : await databaseOf(folder);
  const server = await startServer({ stateFolder: folder, consoleFolder, ...options, databaseUrl });
  onTestFinished(() => server.close());
  return { ...server, folder };
}

/** The database behind a running server, opened beside it. */
export async function storeOf(folder: string): Promise<Store> {
  return await openStore((await databaseOf(folder)) ?? join(folder, 'server', 'usher.db'));
}

/** Signs in by the one-time link; the cookie header for later requests. */
export async function signIn(server: RunningServer): Promise<string> {
  const answer = await fetch(await server.signInLink(), { redirect: 'manual' });
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}

/** A console request with a session. */
export async function ask(server: RunningServer, cookie: string, path: string): Promise<Response> {
  return await fetch(`${server.origin}${path}`, { headers: { cookie } });
}

/** Opens the record of the person with this account, which nobody reads without saying why. */
export async function openPerson(server: RunningServer, cookie: string, account = 'robin'): Promise<void> {
  const person = personId(localTrust.trustId, localTrust.schoolId, account);
  const answer = await postJson(
    `${server.origin}${accessPaths.opening.replace(':id', person)}`,
    { category: 'audit', reason: 'Looked at by a test of the server' },
    { cookie, origin: server.origin },
  );
  const body: unknown = await answer.json();
  if (!openingNow.safeParse(body).data?.open) throw new Error(`It was not opened: ${JSON.stringify(body)}`);
}

export async function problemOf(answer: Response): Promise<HttpProblem> {
  return httpProblem.loose().parse(await answer.json());
}

export async function enrolledDevice(server: RunningServer, hostname?: string): Promise<TestDevice> {
  const device = new TestDevice(hostname);
  await device.enrol(server.origin, await server.enrolmentToken());
  return device;
}
