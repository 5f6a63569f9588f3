import type { Logger } from 'pino';
import { setUpOf } from '../../rules/sign-in-set-up.ts';
import type { ConsoleUser } from '../http/access.ts';
import { RequestRefused } from '../http/problems.ts';
import { randomSecret } from '../keys/secret-file.ts';
import { sessionSecret } from '../keys/session-secret.ts';
import type { Store, StoreOrTransaction } from '../store/database.ts';
import { buildAuth, providerId, type Auth, type AuthOptions, type OidcProvider } from './better-auth.ts';
import { giveRole, rolesOf } from './roles.ts';
import { tellingFaults } from './telling-faults.ts';
import { waysInOf } from './ways-in.ts';

/** The user that the server's own links sign in: made at the first start, and not for anybody to change. */
export const firstAdministrator = 'administrator@usher.invalid';

export interface Administrators {
  /** The user behind a session cookie, null for none, an unknown, an expired or a disabled one. */
  userOf(headers: Headers): Promise<ConsoleUser | null>;
  /** Makes a one-time token that signs a user in, by default the first administrator; only its hash is kept. */
  signInToken(email?: string): Promise<string>;
  /** Better-auth on the store, or on a transaction of it. */
  on(database?: StoreOrTransaction): Auth;
  /** As it stands on the sign-in page; null when there is no provider. */
  providerName: string | null;
  /** Better-auth that knows the provider. @throws RequestRefused 404 when there is none, 503 when it cannot be reached. */
  withProvider(): Promise<Auth>;
}

/** Users and sessions of the console, by better-auth on the server's own database. */
export async function openAdministrators(options: {
  store: Store;
  trustId: string;
  folder: string;
  origin: string;
  trustedOrigins: string[];
  provider: OidcProvider | null;
  now: () => Date;
  log: Logger;
}): Promise<Administrators> {
  const { store, trustId, provider } = options;
  const made = new Map<string, (token: string) => void>();
  const authOptions: AuthOptions = {
    origin: options.origin,
    trustedOrigins: options.trustedOrigins,
    secret: sessionSecret(options.folder),
    log: options.log,
    provider: null,
    onLinkToken: (call, token) => made.get(call)?.(token),
  };
  const auth = buildAuth(authOptions, store);
  await makeFirstAdministrator(auth, options);
  let reached: Auth | null = null;

  return {
    async userOf(headers) {
      if (headers.get('cookie') === null) return null;
      const found = await tellingFaults(options.store, () => auth.api.getSession({ headers }));
      if (found === null) return null;
      const { id, name, email } = found.user;
      const ways = await waysInOf(store, trustId, id);
      if (ways === null || ways.disabled) return null;
      return { id, name, email, roles: await rolesOf(store, trustId, id), setUp: setUpOf(ways) };
    },
    async signInToken(email = firstAdministrator) {
      const call = randomSecret();
      const token = new Promise<string>((resolve) => made.set(call, resolve));
      try {
        await auth.api.signInMagicLink({ body: { email, metadata: { for: call } }, headers: new Headers() });
        return await token;
      } finally {
        made.delete(call);
      }
    },
    on: (database) => (database === undefined ? auth : buildAuth(authOptions, database)),
    providerName: provider?.name ?? null,
    async withProvider() {
      if (provider === null) throw noProvider();
      if (reached !== null) return reached;
      const built = buildAuth({ ...authOptions, provider }, store);
      const { socialProviders } = await built.$context;
      if (!socialProviders.some(({ id }) => id === providerId)) throw unreachable(provider.name);
      reached = built;
      return built;
    },
  };
}

/** Several servers may start at once on one database: whoever comes second finds the user. */
async function makeFirstAdministrator(
  auth: Auth,
  { store, trustId, now }: { store: Store; trustId: string; now: () => Date },
): Promise<void> {
  const { internalAdapter } = await auth.$context;
  const known = await internalAdapter.findUserByEmail(firstAdministrator);
  const user =
    known?.user ??
    (await internalAdapter.createUser(
      { email: firstAdministrator, name: 'Administrator', emailVerified: true },
      { method: 'admin' },
    ));
  await store
    .insertInto('console_users')
    .values({
      trust_id: trustId,
      user_id: user.id,
      created_at: now().toISOString(),
      must_set_up: 0,
      disabled_at: null,
      last_sign_in_at: null,
      last_code_hash: null,
      last_code_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if ((await rolesOf(store, trustId, user.id)).length === 0) {
    await giveRole(store, trustId, user.id, 'administrator', 'all');
  }
}

const noProvider = () =>
  new RequestRefused(404, {
    code: 'signIn.noProvider',
    detail: 'This server has no other service to sign in with. Use a password or a passkey.',
    field: 'provider',
  });

const unreachable = (name: string) =>
  new RequestRefused(
    503,
    {
      code: 'signIn.providerUnreachable',
      detail: `${name} cannot be reached, or is not set up as USHER_OIDC_ISSUER says. Try again, or sign in another way.`,
    },
    { retryAfterSeconds: 30 },
  );
