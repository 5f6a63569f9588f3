import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { problem } from '../contract/problem.ts';
import { settingsFromEnvironment } from '../contract/settings.ts';

const answerWithinMs = 30_000;

/**
 * Asks the central endpoint of this computer for something, with the token that only its account can read.
 * @throws Error in one sentence when it is not running, refuses, or the token cannot be read.
 */
export async function askServer(
  route: string,
  body: unknown,
  options: { server?: string; state?: string },
): Promise<unknown> {
  const state = path.resolve(options.state ?? settingsFromEnvironment(process.env).stateFolder);
  const origin = options.server ?? read(state, 'origin', 'The central endpoint has not run on this state folder yet');
  const token = read(state, 'operator-token', 'This needs the state folder of the central endpoint');
  const response = await fetch(new URL(route, origin), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(answerWithinMs),
  }).catch(() => {
    throw new Error(
      `The central endpoint at ${origin} does not answer. Start it (npm start) and try again; nothing was changed.`,
    );
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer;
  const refusal = problem.safeParse(answer);
  throw new Error(
    refusal.success
      ? `The central endpoint refused. ${refusal.data.detail}`
      : `The central endpoint at ${origin} answered ${String(response.status)}. Nothing was changed.`,
  );
}

function read(state: string, name: string, otherwise: string): string {
  const file = path.join(state, 'server', name);
  if (!existsSync(file)) throw new Error(`${otherwise}: there is no ${file}. Name the folder with --state.`);
  return readFileSync(file, 'utf8').trim();
}
