import { expect, it } from 'vitest';
import { accessPaths, auditList, providerAddress, signInWays, userLink } from '../../src/contract/console-access.ts';
import { vouchedEmail } from '../../src/rules/provider-identity.ts';
import { providerClient, runningProvider, throughProvider } from '../support/oidc-provider.ts';
import { Visitor } from './console-users.ts';
import { runningServer, signIn } from './running.ts';

/** A server with a fixed port, since the provider has to know where it sends people back to. */
async function schoolWithProvider() {
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const origin = `http://127.0.0.1:${port}`;
  const provider = await runningProvider(() => `${origin}/api/auth/callback/oidc`);
  const server = await runningServer({
    port,
    provider: {
      issuer: provider.issuer,
      clientId: providerClient.id,
      clientSecret: providerClient.secret,
      name: 'Test directory',
    },
  });
  const administrator = new Visitor(server, await signIn(server));
  await administrator.json(
    administrator
      .post(accessPaths.users, {
        name: 'Sam Example',
        email: 'sam@school.example',
        roles: [{ role: 'reviewer', schools: 'all' }],
      })
      .then(async (answer) => {
        userLink.parse(await answer.clone().json());
        return answer;
      }),
  );
  /** Goes the whole way; `change` may spoil the address that leads back. */
  const goThrough = async (change = (back: URL) => back) => {
    const visitor = new Visitor(server);
    const { url } = providerAddress.parse(
      await visitor.json(visitor.post(accessPaths.signInProvider, { provider: 'oidc' })),
    );
    const back = change(new URL(await throughProvider(url, provider.issuer)));
    const answer = await visitor.get(`${back.pathname}${back.search}`);
    return { visitor, started: new URL(url), location: answer.headers.get('location'), back };
  };
  const lastFailure = async () => {
    const trail = auditList.parse(
      await administrator.json(administrator.get(`${accessPaths.audit}?action=signIn.failed&limit=1`)),
    );
    return trail.items[0]?.body.detail;
  };
  return { server, provider, administrator, goThrough, lastFailure };
}

const failed = '/sign-in?problem=provider';

it('an invited user signs in with the provider, which is asked with PKCE, state and nonce', async () => {
  const { server, provider, goThrough } = await schoolWithProvider();
  const ways = signInWays.parse(await (await fetch(`${server.origin}${accessPaths.signInWays}`)).json());
  expect(ways.providers).toEqual([{ id: 'oidc', name: 'Test directory' }]);
  provider.signsIn('sub-of-sam', { email: 'Sam@School.example', email_verified: true });
  const { visitor, started, location } = await goThrough();
  expect(started.searchParams.get('code_challenge_method')).toBe('S256');
  for (const name of ['code_challenge', 'state', 'nonce']) expect(started.searchParams.get(name)).toMatch(/.{16}/);
  expect(location).toBe('/');
  expect(await visitor.json(visitor.get('/v1/console/me'))).toMatchObject({
    email: 'sam@school.example',
    setUp: 'done',
  });
});

it('nobody else gets in: not who was never invited, nor with an address the provider does not vouch for', async () => {
  const { provider, goThrough, lastFailure } = await schoolWithProvider();
  const stranger = { email: 'stranger@school.example', email_verified: true };
  for (const claims of [
    stranger,
    { email: 'sam@school.example', email_verified: false },
    { email: 'sam@school.example' },
    {},
  ]) {
    provider.signsIn(`sub ${JSON.stringify(claims)}`, claims);
    const { visitor, location } = await goThrough();
    expect(location).toBe(failed);
    expect((await visitor.get('/v1/console/me')).status).toBe(401);
    expect(await lastFailure()).toMatchObject({ way: 'provider' });
  }
});

it('a wrong state, a code of another browser and a used code are refused', async () => {
  const { server, provider, goThrough, lastFailure } = await schoolWithProvider();
  provider.signsIn('sub-of-sam', { email: 'sam@school.example', email_verified: true });
  const wrongState = await goThrough((back) => {
    back.searchParams.set('state', 'somebody-elses');
    return back;
  });
  expect(wrongState.location).toBe(failed);
  expect(await lastFailure()).toMatchObject({ way: 'provider' });

  const good = await goThrough();
  expect(good.location).toBe('/');
  const again = await good.visitor.get(`${good.back.pathname}${good.back.search}`);
  expect(again.headers.get('location')).toBe(failed);
  const thief = new Visitor(server);
  const stolen = await thief.get(`${good.back.pathname}${good.back.search}`);
  expect(stolen.headers.get('location')).toBe(failed);
  expect((await thief.get('/v1/console/me')).status).toBe(401);
});

it('a provider that cannot be reached is said so, and the server goes on', async () => {
  const server = await runningServer({
    provider: { issuer: 'http://127.0.0.1:9', clientId: 'usher', clientSecret: 'secret', name: 'Test directory' },
  });
  const answer = await new Visitor(server).post(accessPaths.signInProvider, { provider: 'oidc' });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ code: 'signIn.providerUnreachable' });
});

it('only one directory of Entra ID is trusted without email_verified', () => {
  const directory = 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0';
  const email = 'Sam@School.example';
  expect(vouchedEmail(directory, { email })).toBe('sam@school.example');
  expect(vouchedEmail(directory, { email, xms_edov: false })).toBeNull();
  expect(vouchedEmail(directory, { email, email_verified: false })).toBeNull();
  for (const many of ['common', 'organizations', 'consumers']) {
    expect(vouchedEmail(`https://login.microsoftonline.com/${many}/v2.0`, { email })).toBeNull();
  }
  expect(vouchedEmail('https://accounts.google.com', { email })).toBeNull();
  expect(vouchedEmail('https://accounts.google.com', { email, email_verified: true })).toBe('sam@school.example');
});
