import { describe, expect, test } from 'vitest';
import { consolePaths, overview } from '../../src/contract/console.ts';
import {
  contactPurpose,
  everySection,
  type Audience,
  type Policy,
  type SignedPolicy,
} from '../../src/contract/policy.ts';
import type { PolicyRules } from '../../src/contract/policy-rules.ts';
import { privacyPaths, retention } from '../../src/contract/console-privacy.ts';
import { settings } from '../../src/contract/settings.ts';
import type { DeviceKind, UsbAction, UsbDevice } from '../../src/contract/usb.ts';
import type { Peer } from '../../src/machine/index.ts';
import { endOfDayDue } from '../../src/rules/end-of-day.ts';
import { fillVariables, sectionsFor } from '../../src/rules/policy-for-person.ts';
import { decideDevice } from '../../src/rules/usb/decide-device.ts';
import type { RunningServer } from '../../src/server/index.ts';
import { acceptanceOf } from '../support/test-device.ts';
import { filledPack, packAsWritten, type StarterPack } from '../support/pack.ts';
import { ask, enrolledDevice, runningServer, signIn } from '../server/running.ts';
import { machineWith, MoodySystem } from './moody-system.ts';
import { runningService, shellOf, stateFolder, type Shell } from './running-service.ts';

interface Walked {
  server: RunningServer;
  system: MoodySystem;
  shell: Shell;
  signed: SignedPolicy;
  events(type: Parameters<Awaited<ReturnType<typeof runningService>>['journal']['recordsOfType']>[0]): unknown[];
}

/** Signs in under this name at a machine of a school that has published the pack, and answers all that is asked. */
async function walk(
  pack: StarterPack,
  account: string,
  role: { audience: Audience; teaching: boolean },
): Promise<Walked> {
  const server = await runningServer({ pollSeconds: 1 });
  const { published } = await server.publish(filledPack(pack));
  const system = new MoodySystem();
  system.passwordAgeDays = 80;
  const { machine } = await machineWith(system);
  const folder = stateFolder();
  const service = await runningService(folder, undefined, {
    machine: {
      ...machine,
      async peerOf(socket): Promise<Peer> {
        const peer = await machine.peerOf(socket);
        return { ...peer, account: { ...peer.account, name: account } };
      },
    },
    settings: settings.parse({
      stateFolder: folder,
      logLevel: 'silent',
      enrolmentToken: await server.enrolmentToken(),
      sharedMachine: published.policy.rules?.idleLock?.sharedMachines === undefined ? 'no' : 'yes',
    }),
  });
  const shell = await shellOf(service);
  await expect.poll(() => shell.view().policies.length).toBe(1);
  const { call } = { call: shell.connection.call.bind(shell.connection) };
  const { gate } = shell.view();
  if (gate.phase === 'identifying') {
    const answers = Object.fromEntries(gate.ask.map((question) => [question, 'As asked']));
    expect(await call('namePerson', { name: 'Alex Example', answers })).toEqual({ ok: true, value: null });
  }
  expect(await call('chooseRole', role)).toEqual({ ok: true, value: null });
  const { policy, hash } = published;
  if (policy.check !== undefined) {
    const answers = Object.fromEntries(policy.check.questions.map(({ id, right }) => [id, right]));
    expect(await call('answerCheck', { policyHash: hash, answers })).toMatchObject({
      ok: true,
      value: { passed: true },
    });
  }
  const { fields, statements } = acceptanceOf(published);
  const outcome = await call('accept', {
    policyHash: hash,
    ...role,
    statements: statements.map(({ id }) => id),
    fields: Object.fromEntries(fields.map(({ id, value }) => [id, value])),
    reading: { readSeconds: 60, depthPercent: 100, sectionsRead: [] },
  });
  expect(outcome).toMatchObject({
    ok: true,
    value: { policyTitle: policy.title, verificationCode: expect.any(String) },
  });
  await expect.poll(() => shell.view().gate.phase).toBe('open');
  return {
    server,
    system,
    shell,
    signed: published,
    events: (type) => service.journal.recordsOfType(type).map(({ body }) => body?.data),
  };
}

/** What the list says to a device of this kind. */
function verdict(
  { policy, version }: SignedPolicy,
  kinds: DeviceKind[],
  known: { encrypted?: boolean; antivirus?: boolean | null } = {},
): { action: UsbAction; clause: string; mayBeExcepted: boolean } {
  const device: UsbDevice = {
    vendorId: '0781',
    productId: '5567',
    vendor: null,
    product: null,
    serial: 'S1',
    kinds,
    port: '1-1',
    capacityBytes: null,
    fault: null,
  };
  const around = {
    usb: policy.rules?.usb ?? null,
    policyVersion: version,
    grants: [],
    accountName: 'a',
    school: null,
    machineGroup: null,
    machine: '0'.repeat(32),
    atMs: 0,
    antivirusCurrent: known.antivirus ?? null,
  };
  const { action, rule, mayBeExcepted } = decideDevice(device, around, {
    encrypted: known.encrypted ?? null,
    twin: false,
    codeUntilMs: null,
  });
  return { action, clause: rule.clause, mayBeExcepted };
}

type Check = (walked: Walked) => Promise<void> | void;

const locks =
  (afterSeconds: number, clause: string): Check =>
  ({ shell }) =>
    expect(shell.view().lock).toMatchObject({
      phase: 'watching',
      action: 'lock',
      afterSeconds,
      clause: { id: clause },
    });

const reported =
  (clause: string, checks: readonly ('diskEncryption' | 'antivirus' | 'updates')[]): Check =>
  async ({ server, signed }) => {
    expect(signed.policy.rules?.posture).toEqual({ clause, require: checks });
    const device = await enrolledDevice(server, 'unprotected');
    device.begin();
    device.record({
      type: 'machine.posture',
      data: {
        checks: (['diskEncryption', 'antivirus', 'updates', 'firewall'] as const).map((name) => ({
          name,
          state: 'bad',
          detail: '',
        })),
        screenLock: null,
      },
    });
    await device.sync(server.origin);
    const { attention } = overview.parse(await (await ask(server, await signIn(server), consolePaths.overview)).json());
    const sentence = attention.find(({ kind }) => kind === 'posture')?.sentence ?? '';
    expect(sentence.match(/ on 1/g)).toHaveLength(checks.length);
  };

const elsewhere =
  (clause: string): Check =>
  async ({ server, shell }) => {
    const device = await enrolledDevice(server, 'the-other-room');
    device.begin();
    device.record({
      type: 'session.signedIn',
      account: shell.view().account.name,
      data: { seenBy: 'system', remote: false },
    });
    await device.sync(server.origin);
    await expect
      .poll(() => shell.view().notices, { timeout: 5_000 })
      .toContainEqual(
        expect.objectContaining({ kind: 'sameAccount', clause: expect.objectContaining({ id: clause }) }),
      );
  };

interface Expected {
  account: string;
  role: { audience: Audience; teaching: boolean };
  /** How many clauses such a person reads, and how many there are. */
  clauses: readonly [read: number, all: number];
  rules: Record<string, Check>;
  besides: Check;
}

const packs: Record<StarterPack, Expected> = {
  'primary-three-parts': {
    account: 'robin',
    role: { audience: 'staff', teaching: false },
    clauses: [42, 44],
    rules: {
      idleLock: locks(600, 'leaving.2'),
      concurrentSignIn: elsewhere('accounts.2'),
      passwordAge: async ({ shell, events }) => {
        await expect
          .poll(() => shell.view().notices)
          .toContainEqual(
            expect.objectContaining({
              kind: 'passwordAge',
              text: expect.stringContaining('in 10 days'),
              clause: expect.objectContaining({ id: 'accounts.3' }),
            }),
          );
        expect(events('password.ageing')).toEqual([{ ageDays: 80, maximumDays: 90 }]);
      },
      sharedAccounts: async () => {
        const supply = await walk('primary-three-parts', 'Supply.2', { audience: 'supply', teaching: true });
        expect(supply.events('session.personNamed')).toMatchObject([
          { name: 'Alex Example', answers: [{ question: 'organisation' }, { question: 'purpose' }] },
        ]);
        expect(supply.events('policy.accepted')).toMatchObject([{ person: 'Alex Example', audience: 'supply' }]);
      },
      usb: ({ signed }) => {
        for (const kind of ['storage', 'cardReader', 'optical', 'phone', 'disguised'] as const) {
          expect(verdict(signed, [kind]), kind).toEqual({
            action: 'block',
            clause: 'connecting.2',
            mayBeExcepted: false,
          });
        }
        expect(verdict(signed, ['network'])).toEqual({ action: 'ask', clause: 'connecting.1', mayBeExcepted: true });
        expect(verdict(signed, ['keyboard']).action).toBe('allow');
      },
    },
    besides: ({ signed: { policy } }) => {
      expect(policy.sections.filter(({ number }) => number !== undefined).map(({ title }) => title)).toEqual([
        'General',
        'Internet',
        'E-mail',
      ]);
      expect(policy.lifecycle.reviewEveryMonths).toBe(60);
    },
  },
  'trust-agreement': {
    account: 'robin',
    role: { audience: 'staff', teaching: true },
    clauses: [28, 29],
    rules: {
      idleLock: locks(600, 'screens.3'),
      presentation: async ({ shell }) => {
        expect(shell.view().presentation.allowed).toMatchObject({ maximumMinutes: 90, clause: { id: 'screens.3' } });
        expect(await shell.connection.call('startPresentation', { minutes: 91 })).toMatchObject({ ok: false });
        expect(await shell.connection.call('startPresentation', { minutes: 90 })).toMatchObject({ ok: true });
      },
      posture: reported('devices.3', ['diskEncryption', 'antivirus', 'updates']),
      sharedAccounts: async () => {
        const cover = await walk('trust-agreement', 'cover1', { audience: 'visitor', teaching: false });
        expect(cover.events('session.personNamed')).toMatchObject([
          { answers: [{ question: 'organisation' }, { question: 'host' }] },
        ]);
      },
      usb: ({ signed }) => {
        expect(verdict(signed, ['storage'], { encrypted: true })).toMatchObject({
          action: 'allow',
          clause: 'devices.1',
        });
        expect(verdict(signed, ['storage'], { encrypted: false })).toMatchObject({
          action: 'block',
          clause: 'devices.1',
        });
        expect(verdict(signed, ['storage']), 'not known to be encrypted').toMatchObject({ action: 'block' });
        expect(verdict(signed, ['phone'])).toMatchObject({ action: 'block', clause: 'devices.2' });
      },
    },
    besides: ({ signed: { policy }, events }) => {
      const said = [...everySection(policy.sections)]
        .slice(1)
        .flatMap(({ clauses }) => clauses.map(({ text }) => text));
      expect(said.every((text) => text.startsWith('I will ') || text.startsWith('I know '))).toBe(true);
      expect(policy.form.fields.map(({ label }) => label)).toEqual(['School', 'Signed', 'Print name', 'Date']);
      expect(policy.lifecycle.history).toHaveLength(3);
      expect(events('policy.checked')).toMatchObject([{ attempt: 1, passed: true }]);
      expect(policy.decline).toMatchObject({ mode: 'signOut' });
      expect(policy.renewal).toEqual({ kind: 'everyDays', days: 365, graceDays: 14 });
    },
  },
  'city-primary-34-points': {
    account: 'robin',
    role: { audience: 'staff', teaching: false },
    clauses: [36, 38],
    rules: {
      idleLock: ({ shell }) =>
        expect(shell.view().lock).toMatchObject({
          phase: 'watching',
          action: 'signOut',
          afterSeconds: 600,
          mayExtendSeconds: null,
          clause: { id: 'points.26', number: '26' },
        }),
      retention: async ({ server }) => {
        const [school] = retention.parse(
          await (await ask(server, await signIn(server), privacyPaths.retention)).json(),
        ).schools;
        const kept = Object.fromEntries(
          (school?.categories ?? []).map(({ category, keep, decidedBy }) => [category, `${keep.months} ${decidedBy}`]),
        );
        expect(kept).toMatchObject({
          sessions: '6 policy',
          devices: '6 policy',
          requests: '6 policy',
          machines: '6 policy',
          service: '6 policy',
        });
        expect(kept['acceptances']).toBe('72 usher');
      },
      usb: ({ signed }) => {
        expect(verdict(signed, ['storage'], { antivirus: true })).toMatchObject({
          action: 'allow',
          clause: 'points.16',
        });
        expect(verdict(signed, ['storage'], { antivirus: false })).toMatchObject({
          action: 'block',
          clause: 'points.16',
        });
        expect(verdict(signed, ['storage']), 'not known to be current').toMatchObject({ action: 'block' });
      },
    },
    besides: ({ signed: { policy }, shell }) => {
      const points = policy.sections.find(({ id }) => id === 'points')?.clauses ?? [];
      expect(points.map(({ number }) => number)).toEqual(Array.from({ length: 34 }, (_, index) => String(index + 1)));
      expect(points.filter(({ teachingOnly }) => teachingOnly === true).map(({ number }) => number)).toEqual([
        '12',
        '34',
      ]);
      expect(policy.form.counterSignature?.by).toEqual(['headteacher', 'businessManager']);
      expect(shell.view().policies).toMatchObject([{ state: 'accepted', counterSignature: 'waiting' }]);
    },
  },
  'trust-ict-usage': {
    account: 'robin',
    role: { audience: 'staff', teaching: false },
    clauses: [31, 31],
    rules: {
      idleLock: locks(300, 'security.2'),
      endOfDay: ({ signed }) => {
        const rule = signed.policy.rules?.endOfDay;
        if (rule === undefined) throw new Error('The pack has no end of day');
        expect(rule.clause).toBe('security.3');
        const at = (weekday: number, minutes: number) => ({ date: '2026-11-23', weekday, minutes });
        expect(endOfDayDue(rule, at(1, 16 * 60 + 29), null)).toBe(false);
        expect(endOfDayDue(rule, at(1, 16 * 60 + 30), null)).toBe(true);
        expect(endOfDayDue(rule, at(6, 16 * 60 + 30), null)).toBe(false);
      },
      posture: reported('security.8', ['antivirus']),
      usb: ({ signed }) =>
        expect(verdict(signed, ['storage'])).toEqual({ action: 'ask', clause: 'security.7', mayBeExcepted: true }),
    },
    besides: ({ signed: { policy }, events }) => {
      const blanks = packAsWritten('trust-ict-usage').variables;
      expect(blanks.every(({ required, value }) => required === true && value === undefined)).toBe(true);
      const [accepted] = events('policy.accepted');
      expect(JSON.stringify(accepted), 'the appendix is signed with the names filled in').toContain(
        'Ms Example (report-misuse)',
      );
      expect(policy.form.statements.filter(({ text }) => fillVariables(text, policy.variables) !== text)).toHaveLength(
        3,
      );
    },
  },
  'short-primary': {
    account: 'robin',
    role: { audience: 'staff', teaching: false },
    clauses: [13, 13],
    rules: {
      idleLock: (walked) => {
        void locks(600, 'using.2')(walked);
        expect(walked.signed.policy.rules?.idleLock?.maximumSeconds).toBe(600);
      },
      posture: reported('using.4', ['antivirus', 'updates']),
      usb: ({ signed }) => {
        expect(verdict(signed, ['storage'])).toEqual({ action: 'ask', clause: 'exceptions.1', mayBeExcepted: true });
        expect(verdict(signed, ['disguised'])).toEqual({ action: 'block', clause: 'using.5', mayBeExcepted: false });
      },
    },
    besides: ({ signed: { policy } }) =>
      expect(policy.decline).toMatchObject({ mode: 'signOut', saveWorkSeconds: 120 }),
  },
};

const clausesOf = (sections: Policy['sections']): number =>
  [...everySection(sections)].reduce((sum, { clauses }) => sum + clauses.length, 0);

describe.each(Object.entries(packs) as [StarterPack, Expected][])('the pack %s', (name, expected) => {
  test('is whole: every purpose has a contact, it has an owner and a review, and its rules are all checked here', () => {
    const pack = filledPack(name);
    expect(new Set(pack.contacts.map(({ purpose }) => purpose))).toEqual(new Set(contactPurpose.options));
    expect(pack.lifecycle).toMatchObject({ owner: expect.any(String), reviewEveryMonths: expect.any(Number) });
    const rules: PolicyRules = pack.rules ?? {};
    expect(Object.keys(expected.rules).sort()).toEqual(Object.keys(rules).sort());
    const { audience, teaching } = expected.role;
    expect([clausesOf(sectionsFor(pack, audience, teaching)), clausesOf(pack.sections)]).toEqual(expected.clauses);
  });

  test('walks a person in, and every rule it carries holds on the machine', async () => {
    const walked = await walk(name, expected.account, expected.role);
    await expected.besides(walked);
    for (const check of Object.values(expected.rules)) await check(walked);
  });
});
