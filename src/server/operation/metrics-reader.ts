import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { sha256 } from '../../proof/index.ts';
import { bearerToken } from '../auth/operator-token.ts';
import { isLoopback } from '../listening.ts';

/** Headers that a proxy adds (RFC 7239, RFC 9110 §7.6.3, and what came before them). */
const forwardedBy = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * May the request read the metrics, beside the operator? With a metrics token, whoever carries it. Without one, programs
 * on this computer; not behind a proxy, where every request seems to come from there.
 */
export function mayReadMetrics(
  request: FastifyRequest,
  { metricsToken, behindProxy }: { metricsToken: string | undefined; behindProxy: boolean },
): boolean {
  if (metricsToken !== undefined) {
    const given = bearerToken(request);
    return given !== undefined && timingSafeEqual(sha256(given), sha256(metricsToken));
  }
  const direct = forwardedBy.every((name) => request.headers[name] === undefined);
  return !behindProxy && direct && isLoopback(request.socket.remoteAddress ?? '');
}
