import { userInfo } from 'node:os';
import { existsSync, renameSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { consolePaths } from '../../src/contract/console.ts';
import type { EventBody, EventType } from '../../src/contract/event.ts';
import type { Policy } from '../../src/contract/policy.ts';
import { settings } from '../../src/contract/settings.ts';
import type { RunningServer } from '../../src/server/index.ts';
import type { RunningService } from '../../src/service/index.ts';
import { runningServer, signIn } from '../server/running.ts';
import { postJson, testPolicy } from '../support/test-device.ts';
import { machineWith, MoodySystem } from './moody-system.ts';
import { runningService, shellOf, stateFolder, submissionFor, type Shell } from './running-service.ts';

const clause = 'passwords.1';
const reading = { readSeconds: 5, depthPercent: 100, sectionsRead: ['passwords'] };
const named = (id: string, change: Partial<Policy> = {}): Policy => ({
  ...testPolicy(),
  id,
  title: `The ${id} policy`,
  ...change,
});

function events(service: RunningService, ...types: EventType[]): EventBody[] {
  return types.flatMap((type) =>
    service.journal.recordsOfType(type).flatMap(({ body }) => (body === null ? [] : [body])),
  );
}
function asked(shell: Shell) {
  const { gate } = shell.view();
  if (gate.phase !== 'asking') throw new Error(`Nothing is asked: ${gate.phase}`);
  return gate;
}
const accept = (shell: Shell) => shell.connection.call('accept', submissionFor(asked(shell).policy));
/** Polls every second, so that a machine hears of a change while the test waits. */
const quickServer = () => runningServer({ pollSeconds: 1 });
async function withdraw(server: RunningServer, hash: string): Promise<void> {
  const cookie = await signIn(server);
  await postJson(
    `${server.origin}${consolePaths.withdrawPolicy.replace(':hash', hash)}`,
    {},
    { cookie, origin: server.origin },
  );
}

/** A person at a machine whose system ends sessions, with these policies published. */
async function room(server: RunningServer, ...published: Policy[]) {
  for (const one of published) await server.publish(one);
  const system = new MoodySystem();
  const folder = stateFolder();
  const { machine } = await machineWith(system);
  const service = await runningService(folder, undefined, {
    machine,
    settings: settings.parse({
      stateFolder: folder,
      logLevel: 'silent',
      enrolmentToken: await server.enrolmentToken(),
    }),
  });
  const shell = await shellOf(service);
  await expect.poll(() => shell.view().policies.length).toBe(published.length);
  const { session, account } = shell.view();
  system.session(session, account.name, { account });
  return { system, service, shell, folder, session };
}

describe('several policies on a machine', () => {
  test('are asked for in their order, kept over a restart without the server, and one that is withdrawn goes', async () => {
    const server = await quickServer();
    const { published: staff } = await server.publish(named('staff'));
    const { published: devices } = await server.publish(named('devices'));
    const folder = stateFolder();
    const service = await runningService(folder, await server.enrolmentToken());
    const shell = await shellOf(service);
    await expect
      .poll(() => shell.view().gate)
      .toMatchObject({ policy: { hash: staff.hash }, place: { number: 1, of: 2 } });
    await accept(shell);
    await expect
      .poll(() => shell.view().gate)
      .toMatchObject({ policy: { hash: devices.hash }, place: { number: 2, of: 2 } });
    await accept(shell);
    await expect.poll(() => shell.view().gate.phase).toBe('open');
    expect(shell.view().policies).toMatchObject([
      { policyId: 'staff', state: 'accepted', receipt: { policyHash: staff.hash } },
      { policyId: 'devices', state: 'accepted', receipt: { policyHash: devices.hash } },
    ]);
    expect(await shell.connection.call('policyText', { policyHash: devices.hash })).toMatchObject({
      ok: true,
      value: { hash: devices.hash },
    });

    await withdraw(server, staff.hash);
    await expect
      .poll(() => shell.view().policies.map(({ policyId }) => policyId), { timeout: 5_000 })
      .toEqual(['devices']);
    expect(events(service, 'policy.withdrawn')).toMatchObject([
      { data: { policyId: 'staff', policyHash: staff.hash } },
    ]);
    // Who accepted it can read it still.
    expect(await shell.connection.call('policyText', { policyHash: staff.hash })).toMatchObject({
      ok: true,
      value: { hash: staff.hash },
    });
    await service.stop('Restart');
    await server.close();
    const after = await shellOf(await runningService(folder));
    expect(after.view().policies).toMatchObject([{ policyId: 'devices', state: 'accepted' }]);
  });

  test('a set that was changed on disk is not used, nor one made for another machine', async () => {
    const server = await runningServer();
    await server.publish(named('staff'));
    await server.publish(named('devices'));
    const folder = stateFolder();
    const token = await server.enrolmentToken('school');
    const first = await runningService(folder, token);
    await expect.poll(() => events(first, 'policy.received').length).toBe(2);
    await first.stop('Restart');
    const file = join(folder, 'service', 'policies.json');
    const kept = z
      .object({ set: z.looseObject({}), policies: z.array(z.unknown()) })
      .parse(JSON.parse(readFileSync(file, 'utf8')));
    const { hashes } = z.object({ hashes: z.array(z.string()) }).parse(kept.set);
    writeFileSync(
      file,
      JSON.stringify({ set: { ...kept.set, hashes: hashes.slice(1) }, policies: kept.policies.slice(1) }),
    );
    const changed = await runningService(folder, undefined, { exchangeTimeoutMs: 1 });
    expect((await shellOf(changed)).view().gate.phase, 'one was taken out').toBe('noPolicy');

    const other = stateFolder();
    const second = await runningService(other, token);
    await expect.poll(() => events(second, 'policy.received').length).toBe(2);
    await second.stop('Restart');
    writeFileSync(join(other, 'service', 'policies.json'), JSON.stringify(kept));
    await server.close();
    const foreign = await runningService(other);
    expect((await shellOf(foreign)).view().gate.phase, 'it is another machine’s').toBe('noPolicy');
  });

  test('what an older version kept as its one policy is still used', async () => {
    const server = await runningServer();
    await server.publish(named('staff'));
    const folder = stateFolder();
    const first = await runningService(folder, await server.enrolmentToken());
    await expect.poll(() => events(first, 'policy.received').length).toBe(1);
    await first.stop('Update');
    const file = (name: string) => join(folder, 'service', name);
    const { policies } = z
      .object({ policies: z.array(z.unknown()) })
      .parse(JSON.parse(readFileSync(file('policies.json'), 'utf8')));
    renameSync(file('policies.json'), file('policy.json'));
    writeFileSync(file('policy.json'), JSON.stringify(policies[0]));
    await server.close();
    const after = await runningService(folder);
    expect((await shellOf(after)).view().policies).toMatchObject([{ policyId: 'staff' }]);
    expect(existsSync(file('policies.json'))).toBe(false);
  });
});

describe('not accepting, on the machine', () => {
  test('"Not now" is on disk before it lets anybody work, with the day it ends', async () => {
    const server = await runningServer();
    const { service, shell } = await room(server, named('staff', { renewal: { kind: 'onChange', graceDays: 5 } }));
    const { policy, postponableUntil } = asked(shell);
    expect(await shell.connection.call('postpone', { policyHash: policy.hash })).toEqual({ ok: true, value: null });
    expect(events(service, 'policy.postponed')).toMatchObject([{ data: { until: postponableUntil, why: 'first' } }]);
    await expect.poll(() => shell.view().gate).toMatchObject({ phase: 'open', receipt: null });
    await shell.connection.call('askAgain', {});
    await expect.poll(() => shell.view().gate.phase).toBe('asking');
  });

  test('a limited session goes on and says so to the shell; a reason is asked for where the policy requires one', async () => {
    const server = await runningServer();
    const { service, shell } = await room(server, named('staff', { decline: { mode: 'limited', reason: 'required' } }));
    const { hash: policyHash } = asked(shell).policy;
    expect(await shell.connection.call('decline', { policyHash, reason: '', reading })).toMatchObject({
      ok: false,
      problem: { field: 'reason' },
    });
    expect(await shell.connection.call('decline', { policyHash, reason: 'Clause 1.1', reading })).toMatchObject({
      ok: true,
    });
    expect(events(service, 'policy.declined')).toMatchObject([{ data: { reason: 'Clause 1.1', then: 'limited' } }]);
    await expect
      .poll(() => shell.view())
      .toMatchObject({ gate: { phase: 'open', receipt: null }, policies: [{ state: 'limited' }] });
  });

  test('signing out: the system is asked to end the session when the time is over, and a refusal is told', async () => {
    const server = await runningServer();
    const { system, service, shell, session } = await room(
      server,
      named('staff', { decline: { mode: 'signOut', reason: 'optional', saveWorkSeconds: 5 } }),
    );
    system.mood = { kind: 'throws', sentence: 'Interactive authentication required' };
    const began = Date.now();
    await shell.connection.call('decline', { policyHash: asked(shell).policy.hash, reason: '', reading });
    await expect.poll(() => shell.view().gate).toMatchObject({ phase: 'leaving', covered: true, failure: null });
    expect(system.asked).toEqual([]);
    await expect.poll(() => system.asked, { timeout: 7_000 }).toEqual([`signOut ${session}`]);
    expect(Date.now() - began).toBeGreaterThanOrEqual(5_000);
    await expect
      .poll(() => shell.view().gate)
      .toMatchObject({ failure: expect.stringContaining('Interactive authentication required') });
    expect(events(service, 'lock.requested', 'lock.failed')).toMatchObject([
      { data: { action: 'signOut', reason: 'declined' } },
      { data: { action: 'signOut', reason: 'declined', covered: true } },
    ]);
  });
});

describe('who it is and what they know', () => {
  test('on a shared account nobody is asked for the policy before they said who they are, and both are on record', async () => {
    const { username } = userInfo();
    const server = await runningServer();
    const sharedAccounts = { clause, accounts: [`${username.slice(0, 2)}*`], ask: ['host' as const] };
    const { service, shell } = await room(server, named('staff', { rules: { sharedAccounts } }));
    expect(shell.view().gate).toMatchObject({
      phase: 'identifying',
      ask: ['host'],
      clause: { id: clause, number: '1.1' },
    });
    expect(events(service, 'gate.shown')).toEqual([]);
    expect(await shell.connection.call('namePerson', { name: 'Alex Example', answers: {} })).toMatchObject({
      ok: false,
      problem: { field: 'answers.host' },
    });
    await shell.connection.call('namePerson', { name: 'Alex Example', answers: { host: 'The office' } });
    expect(events(service, 'session.personNamed')).toMatchObject([
      { data: { name: 'Alex Example' }, rule: { clause } },
    ]);
    await expect.poll(() => shell.view().gate).toMatchObject({ phase: 'asking', person: 'Alex Example' });
    await accept(shell);
    expect(events(service, 'policy.accepted')).toMatchObject([{ data: { person: 'Alex Example' } }]);
  });

  test('questions come before the signature, and every attempt is on record', async () => {
    const server = await runningServer();
    const options = [
      { id: 'nobody', text: 'Nobody' },
      { id: 'a-friend', text: 'A friend' },
    ];
    const check = { questions: [{ id: 'who', text: 'Who may know it?', options, right: ['nobody'], clause }] };
    const { service, shell } = await room(server, named('staff', { check }));
    expect(await accept(shell)).toMatchObject({ ok: false, problem: { code: 'acceptance.check' } });
    const { hash: policyHash } = asked(shell).policy;
    const wrong = await shell.connection.call('answerCheck', { policyHash, answers: { who: ['a-friend'] } });
    expect(wrong).toEqual({ ok: true, value: { passed: false, attempts: 1, wrong: ['who'] } });
    const right = await shell.connection.call('answerCheck', { policyHash, answers: { who: ['nobody'] } });
    expect(right).toMatchObject({ ok: true, value: { passed: true, attempts: 2 } });
    expect(events(service, 'policy.checked').map(({ data }) => data)).toMatchObject([
      { attempt: 2, passed: true },
      { attempt: 1, passed: false, answers: [{ question: 'who', chosen: ['a-friend'], right: false }] },
    ]);
    expect(await accept(shell)).toMatchObject({ ok: true });
  });
});
