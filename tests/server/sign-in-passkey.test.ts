import type { Page } from 'playwright-core';
import { expect, it, onTestFinished } from 'vitest';
import { accessPaths, auditList, ownAccount } from '../../src/contract/console-access.ts';
import { openBrowser } from '../support/browser.ts';
import { Visitor } from './console-users.ts';
import { runningServer, signIn } from './running.ts';

/** Posts from the page, as the console does, and gives the status and what was said. */
const post = (page: Page, path: string, body?: unknown, method = 'POST'): Promise<{ status: number; said: unknown }> =>
  page.evaluate(
    async ({ path: to, body: sent, method: by }) => {
      const answer = await fetch(to, {
        method: by,
        ...(sent === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(sent) }),
      });
      return { status: answer.status, said: (await answer.json()) as unknown };
    },
    { path, body, method },
  );

/** Lets the browser make or use a passkey and gives what it answers, as JSON. */
const credential = (page: Page, kind: 'create' | 'get', options: unknown): Promise<unknown> =>
  page.evaluate(
    async ({ kind: which, options: asked }) => {
      const given =
        which === 'create'
          ? await navigator.credentials.create({
              publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(
                asked as PublicKeyCredentialCreationOptionsJSON,
              ),
            })
          : await navigator.credentials.get({
              publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(
                asked as PublicKeyCredentialRequestOptionsJSON,
              ),
            });
      return given instanceof PublicKeyCredential ? given.toJSON() : null;
    },
    { kind, options },
  );

it(
  'a passkey is added and signs in alone, in a real browser; one that does not ask who uses it is refused',
  { timeout: 90_000 },
  async () => {
    const server = await runningServer();
    const administrator = new Visitor(server, await signIn(server));
    const browser = await openBrowser();
    onTestFinished(() => browser.close());
    const context = await browser.newContext();
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('WebAuthn.enable');
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });

    await page.goto((await server.signInLink()).replace('127.0.0.1', 'localhost'));
    expect((await post(page, accessPaths.signInWays, undefined, 'GET')).said).toMatchObject({ passkey: true });
    const asked = await post(page, accessPaths.accountPasskeyOptions);
    expect(asked.said).toMatchObject({
      rp: { id: 'localhost' },
      authenticatorSelection: { userVerification: 'required', residentKey: 'required' },
    });
    const made = await credential(page, 'create', asked.said);
    expect(await post(page, accessPaths.accountPasskeys, { name: 'Test key', response: made })).toEqual({
      status: 200,
      said: {},
    });
    // The same answer a second time: its challenge is used up.
    expect((await post(page, accessPaths.accountPasskeys, { name: 'Again', response: made })).status).toBe(400);
    const account = ownAccount.parse((await post(page, accessPaths.account, undefined, 'GET')).said);
    expect(account).toMatchObject({ setUp: 'done', passkeys: [{ name: 'Test key' }] });

    await post(page, '/api/auth/sign-out');
    expect((await post(page, '/v1/console/me', undefined, 'GET')).status).toBe(401);
    const question = await post(page, accessPaths.signInPasskeyOptions);
    const answer = await credential(page, 'get', question.said);
    expect(await post(page, accessPaths.signInPasskey, { response: answer })).toEqual({
      status: 200,
      said: { next: 'signedIn' },
    });
    expect((await post(page, '/v1/console/overview', undefined, 'GET')).status).toBe(200);
    await post(page, '/api/auth/sign-out');
    expect((await post(page, accessPaths.signInPasskey, { response: answer })).status).toBe(401);

    await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
    const unsure = await post(page, accessPaths.signInPasskeyOptions);
    const careless = await credential(page, 'get', { ...Object(unsure.said), userVerification: 'discouraged' });
    expect((await post(page, accessPaths.signInPasskey, { response: careless })).status).toBe(401);

    const trail = auditList.parse(await administrator.json(administrator.get(accessPaths.audit)));
    expect(trail.items.filter(({ body }) => body.detail['way'] === 'passkey').map(({ body }) => body.action)).toEqual([
      'signIn.failed',
      'signIn.failed',
      'signIn.succeeded',
    ]);
    expect(trail.items.map(({ body }) => body.action)).toContain('account.passkeyAdded');
  },
);

it('is not offered at an address in numbers, where browsers have none', async () => {
  const server = await runningServer();
  const visitor = new Visitor(server);
  expect(await visitor.json(visitor.get(accessPaths.signInWays))).toEqual({
    password: true,
    passkey: false,
    providers: [],
  });
});
