import { z } from 'zod';
import { shownLine } from './primitives.ts';

/** An address, a network in CIDR form, or a name for one. */
const proxy = z.union(
  [z.literal(['loopback', 'none']), z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
  'must be addresses or networks such as 10.0.0.5 or 10.0.0.0/24, separated by commas; or loopback; or none',
);

/**
 * Every setting of Usher, with its default and the environment variable it is read from.
 * This file is the only place that knows them; `usher config` shows them.
 */
export const settings = z.strictObject({
  /** Folder that holds everything Usher keeps: `server/`, `service/`, `logs/`. */
  stateFolder: z.string().min(1),
  serverHost: z.string().min(1).default('127.0.0.1'),
  serverPort: z.coerce.number().int().min(0).max(65_535).default(4180),
  /** Origin under which browsers and machines reach the server, where it is not `http://host:port`. */
  serverOrigin: z.url().optional(),
  /** PostgreSQL database of the server; absent: SQLite in the state folder. */
  databaseUrl: z
    .url({ protocol: /^postgres(ql)?$/, error: 'it must begin with postgres:// or postgresql://' })
    .optional(),
  /** Most connections one server process holds to PostgreSQL. */
  databaseConnections: z.coerce.number().int().min(2).max(1_000).default(10),
  /** School this server is first set up for. */
  schoolName: shownLine(200).min(1).default('Our school'),
  /** Given once, to enrol this machine. */
  enrolmentToken: z.string().max(2_000).optional(),
  /** Seconds between polls, as the server tells machines. */
  pollSeconds: z.coerce.number().int().min(1).max(86_400).default(60),
  /** Path of the Unix socket or name of the Windows pipe between shell and service. Derived from the state folder when absent. */
  socketPath: z.string().min(1).max(260).optional(),
  /** Do several people use this machine one after the other? Then the policy may sign out instead of locking. */
  sharedMachine: z
    .enum(['yes', 'no'])
    .default('no')
    .transform((value) => value === 'yes'),
  /** The group IT puts this machine in, such as `office`: policies and grants may be for one group only. */
  machineGroup: shownLine(200).min(1).optional(),
  /** Program of the installed shell, which the service starts again when it was ended; absent: it does not. */
  shellProgram: z.string().min(1).max(1_000).optional(),
  /** Mail server for alerts: `smtps://user:password@host:465`, or `smtp://…:587` with STARTTLS. */
  smtpUrl: z
    .url({ protocol: /^smtps?$/, error: 'must begin with smtps:// or smtp://' })
    .max(2_000)
    .optional(),
  /** Sender of the mails, such as `usher@school.example`. */
  mailFrom: z.email().max(254).optional(),
  /** File with the authorities (PEM) that the mail server's certificate may be from, where it is not a public one. */
  smtpCaFile: z.string().min(1).max(1_000).optional(),
  /** Where alerts and feeds may go: `public` addresses only, or also `private` networks and this computer. */
  alertNetworks: z.enum(['public', 'private']).default('public'),
  /** Issuer of the OpenID Connect provider that console users may sign in with, such as Entra ID or Google; see docs/roles.md. */
  oidcIssuer: z
    .url()
    .refine(
      (address) => address.startsWith('https:') || /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/.test(address),
      'must begin with https://',
    )
    .optional(),
  oidcClientId: z.string().min(1).max(500).optional(),
  oidcClientSecret: z.string().min(1).max(2_000).optional(),
  /** What stands on the button: "Sign in with …". */
  oidcName: shownLine(60).min(1).default('your school account'),
  /** Where a witness takes checkpoints of the log (https://c2sp.org/tlog-witness); needs `witnessKey`. */
  witnessUrl: z.url({ protocol: /^https?$/ }).optional(),
  /** The witness's key as it publishes it: `name+id+key`. */
  witnessKey: z
    .string()
    .regex(/^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/, 'must be the key as the witness publishes it, name+id+key')
    .optional(),
  /** Files of the server's own certificate with its chain, and of its private key, both PEM: it then speaks HTTPS itself. */
  tlsCertificateFile: z.string().min(1).max(1_000).optional(),
  tlsKeyFile: z.string().min(1).max(1_000).optional(),
  /** Proxies whose `X-Forwarded-*` headers count: addresses or networks, separated by commas; `loopback` or `none`. */
  trustedProxies: z
    .string()
    .max(2_000)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(proxy).max(100))
    .optional(),
  /** Whoever carries it may read the server's metrics. */
  metricsToken: z.string().min(20).max(200).regex(/^\S+$/, 'must not contain spaces').optional(),
  /** Connections the server keeps open at once. */
  maxConnections: z.coerce.number().int().min(10).max(1_000_000).default(5_000),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});
export type Settings = z.infer<typeof settings>;
export type SettingName = keyof Settings;

export const settingVariables: Record<SettingName, string> = {
  stateFolder: 'USHER_STATE',
  serverHost: 'USHER_SERVER_HOST',
  serverPort: 'USHER_SERVER_PORT',
  serverOrigin: 'USHER_SERVER_ORIGIN',
  databaseUrl: 'USHER_DATABASE_URL',
  databaseConnections: 'USHER_DATABASE_CONNECTIONS',
  schoolName: 'USHER_SCHOOL_NAME',
  enrolmentToken: 'USHER_ENROLMENT_TOKEN',
  pollSeconds: 'USHER_POLL_SECONDS',
  socketPath: 'USHER_SOCKET',
  sharedMachine: 'USHER_SHARED_MACHINE',
  machineGroup: 'USHER_MACHINE_GROUP',
  shellProgram: 'USHER_SHELL',
  smtpUrl: 'USHER_SMTP_URL',
  mailFrom: 'USHER_MAIL_FROM',
  smtpCaFile: 'USHER_SMTP_CA',
  alertNetworks: 'USHER_ALERT_NETWORKS',
  oidcIssuer: 'USHER_OIDC_ISSUER',
  oidcClientId: 'USHER_OIDC_CLIENT_ID',
  oidcClientSecret: 'USHER_OIDC_CLIENT_SECRET',
  oidcName: 'USHER_OIDC_NAME',
  witnessUrl: 'USHER_WITNESS_URL',
  witnessKey: 'USHER_WITNESS_KEY',
  tlsCertificateFile: 'USHER_TLS_CERT',
  tlsKeyFile: 'USHER_TLS_KEY',
  trustedProxies: 'USHER_TRUSTED_PROXIES',
  metricsToken: 'USHER_METRICS_TOKEN',
  maxConnections: 'USHER_MAX_CONNECTIONS',
  logLevel: 'USHER_LOG_LEVEL',
};

/**
 * Reads the settings out of an environment.
 * @throws Error naming the variable and what it must be, when one does not fit.
 */
export function settingsFromEnvironment(environment: Record<string, string | undefined>): Settings {
  const given: Record<string, string> = { stateFolder: '.usher' };
  for (const [name, variable] of Object.entries(settingVariables)) {
    const value = environment[variable];
    if (value !== undefined && value !== '') given[name] = value;
  }
  const result = settings.safeParse(given);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const name = String(issue?.path[0] ?? '');
  const variable = Object.entries(settingVariables).find(([key]) => key === name)?.[1] ?? name;
  throw new Error(
    `The setting ${variable} is not valid: ${issue?.message ?? 'unknown reason'}. Correct it or leave it out.`,
  );
}
