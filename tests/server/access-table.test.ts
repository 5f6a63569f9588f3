import { expect, it } from 'vitest';
import { readFile, writeFile } from 'node:fs/promises';
import { accessPaths } from '../../src/contract/console-access.ts';
import { consolePaths, events, people } from '../../src/contract/console.ts';
import { role, rolePermissions, type Role } from '../../src/contract/roles.ts';
import type { RouteAccess } from '../../src/server/http/access.ts';
import { testPolicy } from '../support/test-device.ts';
import { accessTable, callers, type Caller } from './access-table.ts';
import { at, newUser, Visitor } from './console-users.ts';
import { documented, withSection } from './roles-document.ts';
import { enrolledDevice, runningServer, signIn } from './running.ts';

/** What to ask a route with, where there is more to it than its address. */
interface Input {
  path?: string;
  body?: unknown;
}

const nameOf = ({ method, url }: Pick<RouteAccess, 'method' | 'url'>): string => `${method} ${url}`;
const roleOf = (caller: Caller): Role | null =>
  role.safeParse(caller === 'elsewhere' ? 'administrator' : caller).data ?? null;

/** A school with a machine, a person, events and one user of each role, who may look into that person's record. */
async function everything() {
  const server = await runningServer();
  const first = new Visitor(server, await signIn(server));
  await first.json(first.post(accessPaths.schools, { id: 'other', name: 'Other school' }));
  const device = await enrolledDevice(server);
  const { published } = await server.publish(testPolicy());
  device.begin();
  device.accept('alex.example', published);
  await device.sync(server.origin);

  const visitors = new Map<Caller, Visitor>([
    ['nobody', new Visitor(server)],
    ['operator', new Visitor(server)],
  ]);
  for (const name of role.options) {
    const user = await newUser(server, first, {
      email: `${name.toLowerCase()}@school.example`,
      roles: [{ role: name, schools: 'all' }],
    });
    visitors.set(name, user.visitor);
  }
  const elsewhere = await newUser(server, first, {
    email: 'elsewhere@school.example',
    roles: [{ role: 'administrator', schools: ['other'] }],
  });
  visitors.set('elsewhere', elsewhere.visitor);

  const person = people.parse(await first.json(first.get(consolePaths.people))).items[0];
  const [event] = events.parse(await first.json(first.get(`${consolePaths.events}?type=policy.accepted`))).items;
  if (person === undefined || event === undefined) throw new Error('Nothing arrived');
  for (const caller of role.options) {
    if (!rolePermissions[caller].includes('person.open')) continue;
    const asked = { category: 'other', reason: 'To try out the access table.' };
    const visitor = visitors.get(caller);
    await visitor?.json(visitor.post(at(accessPaths.opening, person.id), asked));
  }
  const answer = { answer: 'refused', note: 'no' };
  const inputs: Record<string, Input> = {
    [`GET ${consolePaths.person}`]: { path: at(consolePaths.person, person.id) },
    [`GET ${accessPaths.opening}`]: { path: at(accessPaths.opening, person.id) },
    [`GET ${consolePaths.event}`]: { path: at(consolePaths.event, event.id) },
    [`GET ${consolePaths.acceptance}`]: { path: at(consolePaths.acceptance, event.acceptanceId ?? '') },
    [`GET ${consolePaths.machine}`]: { path: at(consolePaths.machine, device.deviceId) },
    [`GET ${consolePaths.policy}`]: { path: consolePaths.policy.replace(':hash', published.hash) },
    'POST /v1/policies': { body: testPolicy() },
    'POST /v1/console/device-requests/:id/answer': { body: answer },
    'POST /v1/console/device-grants': {
      body: {
        device: { vendorId: '0781', productId: '5581', serial: 'ABC123456' },
        machineId: device.deviceId,
        until: new Date(Date.now() + 86_400_000).toISOString(),
        reason: 'To try out the access table.',
      },
    },
    'POST /v1/console/device-codes': {
      body: {
        machineId: device.deviceId,
        deviceCode: 'K7QF-2M4D',
        minutes: 60,
        reason: 'To try out the access table.',
      },
    },
    [`PUT ${accessPaths.accessSettings}`]: { body: { secondPerson: false, openingMinutes: 30 } },
    [`POST ${accessPaths.openingAnswer}`]: { body: answer },
    [`PUT ${accessPaths.userRoles}`]: { body: { roles: [] } },
    [`PUT ${accessPaths.school}`]: { path: at(accessPaths.school, 'school'), body: { name: 'Our school' } },
    'GET /assets/*': { path: '/assets/console.js' },
    'HEAD /assets/*': { path: '/assets/console.js' },
  };
  return { server, visitors, inputs };
}

it(
  'every route answers every caller as the table says, and none is missing from it',
  { timeout: 240_000 },
  async () => {
    const { server, visitors, inputs } = await everything();
    const answers = new Map<string, string>();
    // Signing out comes last: it ends the sessions that everything else is asked with.
    const last = ({ url }: RouteAccess): number => Number(url === consolePaths.signOut);
    const routes = [...server.routes].sort((one, other) => last(one) - last(other));
    for (const route of routes) {
      const { path = route.url.replaceAll(/:\w+/g, 'x').replace('*', 'x'), body } = inputs[nameOf(route)] ?? {};
      const given = body ?? (['POST', 'PUT'].includes(route.method) ? {} : undefined);
      const row: number[] = [];
      for (const [caller, visitor] of visitors) {
        const headers = caller === 'operator' ? { authorization: `Bearer ${server.operatorToken}` } : undefined;
        const answer = await visitor.ask(route.method, path, given, headers);
        row.push(answer.status);
        await answer.body?.cancel();
      }
      answers.set(nameOf(route), row.join(' '));
    }
    expect([...visitors.keys()]).toEqual([...callers]);
    const missing = [...answers].filter(([name]) => !(name in accessTable));
    expect(
      missing.map(([name, row]) => `  '${name}': '${row}',`).join('\n'),
      'Look at each cell, then add these lines to accessTable in tests/server/access-table.ts',
    ).toBe('');
    expect(Object.fromEntries(answers)).toEqual(accessTable);

    for (const route of routes.filter(({ access }) => access.startsWith('session'))) agreesWithPermissions(route);

    const file = new URL('../../docs/roles.md', import.meta.url);
    const text = await readFile(file, 'utf8');
    const current = withSection(text, documented(server.routes));
    if (process.env['USHER_WRITE_DOCS'] === '1') await writeFile(file, current);
    else expect(text, 'docs/roles.md is not current: run this test with USHER_WRITE_DOCS=1').toBe(current);
  },
);

/** The table says 401 to whom there is no session of, and 403 to exactly those whose role lacks the route's permission. */
function agreesWithPermissions(route: RouteAccess): void {
  const row = (accessTable[nameOf(route)] ?? '').split(' ').map(Number);
  for (const [index, caller] of callers.entries()) {
    const name = `${nameOf(route)} for ${caller}`;
    const theirs = roleOf(caller);
    if (caller === 'nobody') expect(row[index], name).toBe(401);
    else if (caller === 'operator') expect(row[index] === 401, name).toBe(route.access === 'session');
    else if (theirs !== null && caller !== 'elsewhere') {
      const { permission } = route;
      const allowed = permission === null || permission === 'signedIn' || rolePermissions[theirs].includes(permission);
      expect(row[index] === 403, name).toBe(!allowed);
      expect(row[index], name).not.toBe(401);
    }
  }
}
