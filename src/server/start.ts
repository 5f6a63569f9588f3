import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino, type Logger } from 'pino';
import type { Policy, SignedPolicy } from '../contract/policy.ts';
import type { Settings } from '../contract/settings.ts';
import { recordAction, theServer } from './audit/record-action.ts';
import { auditRoutes } from './audit/routes.ts';
import { acceptanceRoutes } from './acceptances/routes.ts';
import { addDefaultRules } from './alerts/default-rules.ts';
import { alertJobs } from './alerts/jobs.ts';
import { alertEverySeconds, openAlerts, type AlertOptions } from './alerts/open-alerts.ts';
import { alertRoutes } from './alerts/routes.ts';
import { openAdministrators, type Administrators } from './auth/administrators.ts';
import { carriesToken, operatorToken } from './auth/operator-token.ts';
import { webHeaders } from './auth/request-headers.ts';
import { accountRoutes } from './auth/account-routes.ts';
import { forgetOldAttempts } from './auth/attempts.ts';
import type { OidcProvider } from './auth/better-auth.ts';
import { signInPath } from './auth/links.ts';
import { authRoutes } from './auth/routes.ts';
import type { SignInDesk } from './auth/sign-in.ts';
import type { ServerContext } from './context.ts';
import { enrolmentRoutes } from './enrolment/routes.ts';
import { makeEnrolmentToken, type TokenKind } from './enrolment/tokens.ts';
import { eventExportRoutes } from './events/export-routes.ts';
import { eventRoutes } from './events/routes.ts';
import { feedRoutes } from './feeds/routes.ts';
import { enforceAccess, type Callers, type RouteAccess } from './http/access.ts';
import { createApp } from './http/app.ts';
import { serveConsole } from './http/console-files.ts';
import { describeApi, serveDocs } from './http/openapi.ts';
import { unusedConnections } from './http/unused-connections.ts';
import { integrityJobs, integrityRoutes, witnessFrom } from './integrity/index.ts';
import { syncRoutes } from './ingest/routes.ts';
import { startJobs, type Job } from './jobs/jobs.ts';
import { isLoopback, loopbackOrigins, plainOrigin, refuseOpenPlainHttp } from './listening.ts';
import { liveRoutes } from './live/routes.ts';
import { silentMachinesJob } from './machines/find-silent.ts';
import { machineRoutes } from './machines/routes.ts';
import { openingRoutes } from './openings/routes.ts';
import { overviewRoutes } from './overview/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { currentPolicy } from './policies/publications.ts';
import { publishPolicy } from './policies/publish.ts';
import { policyRoutes } from './policies/routes.ts';
import { schoolRoutes } from './schools/routes.ts';
import { userRoutes } from './users/routes.ts';
import { privacyRoutes } from './privacy/routes.ts';
import { purgeJob } from './retention/purge.ts';
import { deviceRoutes } from './usb/routes.ts';
import { openBase } from './base.ts';
import { localTrust } from './store/database.ts';
import { openComingMonths } from './store/partitions.ts';
import { rememberSchool } from './store/schools.ts';

export interface ServerOptions extends AlertOptions {
  /** Holds `server/`, with everything the server keeps. */
  stateFolder: string;
  /** Address of a PostgreSQL database, which several servers may share. Default: SQLite in the state folder. */
  databaseUrl?: string | undefined;
  /** Most connections to PostgreSQL. Default 10. */
  databaseConnections?: number | undefined;
  /** Default `127.0.0.1`. Another needs `origin`. */
  host?: string;
  /** Default 0: any free port. */
  port?: number;
  /** Address under which others reach the server; must be https unless it is loopback. */
  origin?: string | undefined;
  schoolName?: string;
  /** Seconds between polls, as machines are told. Default 60. */
  pollSeconds?: number;
  /** Folder of the console's build. */
  consoleFolder: string;
  version?: string;
  /** Another service that people may sign in with, by OpenID Connect. */
  provider?: OidcProvider | null;
  log?: Logger;
  now?: () => Date;
  requestsPerMinute?: number;
  /** Where a witness takes checkpoints, and its key as it publishes it; both or neither. */
  witnessUrl?: string | undefined;
  witnessKey?: string | undefined;
  /** Most 4 KiB pages the database may have. */
  databasePageLimit?: number;
}

export interface RunningServer {
  origin: string;
  /** A fresh one-time sign-in link for the administrator; works for an hour. */
  signInLink(): Promise<string>;
  /** A fresh enrolment token, for one machine within a day, or with `school` for any number within 30 days. */
  enrolmentToken(kind?: TokenKind): Promise<string>;
  serverPublicKey: string;
  /** The token with which programs on this computer publish policies. */
  operatorToken: string;
  currentPolicy(): Promise<SignedPolicy | null>;
  publish(policy: Policy): Promise<{ published: SignedPolicy; alreadyCurrent: boolean }>;
  /** Does a piece of scheduled work now. @throws Error when there is none of this name, or what it met. */
  runJob(name: string): Promise<void>;
  /** Every route and who may call it. */
  routes: readonly RouteAccess[];
  /** Does this process do the scheduled work? */
  isLeader(): boolean;
  /** Stops taking requests, lets those under way finish, and closes the database. */
  close(): Promise<void>;
}

export const serverFolder = (stateFolder: string): string => join(stateFolder, 'server');

/** The settings as the server's options. */
export function serverOptionsFrom(settings: Settings, more: { consoleFolder: string; log?: Logger }): ServerOptions {
  return {
    stateFolder: settings.stateFolder,
    databaseUrl: settings.databaseUrl,
    databaseConnections: settings.databaseConnections,
    host: settings.serverHost,
    port: settings.serverPort,
    origin: settings.serverOrigin,
    schoolName: settings.schoolName,
    pollSeconds: settings.pollSeconds,
    smtpUrl: settings.smtpUrl,
    mailFrom: settings.mailFrom,
    smtpCaFile: settings.smtpCaFile,
    alertNetworks: settings.alertNetworks,
    provider: providerFrom(settings),
    witnessUrl: settings.witnessUrl,
    witnessKey: settings.witnessKey,
    ...more,
  };
}

/** @throws Error when only a part of what a provider needs is set. */
function providerFrom({ oidcIssuer, oidcClientId, oidcClientSecret, oidcName }: Settings): OidcProvider | null {
  if (oidcIssuer === undefined && oidcClientId === undefined && oidcClientSecret === undefined) return null;
  if (oidcIssuer === undefined || oidcClientId === undefined || oidcClientSecret === undefined) {
    throw new Error(
      'Signing in by OpenID Connect needs USHER_OIDC_ISSUER, USHER_OIDC_CLIENT_ID and USHER_OIDC_CLIENT_SECRET together.',
    );
  }
  return { issuer: oidcIssuer, clientId: oidcClientId, clientSecret: oidcClientSecret, name: oidcName };
}

/**
 * Starts the central endpoint on its own database.
 * @throws Error in plain words when it may not listen there, the port is taken, or its key or database cannot be used.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  refuseOpenPlainHttp(host, options.origin);
  const folder = serverFolder(options.stateFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = options.log ?? pino({ level: 'silent' });
  const now = options.now ?? (() => new Date());
  const place = options.databaseUrl ?? join(folder, 'usher.db');
  const base = await openBase(place, { ...options, folder, now, log });
  const { store, key } = base;
  const token = operatorToken(folder);
  const witness = witnessFrom(options.witnessUrl, options.witnessKey);

  let origin = options.origin ?? '';
  let phase: 'starting' | 'running' | 'stopping' = 'starting';
  let administrators: Administrators | null = null;
  const signedIn = (): Administrators => {
    if (administrators === null) throw new Error('The server is still starting');
    return administrators;
  };
  const context: ServerContext = {
    store,
    owner: localTrust,
    key,
    feed: base.feed,
    policies: currentPolicy(store, localTrust.trustId),
    now,
    origin: () => origin,
    pollSeconds: options.pollSeconds ?? 60,
    log,
  };
  const callers: Callers = {
    userOf: (request) => signedIn().userOf(webHeaders(request)),
    isOperator: (request) => carriesToken(request, token),
  };
  const desk: SignInDesk = { context, administrators: signedIn };
  const signInLink = async (actor = theServer) => {
    const link = `${origin}${signInPath}${await signedIn().signInToken()}`;
    await store
      .transaction()
      .execute((transaction) =>
        recordAction(transaction, context, { action: 'signIn.linkMade', actor, schoolId: null, subject: null }),
      );
    return link;
  };

  try {
    await rememberSchool(store, localTrust, options.schoolName ?? 'Our school', now());
    const alerts = openAlerts(context, folder, options);
    await addDefaultRules(alerts);
    const jobs: Job[] = [
      ...alertJobs(alerts, alertEverySeconds(options)),
      { name: 'partitions', everySeconds: 6 * 60 * 60, run: () => openComingMonths(store, now()) },
      { name: 'forget old sign-in attempts', everySeconds: 3_600, run: () => forgetOldAttempts(context) },
      ...integrityJobs(context, witness),
      purgeJob(context),
      silentMachinesJob(context),
    ];
    const overHttps = origin.startsWith('https:');
    const app = await createApp({
      log,
      overHttps,
      requestsPerMinute: options.requestsPerMinute ?? 6_000,
      phase: () => phase,
    });
    const closeUnused = unusedConnections(app.server);
    const routes = enforceAccess(app, callers, () => loopbackOrigins(origin));
    await describeApi(app, options.version ?? '0.1.0');
    await serveDocs(app);
    enrolmentRoutes(app, context);
    syncRoutes(app, context);
    overviewRoutes(app, context);
    peopleRoutes(app, context);
    eventRoutes(app, context);
    eventExportRoutes(app, context);
    const endStreams = liveRoutes(app, context, async (request) => (await callers.userOf(request)) !== null);
    machineRoutes(app, context);
    deviceRoutes(app, context);
    policyRoutes(app, context);
    privacyRoutes(app, context);
    alertRoutes(app, alerts);
    feedRoutes(app, alerts);
    acceptanceRoutes(app, context);
    authRoutes(app, desk, signInLink);
    accountRoutes(app, desk);
    userRoutes(app, context, desk);
    schoolRoutes(app, context);
    openingRoutes(app, context);
    auditRoutes(app, context);
    integrityRoutes(app, context, witness);
    await serveConsole(app, options.consoleFolder);

    await app.listen({ host, port: options.port ?? 0 });
    const address = app.server.address();
    if (origin === '') {
      const port = address !== null && typeof address === 'object' ? address.port : (options.port ?? 0);
      origin = plainOrigin(isLoopback(host) ? host : '127.0.0.1', port);
    }
    administrators = await openAdministrators({
      store,
      trustId: localTrust.trustId,
      folder,
      origin,
      trustedOrigins: loopbackOrigins(origin),
      provider: options.provider ?? null,
      now,
      log,
    });
    phase = 'running';
    const work = startJobs(jobs, { isLeader: base.isLeader, log });

    return {
      origin,
      signInLink: () => signInLink(),
      enrolmentToken: (kind = 'oneTime') => makeEnrolmentToken(context, kind),
      serverPublicKey: key.publicKey,
      operatorToken: token,
      currentPolicy: async () => (await context.policies.current())?.signed ?? null,
      publish: (policy) => publishPolicy(context, policy),
      async runJob(name) {
        const job = jobs.find((one) => one.name === name);
        if (job === undefined) throw new Error(`There is no scheduled work called "${name}".`);
        await job.run();
      },
      routes,
      isLeader: base.isLeader,
      async close() {
        if (phase === 'stopping') return;
        phase = 'stopping';
        endStreams();
        await work.stop();
        const closed = app.close();
        closeUnused();
        await closed;
        await base.close();
      },
    };
  } catch (error) {
    await base.close();
    throw error;
  }
}
