import { kyselyAdapter } from '@better-auth/kysely-adapter';
import { passkey } from '@better-auth/passkey';
import { APIError } from 'better-auth/api';
import { betterAuth } from 'better-auth/minimal';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { magicLink } from 'better-auth/plugins/magic-link';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { Logger } from 'pino';
import { passwordLengthLeast, passwordLengthMost } from '../../contract/console-access.ts';
import { vouchedEmail } from '../../rules/provider-identity.ts';
import { randomSecret } from '../keys/secret-file.ts';
import type { StoreOrTransaction } from '../store/database.ts';

/** How long an unused sign-in link of the server's own console works. */
export const signInLinkMinutes = 60;
/** A session lasts a working day; using it renews it at most once an hour. */
const sessionSeconds = 12 * 60 * 60;

/** The one OpenID Connect provider of a server, under this name in addresses. */
export const providerId = 'oidc';

/** Another service that says who somebody is, by OpenID Connect. */
export interface OidcProvider {
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** As it stands on the sign-in page. */
  name: string;
}

export interface AuthOptions {
  origin: string;
  trustedOrigins: string[];
  secret: string;
  log: Logger;
  /** Null leaves signing in by provider out: it is looked up over the network at every start of one of these. */
  provider: OidcProvider | null;
  /** Hands over a link's token to who asked for it under `call`. */
  onLinkToken(call: string, token: string): void;
}

const notVerified = () =>
  new APIError('UNAUTHORIZED', { message: 'The authenticator did not check who uses it', code: 'NOT_USER_VERIFIED' });

/**
 * Where passkeys belong (WebAuthn Level 3 §5.1.2, RP ID). An address in numbers cannot have any, so a server that is
 * only reached on its own computer has them under `localhost`.
 */
export function passkeyHost(origin: string): string {
  const { hostname } = new URL(origin);
  return hostname === '127.0.0.1' || hostname === '[::1]' ? 'localhost' : hostname;
}

/**
 * Better-auth as Usher uses it. Nobody can sign up. On a transaction, everything it writes is part of that transaction.
 * Both engines keep instants as text and yes or no as 1 or 0, as better-auth does on SQLite.
 */
export function buildAuth(options: AuthOptions, database: StoreOrTransaction) {
  const { provider } = options;
  return betterAuth({
    appName: 'Usher',
    baseURL: options.origin,
    basePath: '/api/auth',
    secret: options.secret,
    database: kyselyAdapter(database, { type: 'sqlite', transaction: !database.isTransaction }),
    trustedOrigins: options.trustedOrigins,
    telemetry: { enabled: false },
    // Messages of better-auth can hold addresses and e-mail addresses, so only that there was one is logged.
    logger: { log: (level) => options.log[level === 'error' ? 'warn' : 'debug']('better-auth reported something') },
    // Attempts are counted by `attempts.ts`, for every process together and before anything is checked.
    rateLimit: { enabled: false },
    session: { expiresIn: sessionSeconds, updateAge: 60 * 60 },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLengthLeast,
      maxPasswordLength: passwordLengthMost,
    },
    account: { accountLinking: { enabled: true, allowDifferentEmails: false, trustedProviders: [] } },
    databaseHooks: {
      account: {
        create: {
          // A provider only says who somebody is; what else its tokens open is none of our business and not kept.
          before: async (account) => ({
            data: { ...account, accessToken: null, refreshToken: null, idToken: null, scope: null },
          }),
        },
      },
    },
    onAPIError: { errorURL: `${options.origin}/sign-in?problem=provider` },
    advanced: {
      cookiePrefix: 'usher',
      useSecureCookies: options.origin.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
    },
    plugins: [
      magicLink({
        disableSignUp: true,
        storeToken: 'hashed',
        expiresIn: signInLinkMinutes * 60,
        generateToken: () => randomSecret(),
        sendMagicLink: ({ token, metadata }) => options.onLinkToken(String(metadata?.['for']), token),
      }),
      twoFactor({ issuer: 'Usher', backupCodeOptions: { storeBackupCodes: 'encrypted', amount: 10 } }),
      passkey({
        rpName: 'Usher',
        rpID: passkeyHost(options.origin),
        origin: options.trustedOrigins,
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        // A passkey stands for two factors only when the authenticator asked for a PIN, finger or face.
        registration: {
          afterVerification: ({ verification }) => {
            if (verification.registrationInfo?.userVerified !== true) throw notVerified();
          },
        },
        authentication: {
          afterVerification: ({ verification }) => {
            if (!verification.authenticationInfo.userVerified) throw notVerified();
          },
        },
      }),
      genericOAuth({
        config:
          provider === null
            ? []
            : [
                {
                  providerId,
                  name: provider.name,
                  discoveryUrl: `${provider.issuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
                  clientId: provider.clientId,
                  clientSecret: provider.clientSecret,
                  scopes: ['openid', 'email', 'profile'],
                  pkce: true,
                  requireIdTokenVerification: true,
                  disableSignUp: true,
                  disableImplicitSignUp: true,
                  mapProfileToUser: (profile) => {
                    const email = vouchedEmail(provider.issuer, profile);
                    return email === null ? { emailVerified: false } : { email, emailVerified: true };
                  },
                },
              ],
      }),
    ],
  });
}

export type Auth = ReturnType<typeof buildAuth>;
