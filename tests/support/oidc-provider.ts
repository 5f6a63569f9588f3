import { createServer } from 'node:http';
import { Provider, type Configuration } from 'oidc-provider';
import { onTestFinished } from 'vitest';

/** What the provider says of an account. */
export interface Claims {
  email?: string;
  email_verified?: boolean;
}

export interface ProviderInTest {
  issuer: string;
  /** Whom the next sign-in at the provider is, and what it says of them. */
  signsIn(sub: string, claims: Claims): void;
}

export const providerClient = { id: 'usher', secret: 'a secret of the test, long enough' };

/** A real OpenID Connect provider on loopback, whose people sign in and agree without being asked. */
export async function runningProvider(redirectUri: (issuer: string) => string): Promise<ProviderInTest> {
  let sub = 'nobody';
  let claims: Claims = {};
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void http.close(() => resolve())));
  onTestFinished(() => http.closeAllConnections());
  const address = http.address();
  if (address === null || typeof address === 'string') throw new Error('The provider listens nowhere');
  const issuer = `http://127.0.0.1:${address.port}`;
  const configuration: Configuration = {
    clients: [
      {
        client_id: providerClient.id,
        client_secret: providerClient.secret,
        redirect_uris: [redirectUri(issuer)],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    cookies: { keys: ['a key of the test'] },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims }) }),
  };
  const provider = new Provider(issuer, configuration);
  const callback = provider.callback();
  http.on('request', (request, response) => {
    if (!(request.url ?? '').startsWith('/interaction/')) {
      void callback(request, response);
      return;
    }
    void (async () => {
      const { params, prompt } = await provider.interactionDetails(request, response);
      if (prompt.name === 'login') {
        return provider.interactionFinished(request, response, { login: { accountId: sub } });
      }
      const grant = new provider.Grant({ accountId: sub, clientId: String(params['client_id']) });
      grant.addOIDCScope('openid email profile');
      return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    })();
  });
  return {
    issuer,
    signsIn(whom, said) {
      sub = whom;
      claims = said;
    },
  };
}

/** Follows redirects at the provider with a browser's cookies, up to the one that leads back. */
export async function throughProvider(start: string, issuer: string): Promise<string> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < 10 && url.startsWith(issuer); step += 1) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';', 1)[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`The provider answered ${answer.status}: ${await answer.text()}`);
    url = new URL(location, url).href;
  }
  return url;
}
