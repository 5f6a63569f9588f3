import { expect, test } from 'vitest';
import { accessPaths } from '../../src/contract/console-access.ts';
import { alertPaths } from '../../src/contract/console-alerts.ts';
import { machinePaths } from '../../src/contract/console-machines.ts';
import { privacyPaths } from '../../src/contract/console-privacy.ts';
import { settings } from '../../src/contract/settings.ts';
import { problemOf, enrolledDevice, runningServer, signIn } from './running.ts';
import { Visitor } from './console-users.ts';
import { postJson, readToken, TestDevice } from '../support/test-device.ts';
import { ruleOf } from './alerting-server.ts';

/** What makes a list, a mail or a log show another name than the one that is kept. */
const hidden: [string, string][] = [
  ['a line break', 'Hill\nSchool'],
  ['a tab', 'Hill\tSchool'],
  ['the character NUL', 'Hill\0School'],
  ['an escape sequence', 'Hill\u001b[31mSchool'],
  ['C1 control', 'Hill\u0085School'],
  ['a line separator', 'Hill\u2028School'],
  ['a right-to-left override', 'Hill \u202Eloohcs'],
  ['a bidi isolate', 'Hill \u2067School\u2069'],
  ['a space without width', 'Hill\u200BSchool'],
  ['half a character', 'Hill \uD83C'],
];
/** Names that people and schools have. */
const shown = ['St Mary’s & All Saints', 'Ysgol Gŵyr', 'مدرسة التل', 'בית ספר\u200F', 'Škola 🏫', 'ﷺ 1'];

test('a name that shows another than it is is refused by its field, wherever somebody types one', async () => {
  const server = await runningServer({ rateLimits: 'none' });
  const trust = new Visitor(server, await signIn(server));
  const device = await enrolledDevice(server, 'room-12');
  const places: [string, string, (name: string) => Promise<Response>][] = [
    ['a school', 'name', (name) => trust.post(accessPaths.schools, { id: 'hill', name })],
    ['a school again', 'name', (name) => trust.put(accessPaths.school.replace(':id', 'school'), { name })],
    [
      'a user',
      'name',
      (name) =>
        trust.post(accessPaths.users, {
          name,
          email: 'a@school.example',
          roles: [{ role: 'auditor', schools: 'all' }],
        }),
    ],
    ['a machine', 'name', (name) => trust.post(machinePaths.rename.replace(':id', device.deviceId), { name })],
    ['a rule', 'name', (name) => trust.post(alertPaths.rules, ruleOf({ name }))],
    ['machines of a rule', 'machineNames.0', (name) => trust.post(alertPaths.rules, ruleOf({ machineNames: [name] }))],
    ['an enrolment token', 'name', (name) => trust.post(machinePaths.tokens, { name })],
    [
      'who answers for a hold',
      'owner',
      (owner) =>
        trust.post(privacyPaths.holds, {
          kind: 'school',
          schoolId: 'school',
          reason: 'A grievance is open',
          owner,
          reviewOn: '2099-01-01',
          from: null,
          to: null,
        }),
    ],
  ];
  for (const [place, field, type] of places) {
    for (const [what, name] of hidden) {
      const answer = await type(name);
      expect([place, what, answer.status]).toEqual([place, what, 400]);
      const { field: named, detail } = await problemOf(answer);
      expect([place, what, named]).toEqual([place, what, field]);
      expect(detail).toMatch(/visible text/);
      expect(detail).not.toContain(name);
    }
  }
  const rename = accessPaths.school.replace(':id', 'school');
  for (const name of shown) expect([name, (await trust.put(rename, { name })).status]).toEqual([name, 200]);
});

test('what a machine says of itself is held to the same, and so are the settings', async () => {
  const server = await runningServer();
  for (const [, hostname] of hidden) {
    const device = new TestDevice(hostname);
    const asked = device.enrolRequest(readToken(await server.enrolmentToken()).secret);
    expect(await problemOf(await postJson(`${server.origin}/v1/enrol`, asked))).toMatchObject({
      status: 400,
      field: 'machine.hostname',
    });
    const said = settings.safeParse({ stateFolder: '/x', schoolName: hostname });
    expect(said.error?.issues[0]?.path).toEqual(['schoolName']);
  }
});
