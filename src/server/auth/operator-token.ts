import { timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { sha256 } from '../../proof/index.ts';
import { randomSecret, secretFile } from '../keys/secret-file.ts';

/** The token with which programs on the server's own computer publish policies: `operator-token`, made once. */
export const operatorToken = (folder: string): string => secretFile(join(folder, 'operator-token'), randomSecret);

/** The token of `Authorization: Bearer <token>` (RFC 6750 §2.1), where there is one. */
export const bearerToken = (request: FastifyRequest): string | undefined =>
  /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];

/** Does the request carry this token? Compared in constant time. */
export function carriesToken(request: FastifyRequest, token: string): boolean {
  const given = bearerToken(request);
  return given !== undefined && timingSafeEqual(sha256(given), sha256(token));
}
