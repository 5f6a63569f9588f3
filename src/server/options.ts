import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../contract/settings.ts';
import type { AlertOptions } from './alerts/open-alerts.ts';
import type { OidcProvider } from './auth/better-auth.ts';
import type { CertificateFiles } from './http/certificate.ts';
import type { ConnectionLimits } from './http/connection-limits.ts';
import type { PackLimits } from './integrity/pack-size.ts';
import type { RateLimits } from './http/rate-limits.ts';

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
  /** Where a witness takes checkpoints, and its key as it publishes it; both or neither. */
  witnessUrl?: string | undefined;
  witnessKey?: string | undefined;
  /** Bounds that differ from `defaultRateLimits`; `none` for measurements and long tests. */
  rateLimits?: Partial<RateLimits> | 'none';
  /** Bounds that differ from those of `connectionLimits`. */
  connections?: Partial<ConnectionLimits>;
  /** Files of a certificate of the server's own: it then speaks HTTPS itself. */
  certificate?: CertificateFiles | undefined;
  /** How often the certificate's files are looked at. Default 5. */
  certificateCheckSeconds?: number;
  /** Proxies whose `X-Forwarded-*` headers count. Default: this computer itself when `origin` is that of a proxy. */
  trustedProxies?: readonly string[] | undefined;
  /** Whoever carries it may read the metrics. Default: programs on this computer may. */
  metricsToken?: string | undefined;
  /** Free space under which the server is not ready. Default 64 MiB. */
  leastFreeBytes?: number;
  /** How long requests and scheduled work under way may take to end when the server stops. Default 20. */
  stopSeconds?: number;
  /** Scheduled work is left to `runJob`, for tests that must know what changed the store. */
  jobsByHand?: boolean;
  /** Bounds of an evidence pack that differ from those of `packLimits`. */
  packLimits?: Partial<PackLimits>;
  /** Most 4 KiB pages the database may have. */
  databasePageLimit?: number;
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
    certificate: certificateFiles(settings),
    trustedProxies: settings.trustedProxies,
    metricsToken: settings.metricsToken,
    connections: { connections: settings.maxConnections },
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

/** @throws Error when only one of the two is set. */
function certificateFiles({ tlsCertificateFile, tlsKeyFile }: Settings): CertificateFiles | undefined {
  if (tlsCertificateFile === undefined && tlsKeyFile === undefined) return undefined;
  if (tlsCertificateFile === undefined || tlsKeyFile === undefined) {
    const missing = tlsCertificateFile === undefined ? 'USHER_TLS_CERT' : 'USHER_TLS_KEY';
    throw new Error(`HTTPS needs a certificate and its key: set ${missing} too.`);
  }
  return { certificateFile: tlsCertificateFile, keyFile: tlsKeyFile };
}

/** Connections of its own certificate come from browsers and machines; an https origin without one means a proxy. */
export function proxiesOf(options: ServerOptions): readonly string[] {
  if (options.trustedProxies !== undefined) return options.trustedProxies.filter((proxy) => proxy !== 'none');
  return options.certificate === undefined && options.origin?.startsWith('https:') === true ? ['loopback'] : [];
}
