import { createHmac } from 'node:crypto';
import { accessPaths, startedTotp, userLink } from '../../src/contract/console-access.ts';
import type { RoleGrant } from '../../src/contract/roles.ts';
import type { RunningServer } from '../../src/server/index.ts';

/** A browser as far as the server sees one: keeps cookies and says which page a request comes from. */
export class Visitor {
  readonly #server: RunningServer;
  readonly #cookies = new Map<string, string>();

  constructor(server: RunningServer, cookie = '') {
    this.#server = server;
    for (const one of cookie.split('; ').filter((part) => part !== '')) this.#keep(one);
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const answer = await fetch(new URL(path, this.#server.origin), {
      method,
      redirect: 'manual',
      headers: {
        ...(method === 'GET' ? {} : { origin: this.#server.origin }),
        ...(this.#cookies.size === 0 ? {} : { cookie: this.cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const cookie of answer.headers.getSetCookie()) this.#keep(cookie.split(';', 1)[0] ?? '', cookie);
    return answer;
  }

  get(path: string): Promise<Response> {
    return this.ask('GET', path);
  }
  post(path: string, body?: unknown): Promise<Response> {
    return this.ask('POST', path, body);
  }
  put(path: string, body: unknown): Promise<Response> {
    return this.ask('PUT', path, body);
  }

  /** What an answer says, which has to be a good one. */
  async json(answer: Promise<Response>): Promise<unknown> {
    const got = await answer;
    if (!got.ok) throw new Error(`The server answered ${got.status}: ${await got.text()}`);
    return await got.json();
  }

  #keep(pair: string, whole = ''): void {
    const at = pair.indexOf('=');
    if (at < 0) return;
    if (/max-age=0\b/i.test(whole)) this.#cookies.delete(pair.slice(0, at));
    else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
}

/** A path of the contract with its parts filled in. */
export const at = (path: string, id: string): string => path.replace(':id', encodeURIComponent(id));

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 §6. */
function fromBase32(text: string): Buffer {
  const bits = [...text.replace(/=+$/, '')].map((one) => base32.indexOf(one).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** The code an authenticator app shows: RFC 6238 with SHA-1, 30 seconds and six digits, over RFC 4226. */
export function codeOf(secret: string, atMs = Date.now()): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(atMs / 30_000)));
  const mac = createHmac('sha1', fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

export const goodPassword = 'mist lantern ferry oak';

export interface UserInTest {
  id: string;
  email: string;
  visitor: Visitor;
  secret: string;
  backupCodes: string[];
}

/** Invites a user, follows their link, and sets up a password with an authenticator app, as a person would. */
export async function newUser(
  server: RunningServer,
  administrator: Visitor,
  { email, name = 'Sam Example', roles }: { email: string; name?: string; roles: RoleGrant[] },
): Promise<UserInTest> {
  const invited = userLink.parse(
    await administrator.json(administrator.post(accessPaths.users, { name, email, roles })),
  );
  const visitor = new Visitor(server);
  await visitor.get(invited.link);
  return { id: invited.id, email, visitor, ...(await setUp(visitor)) };
}

/** Sets a password and adds an authenticator app. */
export async function setUp(visitor: Visitor): Promise<{ secret: string; backupCodes: string[] }> {
  await visitor.json(visitor.put(accessPaths.accountPassword, { password: goodPassword }));
  const { secret, backupCodes } = startedTotp.parse(
    await visitor.json(visitor.post(accessPaths.accountTotp, { password: goodPassword })),
  );
  await visitor.json(visitor.post(accessPaths.accountTotpConfirm, { code: codeOf(secret) }));
  return { secret, backupCodes };
}
