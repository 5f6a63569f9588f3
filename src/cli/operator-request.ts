import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { problem } from '../contract/problem.ts';
import { settingsFromEnvironment } from '../contract/settings.ts';

const answerWithinMs = 30_000;

export interface OperatorRequest<T extends z.ZodType> {
  method: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: unknown;
  answer: T;
  /** What was to happen, for a refusal: "Nothing was published." */
  otherwise: string;
}

/**
 * Asks the central endpoint of this computer, with the token that only its account can read.
 * @throws Error in one sentence when it is not running, refuses, or the token cannot be read.
 */
export async function askServer<T extends z.ZodType>(
  request: OperatorRequest<T>,
  options: { server?: string; state?: string },
): Promise<z.infer<T>> {
  const state = path.resolve(options.state ?? settingsFromEnvironment(process.env).stateFolder);
  const origin =
    options.server === undefined
      ? read(state, 'origin', 'The central endpoint has not run on this state folder yet')
      : checkedAddress(options.server);
  const token = read(state, 'operator-token', 'This needs the state folder of the central endpoint');
  const response = await send(origin, token, request);
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) return request.answer.parse(body);
  const refusal = problem.safeParse(body);
  throw new Error(
    refusal.success
      ? `The central endpoint refused. ${refusal.data.detail}`
      : `The central endpoint at ${origin} answered ${response.status}. ${request.otherwise}`,
  );
}

async function send<T extends z.ZodType>(
  origin: string,
  token: string,
  { method, path: to, body, otherwise }: OperatorRequest<T>,
): Promise<Response> {
  try {
    return await fetch(new URL(to, origin), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(answerWithinMs),
    });
  } catch {
    throw new Error(
      `The central endpoint at ${origin} does not answer. Start it (npm start) and try again. ${otherwise}`,
    );
  }
}

/** Where the token may be sent. @throws Error in one sentence for what is no address, or plain HTTP over a network. */
function checkedAddress(given: string): string {
  const address = URL.parse(given);
  const known = address !== null && (address.protocol === 'https:' || address.protocol === 'http:');
  if (!known) throw new Error(`--server must be an address such as https://usher.school.example, not "${given}".`);
  const own = ['localhost', '127.0.0.1', '[::1]'].includes(address.hostname);
  if (address.protocol === 'https:' || own) return address.origin;
  throw new Error(`--server must begin with https://: ${given} is another computer, and what is sent there is secret.`);
}

function read(state: string, name: string, otherwise: string): string {
  const file = path.join(state, 'server', name);
  if (!existsSync(file)) throw new Error(`${otherwise}: there is no ${file}. Name the folder with --state.`);
  return readFileSync(file, 'utf8').trim();
}
