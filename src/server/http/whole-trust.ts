import type { FastifyRequest } from 'fastify';
import { RequestRefused } from './problems.ts';

/**
 * For what concerns every school at once.
 * @throws RequestRefused 403 for a role that is for some schools only.
 */
export function requireWholeTrust(request: FastifyRequest, what: string): void {
  if (request.scope === 'all') return;
  throw new RequestRefused(403, {
    code: 'console.notAllowed',
    detail: `Your role is for some schools only, and to ${what} concerns every school. Ask an administrator of the whole trust.`,
  });
}
