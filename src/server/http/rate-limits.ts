import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RequestRefused } from './problems.ts';

/**
 * Requests in a minute. One address may be a whole school or trust (network address translation), so what counts most
 * is counted per machine and per person: one of them cannot use up what the others need.
 */
export interface RateLimits {
  /** From one address, all routes but the exchange with machines. */
  address: number;
  /** Exchanges from one address: 20,000 machines behind one address that all come back within a minute, twice over. */
  exchangesOfAddress: number;
  /** Exchanges of one machine: it polls once a minute, every 3 seconds while somebody waits, and sends a backlog at once. */
  machine: number;
  /** Console requests of one signed-in person, however often they are signed in. */
  person: number;
}

export const defaultRateLimits: RateLimits = {
  address: 6_000,
  exchangesOfAddress: 60_000,
  machine: 300,
  person: 1_200,
};
const minute = 60_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is the exchange with machines and has its own bound per address. */
    exchange?: boolean;
  }
}

const tooMany = (who: string, ttl: number) =>
  new RequestRefused(
    429,
    { code: 'request.tooMany', detail: `Too many requests came from ${who}. Try again in a minute.` },
    { retryAfterSeconds: Math.max(1, Math.ceil(ttl / 1_000)) },
  );

/**
 * Bounds what one address may ask for, before anything else is looked at.
 * @param limits `none` for measurements and long tests: nothing is bounded, not even where a route has a bound of its own.
 */
export async function limitAddresses(app: FastifyInstance, limits: RateLimits | 'none'): Promise<void> {
  if (limits === 'none') return;
  app.addHook('onRoute', (route) => {
    if (route.config?.exchange !== true) return;
    route.config = { ...route.config, rateLimit: { max: limits.exchangesOfAddress, timeWindow: minute } };
  });
  await app.register(rateLimit, {
    max: limits.address,
    timeWindow: minute,
    errorResponseBuilder: (_request, { ttl }) => tooMany('this address', ttl),
  });
}

/** Counts one more request of somebody known. @throws RequestRefused 429 when there were too many within the minute. */
export type Bound = (request: FastifyRequest) => Promise<void>;

function bound(app: FastifyInstance, max: number, who: string, keyOf: (request: FastifyRequest) => string): Bound {
  const limiter = app.createRateLimit({ max, timeWindow: minute, keyGenerator: keyOf });
  return async (request) => {
    const state = await limiter(request);
    if (!state.isAllowed && state.isExceeded) throw tooMany(who, state.ttl);
  };
}

const unbounded: Bound = () => Promise.resolve();

/** To be asked once a request proved to come from its machine; a stranger must not use up what a machine needs. */
export function machineBound(app: FastifyInstance, limits: RateLimits | 'none'): Bound {
  if (limits === 'none') return unbounded;
  return bound(app, limits.machine, 'this machine', ({ body }) =>
    typeof body === 'object' && body !== null && 'deviceId' in body ? String(body.deviceId) : '',
  );
}

/** After `enforceAccess`: bounds what one signed-in person may ask for. */
export function limitPeople(app: FastifyInstance, limits: RateLimits | 'none'): void {
  if (limits === 'none') return;
  const person = bound(app, limits.person, 'you', ({ consoleUser }) => consoleUser?.id ?? '');
  app.addHook('onRequest', async (request) => {
    if (request.consoleUser !== null) await person(request);
  });
}
