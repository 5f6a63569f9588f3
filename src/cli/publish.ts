import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { publishAnswer } from '../contract/console.ts';
import type { Policy } from '../contract/policy.ts';
import { problem } from '../contract/problem.ts';
import { settingsFromEnvironment } from '../contract/settings.ts';

const answerWithinMs = 30_000;

/**
 * Sends a policy to the central endpoint of this computer, with the token that only its account can read.
 * @throws Error in one sentence when it is not running, refuses, or the token cannot be read.
 */
export async function publishTo(
  policy: Policy,
  options: { server?: string; state?: string },
): Promise<z.infer<typeof publishAnswer>> {
  const state = path.resolve(options.state ?? settingsFromEnvironment(process.env).stateFolder);
  const origin = options.server ?? read(state, 'origin', 'The central endpoint has not run on this state folder yet');
  const token = read(state, 'operator-token', 'Publishing needs the state folder of the central endpoint');
  const response = await send(origin, token, policy);
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return publishAnswer.parse(body);
  const refusal = problem.safeParse(body);
  throw new Error(
    refusal.success
      ? `The central endpoint refused the policy. ${refusal.data.detail}`
      : `The central endpoint at ${origin} answered ${response.status}. Nothing was published.`,
  );
}

async function send(origin: string, token: string, policy: Policy): Promise<Response> {
  try {
    return await fetch(new URL('/v1/policies', origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify(policy),
      signal: AbortSignal.timeout(answerWithinMs),
    });
  } catch {
    throw new Error(
      `The central endpoint at ${origin} does not answer. Start it (npm start) and try again; nothing was published.`,
    );
  }
}

function read(state: string, name: string, otherwise: string): string {
  const file = path.join(state, 'server', name);
  if (!existsSync(file)) throw new Error(`${otherwise}: there is no ${file}. Name the folder with --state.`);
  return readFileSync(file, 'utf8').trim();
}
