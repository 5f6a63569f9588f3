import { describe, expect, test } from 'vitest';
import { runningServer, signIn } from './running.ts';

/** What the OWASP Secure Headers Project wants of every answer (https://owasp.org/www-project-secure-headers/). */
const everywhere: [header: string, holds: RegExp][] = [
  ['content-security-policy', /(^|;)default-src 'none'(;|$)/],
  ['content-security-policy', /(^|;)script-src 'self'(;|$)/],
  ['content-security-policy', /(^|;)frame-ancestors 'none'(;|$)/],
  ['content-security-policy', /(^|;)base-uri 'none'(;|$)/],
  ['content-security-policy', /(^|;)form-action 'self'(;|$)/],
  ['x-content-type-options', /^nosniff$/],
  ['x-frame-options', /^DENY$/],
  ['referrer-policy', /^no-referrer$/],
  ['cross-origin-opener-policy', /^same-origin$/],
  ['cross-origin-resource-policy', /^same-origin$/],
  ['x-permitted-cross-domain-policies', /^none$/],
  ['permissions-policy', /camera=\(\).*geolocation=\(\).*microphone=\(\)/],
];

const addresses: [what: string, path: string, status: number][] = [
  ['a page of the console', '/', 200],
  ['a script of the console', '/assets/console.js', 200],
  ['an answer of the API', '/v1/console/me', 200],
  ['a refusal', '/v1/console/people/nobody', 404],
  ['an address that is not there', '/v1/nothing', 404],
  ['a health check', '/healthz', 200],
  ['the documentation', '/docs/', 200],
];

describe.each([
  ['plain, on this computer', undefined],
  ['over https', 'https://usher.example.invalid'],
])('%s', (_how, origin) => {
  test.each(addresses)('%s has every security header', async (_what, path, status) => {
    const server = await runningServer(origin === undefined ? {} : { origin });
    const cookie = await signIn({
      ...server,
      signInLink: async () => (await server.signInLink()).replace(server.origin, server.listening),
    });
    const answer = await fetch(`${server.listening}${path}`, { headers: { cookie } });
    expect(answer.status).toBe(status);
    const wrong = everywhere.filter(([header, holds]) => !holds.test(answer.headers.get(header) ?? ''));
    expect(
      wrong.map(([header, holds]) => `${header}: ${answer.headers.get(header) ?? '(none)'} is not ${String(holds)}`),
    ).toEqual([]);
    const scripts = /script-src[^;]*/.exec(answer.headers.get('content-security-policy') ?? '')?.[0] ?? '';
    expect(scripts).not.toMatch(/unsafe|data:|\*/);
    expect(answer.headers.get('server')).toBeNull();
    expect(answer.headers.get('x-powered-by')).toBeNull();
    const hsts = answer.headers.get('strict-transport-security');
    if (origin === undefined) expect(hsts).toBeNull();
    else expect(hsts).toBe('max-age=31536000; includeSubDomains');
  });
});
