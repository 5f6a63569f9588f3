import { describe, expect, it } from 'vitest';
import { accessPaths, auditList, ownAccount, userLink, users } from '../../src/contract/console-access.ts';
import { codeOf, at, goodPassword, newUser, setUp, Visitor } from './console-users.ts';
import { problemOf, runningServer, signIn, storeOf } from './running.ts';

const everywhere = [{ role: 'administrator' as const, schools: 'all' as const }];

async function schoolWithUser() {
  let now = Date.now();
  const server = await runningServer({ now: () => new Date(now) });
  const administrator = new Visitor(server, await signIn(server));
  const user = await newUser(server, administrator, { email: 'sam@school.example', roles: everywhere });
  return { server, administrator, user, wait: (seconds: number) => (now += seconds * 1_000) };
}

const password = (email: string, given = goodPassword) => ({ email, password: given });

describe('signing in with a password', () => {
  it('needs the code of the authenticator app as well, and each code signs in once', async () => {
    const { server, user, administrator } = await schoolWithUser();
    const visitor = new Visitor(server);
    expect(await visitor.json(visitor.post(accessPaths.signInPassword, password(user.email)))).toEqual({
      next: 'secondFactor',
    });
    expect((await visitor.get('/v1/console/me')).status).toBe(401);
    const code = codeOf(user.secret);
    expect(await visitor.json(visitor.post(accessPaths.signInSecondFactor, { kind: 'totp', code }))).toEqual({
      next: 'signedIn',
    });
    expect((await visitor.get('/v1/console/overview')).status).toBe(200);

    const again = new Visitor(server);
    await again.post(accessPaths.signInPassword, password(user.email));
    const refused = await again.post(accessPaths.signInSecondFactor, { kind: 'totp', code });
    expect((await problemOf(refused)).code).toBe('signIn.refused');
    const trail = auditList.parse(
      await administrator.json(administrator.get(`${accessPaths.audit}?subject=${user.id}`)),
    );
    expect(trail.items.map(({ body }) => body.action).slice(0, 2)).toEqual(['signIn.failed', 'signIn.succeeded']);
    expect(trail.items[0]?.body.detail).toMatchObject({ way: 'totp', why: 'codeUsedBefore' });
  });

  it('takes a backup code once', async () => {
    const { server, user } = await schoolWithUser();
    const [code = ''] = user.backupCodes;
    for (const expected of [200, 401]) {
      const visitor = new Visitor(server);
      await visitor.post(accessPaths.signInPassword, password(user.email));
      const answer = await visitor.post(accessPaths.signInSecondFactor, { kind: 'backup', code });
      expect(answer.status).toBe(expected);
    }
    const account = ownAccount.parse(await user.visitor.json(user.visitor.get(accessPaths.account)));
    expect(account).toMatchObject({ password: true, totp: true, backupCodesLeft: 9, setUp: 'done' });
  });

  it('leaves nothing counted against a school’s one address, however many sign in there', async () => {
    const { server, user } = await schoolWithUser();
    const store = await storeOf(server.folder);
    for (const code of user.backupCodes.slice(0, 3)) {
      const visitor = new Visitor(server);
      await visitor.post(accessPaths.signInPassword, password(user.email));
      expect((await visitor.post(accessPaths.signInSecondFactor, { kind: 'backup', code })).status).toBe(200);
    }
    const counted = await store.selectFrom('sign_in_attempts').select(['attempt_key', 'failures']).execute();
    await store.destroy();
    expect(counted.filter(({ attempt_key: key }) => key.startsWith('address:'))).toEqual([
      expect.objectContaining({ failures: 0 }),
    ]);
  });

  it('is refused in the same words and after the same work whether or not there is such a user', async () => {
    const { server, user } = await schoolWithUser();
    const visitor = new Visitor(server);
    const unknown = await visitor.post(accessPaths.signInPassword, password('nobody@school.example'));
    const wrong = await visitor.post(accessPaths.signInPassword, password(user.email, 'something else entirely'));
    expect([unknown.status, wrong.status]).toEqual([401, 401]);
    expect(await unknown.json()).toEqual(await wrong.json());
    const took = async (email: string) => {
      const from = performance.now();
      await visitor.post(accessPaths.signInPassword, password(email, 'something else entirely'));
      return performance.now() - from;
    };
    await Promise.resolve();
    // Both hash the password: an address nobody has is not answered at once.
    expect(await took('no-one@school.example')).toBeGreaterThan(10);
  });

  it('has to wait longer and longer after failures, whoever asks, and counts them in the database', async () => {
    const { server, user, wait } = await schoolWithUser();
    const visitor = new Visitor(server);
    const wrong = () => visitor.post(accessPaths.signInPassword, password(user.email, 'something else entirely'));
    for (let failure = 1; failure <= 5; failure += 1) expect((await wrong()).status).toBe(401);
    const refused = await visitor.post(accessPaths.signInPassword, password(user.email));
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('1');
    wait(1.5);
    expect((await wrong()).status).toBe(401);
    wait(1);
    expect((await wrong()).headers.get('retry-after')).toBe('1');
    wait(2);
    expect((await visitor.post(accessPaths.signInPassword, password(user.email))).status).toBe(200);
  });

  it('lets no more through when they come at the same moment', async () => {
    const { server, user } = await schoolWithUser();
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        new Visitor(server).post(accessPaths.signInPassword, password(user.email, 'something else entirely')),
      ),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(7);
  });

  it('comes only from pages of the console', async () => {
    const { server, user } = await schoolWithUser();
    const answer = await new Visitor(server).ask('POST', accessPaths.signInPassword, password(user.email), {
      origin: 'https://elsewhere.example',
    });
    expect((await problemOf(answer)).code).toBe('request.origin');
  });
});

describe('a user who was invited', () => {
  it('can do nothing before there is a way to sign in again, and a password alone is none', async () => {
    const server = await runningServer();
    const administrator = new Visitor(server, await signIn(server));
    const { link } = userLink.parse(
      await administrator.json(
        administrator.post(accessPaths.users, { name: 'Sam Example', email: 'sam@school.example', roles: everywhere }),
      ),
    );
    const visitor = new Visitor(server);
    expect((await visitor.get(link)).headers.get('location')).toBe('/');
    expect((await problemOf(await visitor.get('/v1/console/overview'))).code).toBe('console.setUpNeeded');
    await visitor.json(visitor.put(accessPaths.accountPassword, { password: goodPassword }));
    expect((await problemOf(await visitor.get('/v1/console/overview'))).code).toBe('console.setUpNeeded');
    const other = new Visitor(server);
    expect(await other.json(other.post(accessPaths.signInPassword, password('sam@school.example')))).toEqual({
      next: 'setUp',
    });
    expect((await problemOf(await other.get('/v1/console/overview'))).code).toBe('console.setUpNeeded');
    expect((await new Visitor(server).get(link)).headers.get('location')).toBe('/sign-in?problem=linkUsed');
  });

  it('may not choose a password that is short or guessed from their name', async () => {
    const server = await runningServer();
    const visitor = new Visitor(server, await signIn(server));
    for (const weak of ['short', 'Administrator1', 'aaaaaaaaaaaaaa', 'abcdefghijklmno']) {
      const answer = await visitor.put(accessPaths.accountPassword, { password: weak });
      expect(answer.status).toBe(400);
      expect((await problemOf(answer)).field).toBe('password');
    }
  });
});

describe('the first administrator', () => {
  it('is asked for a way to sign in, but not locked out, and the link goes on working', async () => {
    const server = await runningServer();
    const visitor = new Visitor(server, await signIn(server));
    expect(await visitor.json(visitor.get('/v1/console/me'))).toMatchObject({ setUp: 'asked' });
    expect((await visitor.get('/v1/console/overview')).status).toBe(200);
    await setUp(visitor);
    expect(await visitor.json(visitor.get('/v1/console/me'))).toMatchObject({ setUp: 'done' });
    const again = new Visitor(server, await signIn(server));
    expect((await again.get('/v1/console/overview')).status).toBe(200);
    const trail = auditList.parse(await again.json(again.get(accessPaths.audit)));
    expect(trail.items.map(({ body }) => body.action)).toContain('signIn.linkMade');
  });
});

describe('sessions', () => {
  it('are listed, ended by oneself, and end with a change of roles, a reset and when the user is disabled', async () => {
    const { server, user, administrator } = await schoolWithUser();
    const signedIn = async () => (await user.visitor.get('/v1/console/overview')).status;
    await newUser(server, administrator, { email: 'alex@school.example', roles: everywhere });
    await administrator.json(
      administrator.put(at(accessPaths.userRoles, user.id), { roles: [{ role: 'reviewer', schools: 'all' }] }),
    );
    expect(await signedIn()).toBe(401);

    await user.visitor.post(accessPaths.signInPassword, password(user.email));
    await user.visitor.post(accessPaths.signInSecondFactor, { kind: 'backup', code: user.backupCodes[0] });
    const { sessions } = ownAccount.parse(await user.visitor.json(user.visitor.get(accessPaths.account)));
    expect(sessions.map(({ current }) => current)).toEqual([true]);
    await user.visitor.json(user.visitor.post(at(accessPaths.accountSessionEnd, sessions[0]?.id ?? '')));
    expect(await signedIn()).toBe(401);

    await user.visitor.post(accessPaths.signInPassword, password(user.email));
    await user.visitor.post(accessPaths.signInSecondFactor, { kind: 'backup', code: user.backupCodes[1] });
    expect(await signedIn()).toBe(200);
    await administrator.json(administrator.post(at(accessPaths.userDisable, user.id)));
    expect(await signedIn()).toBe(401);
    const kept = await new Visitor(server).post(accessPaths.signInPassword, password(user.email));
    expect(kept.status).toBe(200);
    const visitor = new Visitor(server);
    await visitor.post(accessPaths.signInPassword, password(user.email));
    const refused = await visitor.post(accessPaths.signInSecondFactor, { kind: 'backup', code: user.backupCodes[2] });
    expect((await problemOf(refused)).code).toBe('signIn.refused');

    await administrator.json(administrator.post(at(accessPaths.userEnable, user.id)));
    const { link } = userLink.parse(await administrator.json(administrator.post(at(accessPaths.userReset, user.id))));
    expect((await new Visitor(server).post(accessPaths.signInPassword, password(user.email))).status).toBe(401);
    const anew = new Visitor(server);
    await anew.get(link);
    await setUp(anew);
    expect((await anew.get('/v1/console/overview')).status).toBe(200);
    const list = users.parse(await administrator.json(administrator.get(accessPaths.users)));
    expect(list.items.find(({ id }) => id === user.id)).toMatchObject({
      state: 'active',
      sessions: 1,
      manageable: true,
    });
  });
});
