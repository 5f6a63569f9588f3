import type { FastifyRequest } from 'fastify';
import type { ConsoleUser } from '../http/access.ts';

/** Who a request of access `session` comes from: the access check let nobody else through. */
export function signedInUser(request: FastifyRequest): ConsoleUser {
  if (request.consoleUser === null) throw new Error('The access check let a request without a user through');
  return request.consoleUser;
}
