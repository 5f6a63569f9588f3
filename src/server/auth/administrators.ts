import { kyselyAdapter } from '@better-auth/kysely-adapter';
import { betterAuth } from 'better-auth/minimal';
import { magicLink } from 'better-auth/plugins/magic-link';
import type { Logger } from 'pino';
import { randomSecret } from '../keys/secret-file.ts';
import { sessionSecret } from '../keys/session-secret.ts';
import type { ConsoleUser } from '../http/access.ts';
import type { Store } from '../store/database.ts';
import { giveRole, rolesOf } from './roles.ts';
import { tellingFaults } from './telling-faults.ts';

/** How long an unused sign-in link works. */
export const signInLinkMinutes = 60;
/** A session lasts a working day; using it renews it at most once an hour. */
const sessionSeconds = 12 * 60 * 60;

export interface Administrators {
  /** The user behind a session cookie, null for none, an unknown or an expired one. */
  userOf(headers: Headers): Promise<ConsoleUser | null>;
  /** Makes a one-time token for the administrator; only its hash is kept. */
  signInToken(): Promise<string>;
  /** Trades a token for the headers that set the session cookie; null when it is used, expired or unknown. */
  useSignInToken(token: string, headers: Headers): Promise<string[] | null>;
  /** Ends the session. Checks the origin first, as better-auth does for every change. */
  handle(request: Request): Promise<Response>;
}

/**
 * Sessions of the console, by better-auth on the server's own database. Nobody can sign up: the one administrator is
 * made at the first start and signs in with a link.
 */
export async function openAdministrators(options: {
  store: Store;
  trustId: string;
  folder: string;
  origin: string;
  trustedOrigins: string[];
  log: Logger;
}): Promise<Administrators> {
  const made = new Map<string, (token: string) => void>();
  const auth = betterAuth({
    appName: 'Usher',
    baseURL: options.origin,
    basePath: '/api/auth',
    secret: sessionSecret(options.folder),
    // On both engines instants are text and yes or no is 1 or 0, as better-auth keeps them on SQLite.
    database: kyselyAdapter(options.store, { type: 'sqlite', transaction: true }),
    trustedOrigins: options.trustedOrigins,
    telemetry: { enabled: false },
    // Messages of better-auth can hold addresses and e-mail addresses, so only that there was one is logged.
    logger: { log: (level) => options.log[level === 'error' ? 'warn' : 'debug']('better-auth reported something') },
    rateLimit: { enabled: false },
    session: { expiresIn: sessionSeconds, updateAge: 60 * 60 },
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
        sendMagicLink: ({ token, metadata }) => {
          made.get(String(metadata?.['for']))?.(token);
        },
      }),
    ],
  });
  const email = 'administrator@usher.invalid';
  const { internalAdapter } = await auth.$context;
  if ((await internalAdapter.findUserByEmail(email)) === null) {
    await internalAdapter.createUser({ email, name: 'Administrator', emailVerified: true }, { method: 'admin' });
  }
  const first = await internalAdapter.findUserByEmail(email);
  if (first !== null && (await rolesOf(options.store, options.trustId, first.user.id)).length === 0) {
    await giveRole(options.store, options.trustId, first.user.id, 'administrator', 'all');
  }

  return {
    async userOf(headers) {
      if (headers.get('cookie') === null) return null;
      const found = await tellingFaults(options.store, () => auth.api.getSession({ headers }));
      if (found === null) return null;
      const { id, name, email } = found.user;
      return { id, name, email, roles: await rolesOf(options.store, options.trustId, id) };
    },
    async signInToken() {
      const call = randomSecret();
      const token = new Promise<string>((resolve) => made.set(call, resolve));
      try {
        await auth.api.signInMagicLink({ body: { email, metadata: { for: call } }, headers: new Headers() });
        return await token;
      } finally {
        made.delete(call);
      }
    },
    async useSignInToken(token, headers) {
      const answer = await auth.api.magicLinkVerify({ query: { token }, headers, asResponse: true });
      return answer.ok ? answer.headers.getSetCookie() : null;
    },
    handle: (request) => auth.handler(request),
  };
}
