import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { EventBody, EventType } from '../../src/contract/event.ts';
import type { PolicyRules } from '../../src/contract/policy-rules.ts';
import { settings } from '../../src/contract/settings.ts';
import type { RunningService } from '../../src/service/index.ts';
import { runningServer } from '../server/running.ts';
import { testPolicy } from '../support/test-device.ts';
import { machineWith, MoodySystem } from './moody-system.ts';
import { runningService, shellOf, stateFolder, type Shell } from './running-service.ts';

const clause = 'passwords.1';
const idleLock = { clause, warnAfterSeconds: 1, lockAfterSeconds: 2 };

interface Room {
  system: MoodySystem;
  service: RunningService;
  shell: Shell;
  folder: string;
  session: string;
  sleep(ms: number): void;
  events(...types: EventType[]): EventBody[];
}

/** A machine under a policy with these rules, a person signed in, and the shell up. */
async function room(
  rules: PolicyRules,
  given: { sharedMachine?: 'yes'; shellProgram?: string; system?: MoodySystem } = {},
): Promise<Room> {
  const server = await runningServer();
  await server.publish({ ...testPolicy(), rules });
  const system = given.system ?? new MoodySystem();
  const folder = stateFolder();
  const { machine, sleep } = await machineWith(system);
  const service = await runningService(folder, undefined, {
    machine,
    settings: settings.parse({
      stateFolder: folder,
      logLevel: 'silent',
      enrolmentToken: await server.enrolmentToken(),
      ...(given.sharedMachine === undefined ? {} : { sharedMachine: given.sharedMachine }),
      ...(given.shellProgram === undefined ? {} : { shellProgram: given.shellProgram }),
    }),
  });
  const shell = await shellOf(service);
  await expect.poll(() => shell.view().gate.phase).toBe('asking');
  const { session } = shell.view();
  // From here on the system knows the session too.
  system.session(session, shell.view().account.name, { account: shell.view().account });
  return {
    system,
    service,
    shell,
    folder,
    session,
    sleep,
    events: (...types) =>
      types
        .flatMap((type) => [...service.journal.recordsOfType(type, undefined, 50)])
        .sort((one, other) => one.seq - other.seq)
        .flatMap(({ body }) => (body === null ? [] : [body])),
  };
}

const sample = async ({ shell }: Room, idleMs: number) => {
  const outcome = await shell.connection.call('idleSampled', { idleMs });
  if (!outcome.ok) throw new Error(outcome.problem.detail);
  return outcome.value;
};
/** Somebody touches the computer now. @returns how long ago that was. */
const touch = () => {
  const at = performance.now();
  return () => Math.floor(performance.now() - at);
};
const slowly = { timeout: 6_000, interval: 100 };
const phase = ({ shell }: Room) => shell.view().lock.phase;

describe('idle', () => {
  test('warning, lock and confirmation are recorded with the clause, and unlocking begins anew', async () => {
    const here = await room({ idleLock });
    const idle = touch();
    expect((await sample(here, idle())).nextSampleInMs).toBeLessThanOrEqual(1_000);
    expect(phase(here)).toBe('watching');
    await expect.poll(async () => (await sample(here, idle()), phase(here)), slowly).toBe('warning');
    expect(here.shell.view().lock).toMatchObject({ clause: { id: clause, number: '1.1' } });
    await expect.poll(async () => (await sample(here, idle()), phase(here)), slowly).toBe('locked');
    expect(idle()).toBeGreaterThanOrEqual(2_000);
    here.system.session(here.session, '', { locked: false });
    await expect.poll(() => phase(here)).toBe('watching');
    expect(here.events('lock.requested', 'lock.confirmed', 'session.locked', 'session.unlocked')).toMatchObject([
      { type: 'lock.requested', rule: { clause }, data: { action: 'lock', reason: 'idle', idleSeconds: 2 } },
      { type: 'lock.confirmed', rule: { clause }, data: { wasCovered: false } },
      { type: 'session.locked', data: { by: 'usher' } },
      { type: 'session.unlocked' },
    ]);
  });

  test('any input takes the warning down', async () => {
    const here = await room({ idleLock: { ...idleLock, lockAfterSeconds: 60 } });
    const idle = touch();
    await expect.poll(async () => (await sample(here, idle()), phase(here)), slowly).toBe('warning');
    await sample(here, 0);
    await expect.poll(() => phase(here)).toBe('watching');
    expect(here.events('lock.requested')).toEqual([]);
  });

  test('without a rule nothing is watched and nothing locks', async () => {
    const here = await room({});
    await sample(here, 3_600_000);
    expect(phase(here)).toBe('off');
    expect(here.events('lock.requested')).toEqual([]);
  });

  test('a laptop asleep past the threshold locks when it wakes', async () => {
    const here = await room({ idleLock });
    here.sleep(30_000);
    await expect.poll(() => phase(here)).toBe('locked');
    expect(here.events('machine.sleeping', 'machine.woke', 'lock.requested')).toMatchObject([
      { type: 'machine.sleeping' },
      { type: 'machine.woke', data: { sleptSeconds: 30 } },
      { type: 'lock.requested', data: { reason: 'slept', idleSeconds: null } },
    ]);
  });
});

describe('a system that does not lock', () => {
  test('a locker that is missing: covered at once, with its words, and tried again until it locks', async () => {
    const here = await room({ idleLock });
    here.system.mood = { kind: 'throws', sentence: 'No screen locker is installed' };
    await here.shell.connection.call('lockNow', {});
    await expect
      .poll(() => here.shell.view().lock)
      .toMatchObject({ phase: 'covered', why: 'No screen locker is installed' });
    expect(here.events('lock.failed')).toMatchObject([
      { data: { reason: 'person', why: 'No screen locker is installed', covered: true } },
    ]);
    here.system.mood = { kind: 'locks', afterMs: 5 };
    await here.shell.connection.call('lockNow', {});
    await expect.poll(() => phase(here)).toBe('locked');
    expect(here.events('lock.confirmed')).toMatchObject([{ data: { wasCovered: true } }]);
    expect(here.events('lock.requested')).toHaveLength(1);
  });

  test('a system that says nothing: covered after three seconds', async () => {
    const here = await room({ idleLock });
    here.system.mood = { kind: 'silent' };
    await here.shell.connection.call('lockNow', {});
    await expect.poll(() => phase(here)).toBe('locking');
    await expect.poll(() => phase(here), { timeout: 5_000 }).toBe('covered');
    expect(here.events('lock.failed')).toMatchObject(
      [{ data: { why: /3 seconds/ } }].map(() => ({ type: 'lock.failed' })),
    );
  });

  test('a system that wants it from inside: the shell is told, and what it could not do is covered', async () => {
    const here = await room({ idleLock });
    here.system.mood = { kind: 'inSession' };
    await here.shell.connection.call('lockNow', {});
    await expect.poll(() => here.shell.view().lock).toMatchObject({ phase: 'locking', inSession: 1 });
    await here.shell.connection.call('lockAttemptFailed', { attempt: 1, why: 'xdg-screensaver is missing' });
    await expect
      .poll(() => here.shell.view().lock)
      .toMatchObject({ phase: 'covered', why: 'xdg-screensaver is missing' });
    await here.shell.connection.call('screenLockChanged', { locked: true });
    await expect.poll(() => phase(here)).toBe('locked');
  });

  test('five locks asked at once are one request', async () => {
    const here = await room({ idleLock });
    await Promise.all(Array.from({ length: 5 }, () => here.shell.connection.call('lockNow', {})));
    await expect.poll(() => phase(here)).toBe('locked');
    expect(here.events('lock.requested')).toHaveLength(1);
    expect(here.system.asked).toEqual([`lock ${here.session}`]);
  });

  test('a session that vanishes while it is locked is over, and the service goes on', async () => {
    const here = await room({ idleLock });
    here.system.mood = { kind: 'vanishes' };
    await here.shell.connection.call('lockNow', {});
    await expect.poll(() => here.events('session.signedOut')).toHaveLength(1);
    expect(here.events('lock.confirmed')).toHaveLength(1);
    await expect.poll(() => phase(here)).toBe('off');
    expect((await here.shell.connection.call('receipts', {})).ok).toBe(true);
    expect(await here.shell.connection.call('lockNow', {})).toMatchObject({
      ok: false,
      problem: { code: 'session.unknown' },
    });
  });
});

describe('shared machines', () => {
  const sharedMachines = { clause, saveWorkSeconds: 60, extendOnceSeconds: 120 };
  test('sign out after the countdown, with the open programs; more time is given once', async () => {
    const system = new MoodySystem();
    system.programs = ['LibreOffice', 'firefox'];
    const here = await room(
      { idleLock: { clause, warnAfterSeconds: 1, lockAfterSeconds: 61, sharedMachines } },
      { sharedMachine: 'yes', system },
    );
    const idle = touch();
    await expect.poll(async () => (await sample(here, idle()), phase(here)), slowly).toBe('warning');
    await expect
      .poll(() => here.shell.view().lock)
      .toMatchObject({ action: 'signOut', programs: ['LibreOffice', 'firefox'], mayExtendSeconds: 120 });
    expect(await here.shell.connection.call('extend', {})).toMatchObject({ ok: true });
    expect(await here.shell.connection.call('extend', {})).toMatchObject({
      ok: false,
      problem: { code: 'lock.noMoreTime' },
    });
    expect(here.events('lock.extended')).toMatchObject([{ data: { bySeconds: 120 } }]);
    here.sleep(200_000);
    await expect.poll(() => here.events('session.signedOut')).toHaveLength(1);
    expect(system.asked).toEqual([`signOut ${here.session}`]);
  });
});

describe('presentation', () => {
  const presentation = { clause, maximumMinutes: 60, recognise: ['fullScreen' as const] };
  test('from the tray: no longer than the policy allows, named in the refusal; ends when asked', async () => {
    const here = await room({ idleLock, presentation });
    expect(await here.shell.connection.call('startPresentation', { minutes: 61 })).toMatchObject({
      ok: false,
      problem: {
        code: 'presentation.tooLong',
        field: 'minutes',
        detail: 'The policy allows at most 60 minutes at a time. Choose 60 or fewer.',
      },
    });
    await here.shell.connection.call('startPresentation', { minutes: 30 });
    await expect.poll(() => here.shell.view().presentation.running).toMatchObject({ reason: 'person' });
    await sample(here, 600_000);
    expect(here.events('lock.requested')).toEqual([]);
    await here.shell.connection.call('endPresentation', {});
    await expect.poll(() => here.shell.view().presentation.running).toBeNull();
    expect(here.events('presentation.started', 'presentation.ended')).toMatchObject([
      { rule: { clause }, data: { reason: 'person', maximumMinutes: 30 } },
      { data: { reason: 'person', why: 'person' } },
    ]);
  });

  test('recognised by a full screen on the projector, and over when that is gone', async () => {
    const here = await room({ idleLock: { ...idleLock, lockAfterSeconds: 30 }, presentation });
    here.system.signals = ['fullScreen'];
    const idle = touch();
    const running = async () => (await sample(here, idle()), here.shell.view().presentation.running);
    await expect.poll(running, slowly).toMatchObject({ reason: 'fullScreen' });
    expect(phase(here)).toBe('watching');
    here.system.signals = [];
    await expect
      .poll(() => here.events('presentation.ended'), { timeout: 15_000 })
      .toMatchObject([{ data: { reason: 'fullScreen', why: 'signalGone' } }]);
  });

  test('where the policy has none, it is refused in words', async () => {
    const here = await room({ idleLock });
    expect(await here.shell.connection.call('startPresentation', { minutes: 5 })).toMatchObject({
      ok: false,
      problem: { detail: 'The policy has no presentation mode.' },
    });
  });
});

describe('the shell is ended', () => {
  test('the service starts it again, and meanwhile locks by what the system says', async () => {
    const here = await room({ idleLock }, { shellProgram: '/opt/usher/usher' });
    here.system.systemIdleMs = 1_000;
    await here.shell.connection.close();
    await expect.poll(() => here.system.asked, { timeout: 4_000 }).toContain('start /opt/usher/usher');
    expect(here.events('shell.lost')).toHaveLength(1);
    here.system.systemIdleMs = 2_500;
    await expect.poll(() => here.events('lock.confirmed'), { timeout: 4_000 }).toHaveLength(1);
    const back = await shellOf(here.service);
    expect(back.view().lock.phase).toBe('locked');
    expect(here.events('shell.restarted')).toMatchObject([{ data: { attempts: 1 } }]);
  });

  test('with nothing that tells, it locks because nobody is watching, and says why', async () => {
    const here = await room({ idleLock });
    here.system.systemIdleMs = null;
    await here.shell.connection.close();
    await expect
      .poll(() => here.events('lock.requested'), { timeout: 6_000 })
      .toMatchObject([{ data: { reason: 'notWatched' } }]);
    expect(here.events('idle.detectionBroken')).toMatchObject([{ data: { finding: 'noSource' } }]);
  });
});

describe('sessions and the machine', () => {
  test('sign-in, switching user, sign-out and shutting down are recorded', async () => {
    const here = await room({});
    here.system.session('c9', 'kim');
    here.system.session('c9', 'kim', { active: false });
    here.system.session('c9', 'kim', { active: true });
    here.system.tell({ kind: 'ended', session: 'c9' });
    here.system.tell({ kind: 'shuttingDown' });
    const seen = here.events(
      'session.signedIn',
      'session.switchedAway',
      'session.switchedBack',
      'session.signedOut',
      'machine.shuttingDown',
    );
    expect(seen.filter(({ session }) => session === 'c9' || session === null).map(({ type }) => type)).toEqual([
      'session.signedIn',
      'session.switchedAway',
      'session.switchedBack',
      'session.signedOut',
      'machine.shuttingDown',
    ]);
  });

  test('a machine that went off without a word is found at its next start', async () => {
    const system = new MoodySystem();
    const folder = stateFolder();
    const options = { settings: settings.parse({ stateFolder: folder, logLevel: 'silent' }) };
    const first = await runningService(folder, undefined, {
      ...options,
      machine: (await machineWith(system, { bootId: 'boot-1' })).machine,
    });
    await shellOf(first);
    // The list as it was in the moment the power went: stopping in order would write it anew.
    const file = join(folder, 'service', 'sessions.json');
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('account');
    const asItWas = readFileSync(file, 'utf8');
    await first.stop('The test pulls the plug');
    writeFileSync(file, asItWas);
    const second = await runningService(folder, undefined, {
      ...options,
      machine: (await machineWith(new MoodySystem(), { bootId: 'boot-2' })).machine,
    });
    const found = [...second.journal.recordsOfType('machine.stoppedUnclean', undefined, 5)];
    expect(found.map(({ body }) => body?.data)).toMatchObject([{ openSessions: 1 }]);
    expect([...second.journal.recordsOfType('session.signedOut', undefined, 5)].map(({ body }) => body?.data)).toEqual([
      { how: 'notSeenAgain' },
    ]);
  });

  test('an old password is told once a day, with what the policy says', async () => {
    const system = new MoodySystem();
    system.passwordAgeDays = 88;
    const here = await room({ passwordAge: { clause, maximumDays: 90, remindDays: 7 } }, { system });
    await expect
      .poll(() => here.shell.view().notices)
      .toMatchObject([
        {
          kind: 'passwordAge',
          text: 'Your password is due to be changed in 2 days. The policy asks for a new one every 90 days.',
          clause: { id: clause },
        },
      ]);
    const [notice] = here.shell.view().notices;
    await here.shell.connection.call('answerNotice', { id: notice?.id ?? '', answer: 'dismissed' });
    await expect.poll(() => here.shell.view().notices).toEqual([]);
    expect(here.events('password.ageing')).toMatchObject([{ data: { ageDays: 88, maximumDays: 90 } }]);
    expect(await here.shell.connection.call('answerNotice', { id: 'gone', answer: 'signOut' })).toMatchObject({
      ok: true,
    });
  });
});
