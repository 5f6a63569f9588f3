import type { z } from 'zod';
import { httpProblem, type HttpProblem } from '../../../src/contract/problem.ts';

/** Why the server's answer cannot be shown. */
export type Failure =
  | { kind: 'notSignedIn' }
  | { kind: 'problem'; problem: HttpProblem }
  /** The answer is not what the contract says; usually a console older than its server. */
  | { kind: 'mismatch'; path: string; detail: string }
  | { kind: 'unreachable' };

/** Thrown by `get`; `failure` says which of the known things went wrong. */
export class ConsoleError extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure.kind === 'problem' ? failure.problem.detail : failure.kind);
    this.name = 'ConsoleError';
    this.failure = failure;
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof ConsoleError) return error.failure;
  return { kind: 'mismatch', path: 'this page', detail: error instanceof Error ? error.message : String(error) };
}

/**
 * Asks the server and checks the answer against its schema.
 * @throws ConsoleError for everything that is not a good answer.
 */
export async function get<S extends z.ZodType>(address: string, schema: S, signal?: AbortSignal): Promise<z.output<S>> {
  const answer = await request(address, signal === undefined ? {} : { signal });
  return answerOf(address, answer, schema);
}

async function answerOf<S extends z.ZodType>(address: string, answer: Response, schema: S): Promise<z.output<S>> {
  const parsed = schema.safeParse(await jsonOf(answer));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'the answer' : issue.path.map(String).join('.');
  throw new ConsoleError({
    kind: 'mismatch',
    path: address,
    detail: `${where}: ${issue?.message ?? 'not as expected'}`,
  });
}

/**
 * Sends something and checks the answer against its schema.
 * @throws ConsoleError for everything that is not a good answer.
 */
export async function post<S extends z.ZodType>(
  address: string,
  body: unknown,
  schema: S,
  method: 'POST' | 'PUT' = 'POST',
): Promise<z.output<S>> {
  const answer = await request(address, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answerOf(address, answer, schema);
}

/**
 * Sends a file as it is and checks the answer against its schema.
 * @throws ConsoleError for everything that is not a good answer.
 */
export async function sendBytes<S extends z.ZodType>(address: string, file: Blob, schema: S): Promise<z.output<S>> {
  const answer = await request(address, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
  return answerOf(address, answer, schema);
}

/**
 * Asks for a file and hands it to the browser as a download. @returns its name.
 * @throws ConsoleError for everything that is not a good answer.
 */
export async function takeFile(address: string, body: unknown, fallbackName: string): Promise<string> {
  const answer = await request(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: '*/*' },
    body: JSON.stringify(body),
  });
  const name = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition') ?? '')?.[1] ?? fallbackName;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
  return name;
}

/** Ends the session in this browser. @throws ConsoleError when the server cannot be reached. */
export async function signOut(address: string): Promise<void> {
  await request(address, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
}

async function request(address: string, init: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(address, { ...init, headers: { accept: 'application/json', ...init.headers } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ConsoleError({ kind: 'unreachable' });
  }
  if (answer.ok) return answer;
  // Loose: a problem's own members say more, such as whose record has to be opened (RFC 9457 §3.2).
  const problem = httpProblem.loose().safeParse(await jsonOf(answer));
  const refusedSignIn = problem.success && problem.data.code.startsWith('signIn.');
  if (answer.status === 401 && !refusedSignIn) throw new ConsoleError({ kind: 'notSignedIn' });
  if (problem.success) throw new ConsoleError({ kind: 'problem', problem: problem.data });
  throw new ConsoleError({
    kind: 'mismatch',
    path: address,
    detail: `the server answered ${String(answer.status)} without saying why`,
  });
}

async function jsonOf(answer: Response): Promise<unknown> {
  try {
    return await answer.json();
  } catch {
    return undefined;
  }
}
