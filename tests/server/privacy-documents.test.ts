import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import mammoth from 'mammoth';
import { format } from 'prettier';
import { expect, test } from 'vitest';
import { eventTypes } from '../../src/contract/event.ts';
import { verificationCode } from '../../src/proof/index.ts';
import { personId } from '../../src/server/people/person-id.ts';
import { privacyPage } from '../../src/server/privacy/privacy-page.ts';
import { localTrust } from '../../src/server/store/database.ts';
import { postJson, testPolicy } from '../support/test-device.ts';
import { ask, enrolledDevice, problemOf, runningServer, signIn } from './running.ts';

test('docs/privacy.md is what the program records', async () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/privacy.md'), 'utf8');
  expect(page, 'run: node tools/privacy-page.ts').toBe(
    await format(privacyPage(), { parser: 'markdown', printWidth: 120 }),
  );
  for (const type of eventTypes) expect(page).toContain(`\`${type}\``);
});

test('everything about one person is one archive: to read, for programs, with codes, and with nobody else in it', async () => {
  const server = await runningServer();
  const { published } = await server.publish(testPolicy());
  const device = await enrolledDevice(server, 'room-12');
  device.begin();
  const signed = device.accept('robin', published);
  device.accept('kim', published);
  for (let more = 0; more < 1_200; more += 1) {
    device.record({ type: 'session.locked', data: { by: 'person' }, account: more % 2 === 0 ? 'robin' : 'kim' });
  }
  await device.sync(server.origin, device.records.slice(0, 900));
  await device.sync(server.origin, device.records.slice(900));
  const cookie = await signIn(server);
  const id = personId(localTrust.trustId, localTrust.schoolId, 'robin');
  const path = `${server.origin}/v1/console/privacy/people/${id}/export`;
  const headers = { cookie, origin: server.origin };
  expect(await problemOf(await postJson(path, { reason: '' }, headers))).toMatchObject({ field: 'reason' });
  const answer = await postJson(path, { reason: 'Subject access request <of> 2 November' }, headers);
  expect(answer.headers.get('content-type')).toBe('application/zip');
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());
  expect(Object.keys(files).sort()).toEqual(
    ['acceptances.json', 'events.csv', 'events.jsonl', 'everything.html', 'lookups.jsonl', 'other-data.json'].sort(),
  );
  for (const name of Object.keys(files)) expect(text(name)).not.toContain('kim');
  const code = verificationCode(signed.hash);
  expect(text('everything.html')).toContain(`Verification code ${code}`);
  expect(text('everything.html')).toContain('Subject access request &lt;of&gt; 2 November');
  expect(text('everything.html').match(/<li>/g)?.length).toBeGreaterThan(600);
  expect(text('events.csv').trim().split('\r\n')).toHaveLength(1 + 601);
  expect(text('events.jsonl').trim().split('\n')).toHaveLength(601);
  expect(JSON.parse(text('acceptances.json'))).toMatchObject([{ code, hash: signed.hash, receipt: { epoch: 1 } }]);
  expect(JSON.parse(text('lookups.jsonl').trim())).toMatchObject({
    action: 'person.exported',
    by: 'a member of staff',
    detail: { reason: 'Subject access request <of> 2 November' },
  });
});

test('the impact assessment opens in Word and says what is set', async () => {
  const server = await runningServer({ schoolName: 'Test school' });
  await server.publish({
    ...testPolicy(),
    rules: { idleLock: { clause: 'passwords.1', warnAfterSeconds: 540, lockAfterSeconds: 600 } },
  });
  await enrolledDevice(server, 'room-12');
  const cookie = await signIn(server);
  await postJson(
    `${server.origin}/v1/console/privacy/retention`,
    { schoolId: 'school', category: 'devices', keep: { from: 'received', months: 9 } },
    { cookie, origin: server.origin },
  );
  const word = await ask(server, cookie, '/v1/console/privacy/assessment');
  const { value, messages } = await mammoth.extractRawText({ buffer: Buffer.from(await word.arrayBuffer()) });
  expect(messages).toEqual([]);
  const html = await (await ask(server, cookie, '/v1/console/privacy/assessment?format=html')).text();
  for (const document of [value, html]) {
    expect(document).toContain('9 months');
    expect(document).toContain('Test school');
    expect(document).toContain('1 machine');
    expect(document).toContain('lock after 10 minutes');
    expect(document).toContain('Administrator');
    expect(document).toContain('Necessity and proportionality');
    expect(document).not.toContain('admin@');
  }
});
