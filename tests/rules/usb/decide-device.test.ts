import { describe, expect, test } from 'vitest';
import { policyRules } from '../../../src/contract/policy-rules.ts';
import type { UsbDevice, UsbRule } from '../../../src/contract/usb.ts';
import { decideDevice, type UsbCircumstances, type UsbSurroundings } from '../../../src/rules/usb/decide-device.ts';
import { grant, list, machineId, nobody, startMs, surroundings } from './surroundings.ts';

const device = (more: Partial<UsbDevice> = {}): UsbDevice => ({
  vendorId: '0781',
  productId: '5567',
  vendor: 'SanDisk',
  product: 'Cruzer Blade',
  serial: '4C530001230112116281',
  kinds: ['storage'],
  port: '1-1',
  capacityBytes: null,
  fault: null,
  ...more,
});
const decide = (one: UsbDevice, around: UsbSurroundings, here: Partial<UsbCircumstances> = {}) =>
  decideDevice(one, around, { ...nobody, ...here });
const hour = 60 * 60_000;

describe('the list', () => {
  test('no list: everything is allowed, by default', () => {
    expect(decide(device({ kinds: ['storage', 'keyboard', 'disguised'] }), surroundings(null))).toMatchObject({
      action: 'allow',
      by: { kind: 'default' },
      rule: { policyVersion: null, clause: 'default' },
    });
  });

  test('the first line that fits decides, and is named with its clause', () => {
    const around = surroundings(
      list(
        { id: 'office', kinds: ['storage'], machineGroups: ['office'], action: 'allow' },
        { id: 'nobody', kinds: ['storage'], action: 'block', clause: 'usb.2', instead: 'Use the shared drive.' },
      ),
    );
    expect(decide(device(), around)).toMatchObject({
      action: 'block',
      by: { kind: 'rule', id: 'nobody' },
      rule: { policyVersion: 3, clause: 'usb.2' },
      instead: 'Use the shared drive.',
    });
    expect(decide(device(), { ...around, machineGroup: 'Office' })).toMatchObject({
      action: 'allow',
      by: { kind: 'rule', id: 'office' },
      rule: { clause: 'usb.1' },
    });
  });

  test.each<[string, Partial<UsbRule>, Partial<UsbSurroundings>, boolean]>([
    ['its kind', { kinds: ['phone'] }, {}, false],
    ['maker', { devices: [{ vendorId: '0781' }] }, {}, true],
    ['maker and product', { devices: [{ vendorId: '0781', productId: '5568' }] }, {}, false],
    ['serial', { devices: [{ vendorId: '0781', productId: '5567', serial: '4C530001230112116281' }] }, {}, true],
    ['another serial', { devices: [{ vendorId: '0781', serial: '4C53' }] }, {}, false],
    ['the person', { kinds: ['storage'], accounts: ['R.Ashdown'] }, {}, true],
    ['another person', { kinds: ['storage'], accounts: ['k.lee'] }, {}, false],
    ['nobody signed in', { kinds: ['storage'], accounts: ['r.ashdown'] }, { accountName: null }, false],
    ['the school', { kinds: ['storage'], schools: ['school-1'] }, {}, true],
    ['another school', { kinds: ['storage'], schools: ['school-2'] }, {}, false],
    ['until later', { kinds: ['storage'], until: new Date(startMs + hour).toISOString() }, {}, true],
    ['until now', { kinds: ['storage'], until: new Date(startMs).toISOString() }, {}, false],
    ['current antivirus', { kinds: ['storage'], require: ['antivirus'] }, { antivirusCurrent: true }, true],
    ['old antivirus', { kinds: ['storage'], require: ['antivirus'] }, { antivirusCurrent: false }, false],
    ['antivirus nobody knows of', { kinds: ['storage'], require: ['antivirus'] }, {}, false],
  ])('a line for %s', (_name, line, around, fits) => {
    expect(decide(device(), surroundings({ ...line, action: 'block' }, around)).action).toBe(fits ? 'block' : 'allow');
  });

  test('an encrypted stick, a plain one, and one that was not looked at yet', () => {
    const around = surroundings(
      list({ kinds: ['storage'], require: ['encrypted'], action: 'allow' }, { kinds: ['storage'], action: 'block' }),
    );
    expect(decide(device(), around, { encrypted: true })).toMatchObject({ action: 'allow', unknown: [] });
    expect(decide(device(), around, { encrypted: false })).toMatchObject({ action: 'block', unknown: [] });
    expect(decide(device(), around)).toMatchObject({ action: 'block', unknown: ['encrypted'] });
  });

  test('a device that is several: the strictest of its kinds, whatever the order of the list', () => {
    const around = surroundings(
      list({ kinds: ['audio'], action: 'allow' }, { kinds: ['storage'], action: 'ask', lockScreen: true }),
    );
    expect(decide(device({ kinds: ['audio', 'storage'] }), around)).toMatchObject({
      action: 'ask',
      kind: 'storage',
      lockScreen: true,
    });
  });

  test('storage that types is blocked by default, unless the very thing is allowed', () => {
    const bad = device({ kinds: ['storage', 'keyboard', 'disguised'], serial: 'BAD0001' });
    const allowsStorage = { kinds: ['storage', 'keyboard'], action: 'allow' } as const;
    expect(decide(bad, surroundings({ ...allowsStorage, kinds: ['storage', 'keyboard'] }))).toMatchObject({
      action: 'block',
      kind: 'disguised',
      by: { kind: 'default' },
    });
    const named = { devices: [{ vendorId: '0781', productId: '5567', serial: 'BAD0001' }], action: 'allow' } as const;
    expect(decide(bad, surroundings({ ...named, devices: [...named.devices] })).action).toBe('allow');
  });

  test('report only: decided as ever, and said so', () => {
    const around = surroundings({ ...list({ kinds: ['storage'] }), reportOnly: true });
    expect(decide(device(), around)).toMatchObject({ action: 'block', reportOnly: true });
  });
});

describe('grants and codes', () => {
  const around = surroundings({ kinds: ['storage'], action: 'ask', lockScreen: true });
  test('a grant opens what the list holds, is named, and says until when', () => {
    expect(decide(device(), { ...around, grants: [grant()] })).toMatchObject({
      action: 'allow',
      lockScreen: false,
      by: { kind: 'grant', id: 'g1' },
      untilMs: startMs + hour,
    });
  });

  test.each<[string, Parameters<typeof grant>[0], Partial<UsbDevice>, Partial<UsbCircumstances>, boolean]>([
    ['not yet', { from: new Date(startMs + 1).toISOString() }, {}, {}, false],
    ['no more', { until: new Date(startMs).toISOString() }, {}, {}, false],
    ['for somebody else', { accountName: 'k.lee' }, {}, {}, false],
    ['for this person', { accountName: 'r.ashdown' }, {}, {}, true],
    ['for another group', { machineGroup: 'office' }, {}, {}, false],
    ['for another machine', { machine: 'f'.repeat(32) }, {}, {}, false],
    ['for this machine', { machine: machineId }, {}, {}, true],
    ['for another serial', {}, { serial: '4C530001230112116282' }, {}, false],
    ['for a serial that two devices here have', {}, {}, { twin: true }, false],
    ['for the serial 0', { device: { vendorId: '0781', productId: '5567', serial: '0' } }, { serial: '0' }, {}, false],
    ['for every one of this product', { device: { vendorId: '0781', productId: '5567' } }, { serial: '0' }, {}, true],
  ])('%s', (_name, more, which, here, opens) => {
    const verdict = decide(device(which), { ...around, grants: [grant(more)] }, here);
    expect(verdict.action).toBe(opens ? 'allow' : 'ask');
  });

  test('a code counts until its time', () => {
    expect(decide(device(), around, { codeUntilMs: startMs + 1 })).toMatchObject({
      action: 'allow',
      by: { kind: 'code' },
    });
    expect(decide(device(), around, { codeUntilMs: startMs }).action).toBe('ask');
  });

  test('a line without exceptions hears neither, whichever of the device’s kinds it is about', () => {
    const strict = surroundings(
      list({ kinds: ['storage'], action: 'block', noExceptions: true }, { kinds: ['keyboard'], action: 'block' }),
      { grants: [grant()] },
    );
    for (const kinds of [['storage'], ['keyboard', 'storage']] as const) {
      expect(decide(device({ kinds: [...kinds] }), strict, { codeUntilMs: startMs + hour })).toMatchObject({
        action: 'block',
        mayBeExcepted: false,
      });
    }
  });
});

describe('what a policy may say', () => {
  const usb = (value: unknown): string =>
    policyRules.safeParse({ usb: value }).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`)[0] ??
    '';
  const line = { id: 'a', kinds: ['storage'], action: 'block' };
  test.each<[string, unknown, RegExp]>([
    ['no lines', { clause: 'c', rules: [] }, /^usb\.rules needs at least one line/],
    [
      'a line for nothing',
      { clause: 'c', rules: [{ id: 'a', action: 'block' }] },
      /^usb\.rules\.0\.kinds names nothing/,
    ],
    ['a kind nobody knows', { clause: 'c', rules: [{ ...line, kinds: ['toaster'] }] }, /^usb\.rules\.0\.kinds\.0/],
    ['one id twice', { clause: 'c', rules: [line, line] }, /^usb\.rules\.1\.id "a" is used twice/],
    [
      'a maker by name',
      { clause: 'c', rules: [{ ...line, devices: [{ vendorId: 'SanDisk' }] }] },
      /four lower-case hex/,
    ],
    ['an unknown action', { clause: 'c', rules: [{ ...line, action: 'eject' }] }, /^usb\.rules\.0\.action/],
    ['no clause', { rules: [line] }, /^usb\.clause/],
  ])('%s is refused at its place', (_name, value, says) => expect(usb(value)).toMatch(says));
  test('a whole list is taken', () => expect(usb({ clause: 'c', rules: [line] })).toBe(''));
});
