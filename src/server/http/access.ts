import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SetUpState } from '../../contract/console-access.ts';
import type { Permission, RoleGrant, SchoolScope } from '../../contract/roles.ts';
import { scopeOf } from '../../rules/console-access.ts';
import type { BodyBounds } from './bounded-body.ts';
import { RequestRefused } from './problems.ts';

/**
 * Who may call a route. Each route says so in its `config`, and a route that does not keeps the server from starting.
 * - `public`: anyone; nothing in the answer is about a person.
 * - `device`: the body carries a machine's own signature or an enrolment secret.
 * - `session`: a signed-in console user whose roles include the route's `permission`.
 * - `sessionOrOperator`: that, or the operator token of this server's own folder.
 * - `operator`: that token only.
 * - `metrics`: that token, or whoever may read the server's metrics (`operation/metrics-reader.ts`).
 */
export type Access = 'public' | 'device' | 'session' | 'sessionOrOperator' | 'operator' | 'metrics';

export interface ConsoleUser {
  id: string;
  name: string;
  email: string;
  roles: readonly RoleGrant[];
  /** Is there a way to sign in again? With `needed`, only one's own account can be reached. */
  setUp: SetUpState;
}

/** Establishes who is asking. */
export interface Callers {
  userOf(request: FastifyRequest): Promise<ConsoleUser | null>;
  isOperator(request: FastifyRequest): boolean;
  mayReadMetrics(request: FastifyRequest): boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** What a console user must be allowed to do; `signedIn`: nothing more than being signed in. */
    permission?: Permission | 'signedIn';
    /** May be called before there is a way to sign in again. */
    duringSetUp?: boolean;
    /** Of a public route that changes something: only for pages of our own. */
    ownPagesOnly?: boolean;
    /** First part of this route's problem codes. */
    area?: string;
    /** How large the body may be; `defaultBodyBounds` when absent. */
    bodyBounds?: BodyBounds;
  }
  interface FastifyRequest {
    consoleUser: ConsoleUser | null;
    /** Schools whose rows this request may see or change. */
    scope: SchoolScope;
  }
}

export interface RouteAccess {
  method: string;
  url: string;
  access: Access;
  permission: Permission | 'signedIn' | null;
}

const noSession = () =>
  new RequestRefused(401, {
    code: 'console.noSession',
    detail:
      'You are not signed in. Open the sign-in link that was printed when the server started, or ask for a new one.',
  });
const notOperator = () =>
  new RequestRefused(401, {
    code: 'console.notOperator',
    detail: "This needs the operator token, which is in the file operator-token in the server's state folder.",
  });

const setUpNeeded = () =>
  new RequestRefused(403, {
    code: 'console.setUpNeeded',
    detail:
      'First set up a way to sign in again, on your account page: a passkey, or a password with an authenticator app.',
  });
const noMetrics = () =>
  new RequestRefused(401, {
    code: 'metrics.notAllowed',
    detail:
      'The metrics are for whoever carries the token of USHER_METRICS_TOKEN or the operator token; without a metrics token, also for programs on the server itself.',
  });

const notAllowed = (permission: Permission) =>
  new RequestRefused(403, {
    code: 'console.notAllowed',
    detail: `Your role does not allow this (${permission}). Ask an administrator of Usher at your school or trust.`,
  });

/**
 * For a route that asks for more with some input: narrows the request's scope to where that is allowed too.
 * @throws RequestRefused 403.
 */
export function requirePermission(request: FastifyRequest, permission: Permission): void {
  const scope = scopeOf(request.consoleUser?.roles ?? [], permission);
  if (scope === null) throw notAllowed(permission);
  if (scope === 'all') return;
  request.scope = request.scope === 'all' ? scope : request.scope.filter((school) => scope.includes(school));
}

/** Changing something with a cookie is only for pages of our own origin (OWASP CSRF cheat sheet, "Verifying origin"). */
function refuseForeignPages(request: FastifyRequest, origins: readonly string[]): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const origin = request.headers.origin;
  if (origin !== undefined && origins.includes(origin)) return;
  throw new RequestRefused(403, {
    code: 'request.origin',
    detail:
      'This request did not come from a page of the console, so nothing was changed. Open the console and try there.',
  });
}

/** Files of the console's build and of the documentation; the plugins that serve them know nothing of access. */
const isStatic = (url: string): boolean => /^\/(docs|assets)(\/|$)/.test(url);

/**
 * Puts every route's access decision into force and collects the decisions.
 * @throws Error from `onRoute`, so at start, for a route that has none.
 */
export function enforceAccess(app: FastifyInstance, callers: Callers, origins: () => readonly string[]): RouteAccess[] {
  const decided: RouteAccess[] = [];
  app.decorateRequest('consoleUser', null);
  app.decorateRequest('scope', 'all');
  app.addHook('onRoute', (route) => {
    const access = route.config?.access ?? (isStatic(route.url) ? 'public' : undefined);
    if (access === undefined) {
      throw new Error(`The route ${String(route.method)} ${route.url} does not say who may call it (config.access).`);
    }
    const permission = route.config?.permission ?? null;
    if (access.startsWith('session') && permission === null) {
      throw new Error(
        `The route ${String(route.method)} ${route.url} does not say what its caller must be allowed to do.`,
      );
    }
    route.config = { ...route.config, access };
    for (const method of [route.method].flat()) decided.push({ method, url: route.url, access, permission });
  });
  app.addHook('onRequest', async (request) => {
    const { access, permission = 'signedIn', duringSetUp, ownPagesOnly } = request.routeOptions.config;
    if (ownPagesOnly === true) refuseForeignPages(request, origins());
    if (access === undefined || access === 'public' || access === 'device') return;
    if (access !== 'session' && callers.isOperator(request)) return;
    if (access === 'operator') throw notOperator();
    if (access === 'metrics') {
      if (callers.mayReadMetrics(request)) return;
      throw noMetrics();
    }
    const user = await callers.userOf(request);
    if (user === null) throw noSession();
    refuseForeignPages(request, origins());
    request.consoleUser = user;
    if (user.setUp === 'needed' && duringSetUp !== true) throw setUpNeeded();
    if (permission === 'signedIn') return;
    const scope = scopeOf(user.roles, permission);
    if (scope === null) throw notAllowed(permission);
    request.scope = scope;
  });
  return decided;
}
