import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { packLimits } from '../contract/pack.ts';
import type { Policy, SignedPolicy } from '../contract/policy.ts';
import { recordAction, theServer } from './audit/record-action.ts';
import { auditRoutes } from './audit/routes.ts';
import { acceptanceRoutes } from './acceptances/routes.ts';
import { addDefaultRules } from './alerts/default-rules.ts';
import { alertJobs } from './alerts/jobs.ts';
import { alertEverySeconds, openAlerts } from './alerts/open-alerts.ts';
import { alertRoutes } from './alerts/routes.ts';
import { openAdministrators, type Administrators } from './auth/administrators.ts';
import { carriesToken, operatorToken } from './auth/operator-token.ts';
import { webHeaders } from './auth/request-headers.ts';
import { accountRoutes } from './auth/account-routes.ts';
import { forgetOldAttempts } from './auth/attempts.ts';
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
import { openCertificate } from './http/certificate.ts';
import { connectionLimits } from './http/connection-limits.ts';
import { serveConsole } from './http/console-files.ts';
import { describeApi, serveDocs } from './http/openapi.ts';
import { unusedConnections } from './http/unused-connections.ts';
import { integrityJobs, integrityRoutes, witnessFrom } from './integrity/index.ts';
import { defaultRateLimits, limitPeople, machineBound } from './http/rate-limits.ts';
import { requestsUnderWay } from './http/under-way.ts';
import { syncRoutes } from './ingest/routes.ts';
import { startJobs, type Job } from './jobs/jobs.ts';
import { isLoopback, loopbackOrigins, originOf, refuseOpenPlainHttp, waitingConnections } from './listening.ts';
import { liveRoutes } from './live/routes.ts';
import { silentMachinesJob } from './machines/find-silent.ts';
import { machineRoutes } from './machines/routes.ts';
import { openingRoutes } from './openings/routes.ts';
import { timingPlugin } from './operation/database-timing.ts';
import { withoutContent } from './operation/log.ts';
import { machineCounts } from './operation/machine-counts.ts';
import { measureRequests } from './operation/measure-requests.ts';
import { serverMetrics, type ServerMetrics } from './operation/metrics.ts';
import { mayReadMetrics } from './operation/metrics-reader.ts';
import { leastFreeBytes, migrationsOf, type Phase } from './operation/readiness.ts';
import { operationRoutes } from './operation/routes.ts';
import { proxiesOf, serverFolder, type ServerOptions } from './options.ts';
import { overviewRoutes } from './overview/routes.ts';
import { peopleRoutes } from './people/routes.ts';
import { currentPolicies } from './policies/publications.ts';
import { publishPolicy, type PublishOptions } from './policies/publish.ts';
import { standingRoutes } from './people/standing-routes.ts';
import { policyRoutes } from './policies/routes.ts';
import { finish, stopSeconds } from './stopping.ts';
import { schoolRoutes } from './schools/routes.ts';
import { userRoutes } from './users/routes.ts';
import { privacyRoutes } from './privacy/routes.ts';
import { purgeJob } from './retention/purge.ts';
import { deviceRoutes } from './usb/routes.ts';
import { openBase } from './base.ts';
import { localTrust } from './store/database.ts';
import { openComingMonths } from './store/partitions.ts';
import { rememberSchool } from './store/schools.ts';

export interface RunningServer {
  origin: string;
  /** Where this process itself listens; differs from `origin` behind a proxy. */
  listening: string;
  /** A fresh one-time sign-in link for the administrator; works for an hour. */
  signInLink(): Promise<string>;
  /** A fresh enrolment token, for one machine within a day, or with `school` for any number within 30 days. */
  enrolmentToken(kind?: TokenKind): Promise<string>;
  serverPublicKey: string;
  /** The token with which programs on this computer publish policies. */
  operatorToken: string;
  currentPolicy(): Promise<SignedPolicy | null>;
  publish(
    policy: Policy,
    options?: Pick<PublishOptions, 'insteadOf'>,
  ): Promise<{ published: SignedPolicy; alreadyCurrent: boolean }>;
  /** Does a piece of scheduled work now. @throws Error when there is none of this name, or what it met. */
  runJob(name: string): Promise<void>;
  /** Names of the scheduled work. */
  jobs: readonly string[];
  /** Every route and who may call it. */
  routes: readonly RouteAccess[];
  /** Does this process do the scheduled work? */
  isLeader(): boolean;
  /** Reads the certificate's files again, where there is one. */
  reloadCertificate(): void;
  /** Refuses new requests (503), lets those under way and scheduled work finish, and closes the database. */
  close(): Promise<void>;
}

/**
 * Starts the central endpoint on its own database.
 * @throws Error in plain words when it may not listen there, the port is taken, or its key or database cannot be used.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1';
  refuseOpenPlainHttp(host, options.origin, options.certificate !== undefined);
  const folder = serverFolder(options.stateFolder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const log = withoutContent(options.log ?? pino({ level: 'silent' }));
  const now = options.now ?? (() => new Date());
  const certificate =
    options.certificate === undefined
      ? null
      : openCertificate(options.certificate, log, options.certificateCheckSeconds);
  const place = options.databaseUrl ?? join(folder, 'usher.db');
  const metrics: ServerMetrics = serverMetrics(() => machineCounts(store, localTrust.trustId, now()));
  const plugins = [timingPlugin(metrics.queryTook)];
  const base = await openBase(place, { ...options, folder, plugins, now, log }).catch((error: unknown) => {
    certificate?.close();
    throw error;
  });
  const { store, key } = base;
  const token = operatorToken(folder);
  const witness = witnessFrom(options.witnessUrl, options.witnessKey);

  let origin = options.origin ?? '';
  let phase: Phase = 'starting';
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
    policies: currentPolicies(store, localTrust.trustId),
    now,
    origin: () => origin,
    pollSeconds: options.pollSeconds ?? 60,
    log,
    metrics,
  };
  const trustedProxies = proxiesOf(options);
  const rateLimits = options.rateLimits === 'none' ? 'none' : { ...defaultRateLimits, ...options.rateLimits };
  const callers: Callers = {
    userOf: (request) => signedIn().userOf(webHeaders(request)),
    isOperator: (request) => carriesToken(request, token),
    mayReadMetrics: (request) =>
      mayReadMetrics(request, { metricsToken: options.metricsToken, behindProxy: trustedProxies.length > 0 }),
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
    const overHttps = certificate !== null || origin.startsWith('https:');
    const app = await createApp({
      log,
      overHttps,
      certificate,
      trustedProxies,
      connections: connectionLimits(certificate !== null, options.connections),
      rateLimits,
      refused: metrics.refused,
      phase: () => phase,
    });
    const closeUnused = unusedConnections(app.server);
    const underWay = requestsUnderWay(app.server);
    measureRequests(app, metrics);
    const routes = enforceAccess(app, callers, () => loopbackOrigins(origin));
    limitPeople(app, rateLimits);
    await describeApi(app, options.version ?? '0.1.0');
    await serveDocs(app);
    operationRoutes(app, {
      metrics,
      readiness: {
        phase: () => phase,
        store,
        migrations: await migrationsOf(store),
        folder,
        leastFreeBytes: options.leastFreeBytes ?? leastFreeBytes,
      },
    });
    enrolmentRoutes(app, context);
    syncRoutes(app, context, machineBound(app, rateLimits));
    overviewRoutes(app, context);
    peopleRoutes(app, context);
    eventRoutes(app, context);
    eventExportRoutes(app, context);
    const endStreams = liveRoutes(app, context, async (request) => (await callers.userOf(request)) !== null);
    machineRoutes(app, context);
    deviceRoutes(app, context);
    policyRoutes(app, context);
    standingRoutes(app, context);
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
    integrityRoutes(app, context, witness, { ...packLimits, ...options.packLimits });
    await serveConsole(app, options.consoleFolder);

    await app.listen({ host, port: options.port ?? 0, backlog: waitingConnections });
    const address = app.server.address();
    const port = address !== null && typeof address === 'object' ? address.port : (options.port ?? 0);
    const scheme = certificate === null ? 'http' : 'https';
    const listening = originOf(scheme, isLoopback(host) ? host : '127.0.0.1', port);
    if (origin === '') origin = listening;
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
    const work = startJobs(options.jobsByHand === true ? [] : jobs, {
      isLeader: base.isLeader,
      log,
      ended: (run) => metrics.jobEnded({ ...run, at: now() }),
    });

    const stop = async (): Promise<void> => {
      phase = 'stopping';
      certificate?.close();
      endStreams();
      await finish(app.server, underWay, work, options.stopSeconds ?? stopSeconds, log);
      const closed = app.close();
      closeUnused();
      await closed;
      await base.close();
    };
    let closing: Promise<void> | null = null;

    return {
      origin,
      listening,
      signInLink: () => signInLink(),
      enrolmentToken: (kind = 'oneTime') => makeEnrolmentToken(context, kind),
      serverPublicKey: key.publicKey,
      operatorToken: token,
      currentPolicy: async () => (await context.policies.ruling())?.signed ?? null,
      publish: (policy, given = {}) => publishPolicy(context, policy, given),
      async runJob(name) {
        const job = jobs.find((one) => one.name === name);
        if (job === undefined) throw new Error(`There is no scheduled work called "${name}".`);
        await job.run();
      },
      jobs: jobs.map(({ name }) => name),
      routes,
      isLeader: base.isLeader,
      reloadCertificate: () => certificate?.reload(),
      close: () => (closing ??= stop()),
    };
  } catch (error) {
    certificate?.close();
    await base.close();
    throw error;
  }
}
