import { pino } from 'pino';
import { expect, test } from 'vitest';
import { consolePaths } from '../../src/contract/console.ts';
import { errorWithoutContent } from '../../src/server/operation/log.ts';
import { postJson, readToken, TestDevice, testPolicy } from '../support/test-device.ts';
import { runningServer, signIn } from './running.ts';
import { eventStreamOpened } from './scraping.ts';

test('a whole day at level trace: no name, address, token, cookie, search or body is in the log', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line) => lines.push(line) });
  const server = await runningServer({ log });
  const secrets = new Set<string>([
    'Alex Example',
    'robin.reader',
    'Keep your password',
    'administrator@',
    server.operatorToken,
  ]);
  const wanted = async (path: string, options: RequestInit = {}) =>
    (await fetch(`${server.origin}${path}`, options)).status;

  const { published } = await server.publish(testPolicy());
  const token = await server.enrolmentToken();
  const { secret } = readToken(token);
  const device = new TestDevice('canary-room');
  for (const one of [token, secret, device.facts.hostname, device.deviceId]) secrets.add(one);
  await device.enrol(server.origin, token);
  device.begin();
  device.accept('robin.reader', published);
  await device.sync(server.origin);
  for (const { hash, salt } of device.records) secrets.add(hash).add(salt ?? hash);
  // Refused: another's signature, a broken chain, no JSON, a name where a number belongs, half a body.
  const request = device.syncRequest(device.records);
  expect((await postJson(`${server.origin}/v1/sync`, { ...request, signature: 'robin.reader' })).status).toBe(400);
  const text = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"name":"robin.reader" oops' };
  expect(await wanted('/v1/sync', text)).toBe(400);
  expect(await wanted('/v1/enrol', text)).toBe(400);

  const link = await server.signInLink();
  secrets.add(link.split('/').at(-1) ?? link);
  const cookie = await signIn({ ...server, signInLink: () => Promise.resolve(link) });
  secrets.add(cookie.split('=')[1] ?? cookie).add(cookie);
  const signedIn = { headers: { cookie } };
  expect(await wanted(`${consolePaths.people}?search=robin.reader`, signedIn)).toBe(200);
  expect(await wanted(`${consolePaths.events}?search=Alex%20Example&limit=robin.reader`, signedIn)).toBe(400);
  expect(await wanted('/v1/console/people/robin.reader', signedIn)).toBe(404);
  expect(await wanted('/robin.reader?email=robin.reader@school.invalid', signedIn)).toBe(200);
  expect(await wanted('/v1/robin.reader', signedIn)).toBe(404);
  expect(
    await wanted('/v1/policies', { method: 'POST', headers: { authorization: `Bearer ${server.operatorToken}` } }),
  ).toBe(400);
  expect(await wanted('/v1/policies', { method: 'POST', headers: { authorization: 'Bearer robin.reader' } })).toBe(401);
  const stream = await eventStreamOpened(server.origin, cookie);
  device.accept('robin.reader', published);
  await device.sync(server.origin);
  stream.close();
  expect(await wanted(consolePaths.signOut, { method: 'POST', headers: { cookie, origin: server.origin } })).toBe(200);
  await server.close();

  const all = lines.join('');
  expect(lines.filter((line) => line.includes('"answered"')).length).toBeGreaterThan(12);
  const found = [...secrets].filter((one) => all.toLowerCase().includes(one.toLowerCase()));
  expect(found).toEqual([]);
  expect(all).not.toMatch(/robin|alex|canary|@school|cookie|authorization/i);
});

test('a fault of the server is logged with where it happened, without what somebody sent', () => {
  const fault = Object.assign(new Error('duplicate key value: "robin.reader" said \'no\' to x'), {
    code: '23505',
    detail: 'Key (email)=(robin.reader@school.invalid) already exists',
    parameters: ['robin.reader'],
    cause: new SyntaxError('Unexpected token \'A\', "Alex Example" is not valid JSON'),
  });
  const shown = JSON.stringify(errorWithoutContent(fault));
  expect(shown).toContain('duplicate key value');
  expect(shown).toContain('23505');
  expect(shown).toContain('log.test.ts');
  expect(shown).not.toMatch(/robin|Alex/);
});
