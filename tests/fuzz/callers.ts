import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Role, SchoolScope } from '../../src/contract/roles.ts';
import { giveRole } from '../../src/server/auth/roles.ts';
import { localTrust, type Store } from '../../src/server/store/database.ts';
import type { FuzzRequest } from './requests.ts';

/** Console users whom requests come from. */
const people = {
  ownSchool: { role: 'administrator', schools: ['school'] },
  ownAuditor: { role: 'auditor', schools: ['school'] },
  wholeTrust: { role: 'administrator', schools: 'all' },
} satisfies Record<string, { role: Role; schools: SchoolScope }>;
type Person = keyof typeof people;

export const consoleCallers = new Set<string>([...Object.keys(people), 'twice']);

type Headers = Record<string, string | string[]>;

/** What can end a session, take a role or ask for a way to sign in: afterwards everybody is signed in anew. */
const aboutUsers = /\/(account|users|sign-out|sign-in)\b/;

/** Cookies and tokens of every caller. */
export class Callers {
  readonly #store: Store;
  readonly #secret: string;
  readonly #server: { origin: string; operatorToken: string };
  #cookies: Record<Person, string> = { ownSchool: '', ownAuditor: '', wholeTrust: '' };

  constructor(store: Store, stateFolder: string, server: { origin: string; operatorToken: string }) {
    this.#store = store;
    this.#server = server;
    this.#secret = readFileSync(join(stateFolder, 'server', 'session-secret'), 'utf8').trim();
  }

  async signInAll(): Promise<void> {
    this.#cookies = {
      ownSchool: await this.#signIn('ownSchool'),
      ownAuditor: await this.#signIn('ownAuditor'),
      wholeTrust: await this.#signIn('wholeTrust'),
    };
  }

  /** Call it after a request that was not refused. @returns whether anybody was signed in anew. */
  async after({ route }: FuzzRequest): Promise<boolean> {
    if (route.method === 'GET' || !aboutUsers.test(route.path)) return false;
    await this.signInAll();
    return true;
  }

  headersFor({ caller }: FuzzRequest): Headers {
    const { origin, operatorToken } = this.#server;
    const cookies = this.#cookies;
    switch (caller) {
      case 'nobody':
        return {};
      case 'ownSchool':
      case 'ownAuditor':
      case 'wholeTrust':
        return { cookie: cookies[caller], origin };
      case 'operator':
        return { authorization: `Bearer ${operatorToken}` };
      case 'forged':
        return {
          cookie: `${cookies.wholeTrust.slice(0, -6)}AAAAAA`,
          authorization: `Bearer ${operatorToken.slice(1)}`,
          origin,
        };
      case 'twice':
        return { cookie: [cookies.ownSchool, 'other=1'], origin };
    }
  }

  /** Makes the user as it was first, with one session; the session's cookie header. */
  async #signIn(person: Person): Promise<string> {
    const id = `fuzz-user-${person.toLowerCase()}`;
    const { trustId } = localTrust;
    const token = randomBytes(24).toString('base64url');
    const now = new Date().toISOString();
    const stamps = { createdAt: now, updatedAt: now };
    const { role, schools } = people[person];
    await this.#store.transaction().execute(async (transaction) => {
      // Sessions, passwords, passkeys and authenticators go with it.
      await transaction.deleteFrom('user').where('id', '=', id).execute();
      await transaction.deleteFrom('console_users').where('user_id', '=', id).execute();
      await transaction.deleteFrom('console_roles').where('user_id', '=', id).execute();
      await transaction
        .insertInto('user')
        .values({ id, name: `A ${person}`, email: `${id}@usher.invalid`, emailVerified: 1, image: null, ...stamps })
        .execute();
      await transaction
        .insertInto('console_users')
        .values({ trust_id: trustId, user_id: id, created_at: now, must_set_up: 0 })
        .execute();
      await giveRole(transaction, trustId, id, role, schools);
      await transaction
        .insertInto('session')
        .values({
          id: `session-of-${id}`,
          token,
          userId: id,
          // As long as a new session lasts, so that using it does not renew it within the hour.
          expiresAt: new Date(Date.now() + 12 * 3_600_000).toISOString(),
          ipAddress: null,
          userAgent: null,
          ...stamps,
        })
        .execute();
    });
    // The form of a signed cookie of better-auth: value, full stop, HMAC-SHA256 in base64.
    const signature = createHmac('sha256', this.#secret).update(token).digest('base64');
    return `usher.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  }
}
