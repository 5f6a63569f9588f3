import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { httpProblem, type HttpProblem } from '../../src/contract/problem.ts';
import { startServer, type RunningServer, type ServerOptions } from '../../src/server/index.ts';
import { TestDevice } from '../support/test-device.ts';

/** A folder that goes when the test is over. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-server-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A real server on a free port in a folder of its own, stopped when the test is over. */
export async function runningServer(options: Partial<ServerOptions> = {}): Promise<RunningServer & { folder: string }> {
  const folder = options.stateFolder ?? (await temporaryFolder());
  const consoleFolder = join(folder, 'console-build');
  await mkdir(join(consoleFolder, 'assets'), { recursive: true });
  await writeFile(join(consoleFolder, 'index.html'), '<!doctype html><title>Console</title>');
  await writeFile(join(consoleFolder, 'assets', 'console.js'), 'export {};');
  const server = await startServer({ stateFolder: folder, consoleFolder, ...options });
  onTestFinished(() => server.close());
  return { ...server, folder };
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

export async function problemOf(answer: Response): Promise<HttpProblem> {
  return httpProblem.loose().parse(await answer.json());
}

export async function enrolledDevice(server: RunningServer, hostname?: string): Promise<TestDevice> {
  const device = new TestDevice(hostname);
  await device.enrol(server.origin, await server.enrolmentToken());
  return device;
}
