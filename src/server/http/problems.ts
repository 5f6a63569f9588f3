import { STATUS_CODES } from 'node:http';
import type { FastifyReply } from 'fastify';
import type { HttpProblem, Problem } from '../../contract/problem.ts';

/** A refusal on its way to becoming an RFC 9457 answer. Thrown by routes, caught in one place. */
export class RequestRefused extends Error {
  readonly status: number;
  readonly problem: Problem;
  /** More members of the answer, such as `expectedSeq`. */
  readonly members: Record<string, unknown>;
  /** Seconds after which trying again makes sense. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    problem: Problem,
    more: { members?: Record<string, unknown>; retryAfterSeconds?: number } = {},
  ) {
    super(`${problem.code}: ${problem.detail}`);
    this.name = 'RequestRefused';
    this.status = status;
    this.problem = problem;
    this.members = more.members ?? {};
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** What the console asked for is not there. `what`: "person", "policy". */
export function notFound(what: string): RequestRefused {
  const detail = `There is no ${what} with this id.`;
  return new RequestRefused(404, { code: 'console.notFound', detail, field: 'id' });
}

export const problemMediaType = 'application/problem+json';

/** The body of a refusal (RFC 9457 §3). */
export function problemBody(status: number, problem: Problem, members: Record<string, unknown> = {}): HttpProblem {
  return {
    type: `urn:usher:problem:${problem.code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    ...problem,
    ...members,
  };
}

export function sendProblem(reply: FastifyReply, refusal: RequestRefused): FastifyReply {
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', String(refusal.retryAfterSeconds));
  return reply
    .code(refusal.status)
    .header('content-type', problemMediaType)
    .header('cache-control', 'no-store')
    .send(JSON.stringify(problemBody(refusal.status, refusal.problem, refusal.members)));
}
