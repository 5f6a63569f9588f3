import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DeviceKind, UsbDevice } from '../../../src/contract/usb.ts';
import type { UsbSurroundings } from '../../../src/rules/usb/decide-device.ts';
import {
  devicesWakeAtMs,
  noDevices,
  stepDeviceControl,
  type DeviceControlEffect,
  type DeviceControlInput,
  type DeviceControlState,
} from '../../../src/rules/usb/device-control.ts';
import { grant, list, startMs, surroundings } from './surroundings.ts';

const device = (kinds: DeviceKind[], more: Partial<UsbDevice> = {}): UsbDevice => ({
  vendorId: '0781',
  productId: '5567',
  vendor: 'SanDisk',
  product: 'Cruzer Blade',
  serial: '4C530001230112116281',
  kinds,
  port: '1-1',
  capacityBytes: null,
  fault: null,
  ...more,
});
const stick = device(['storage']);
const keyboard = device(['keyboard'], { vendorId: '046d', productId: 'c31c', serial: null, port: '1-2' });
const hub = device(['hub'], { vendorId: '05e3', productId: '0608', serial: null, port: '1-3' });

let state: DeviceControlState;
let around: UsbSurroundings;
let uptimeMs: number;

beforeEach(() => {
  state = noDevices;
  uptimeMs = 10_000;
  around = surroundings(list({ kinds: ['storage'], action: 'ask', lockScreen: true }));
});

const now = () => ({ atMs: startMs + uptimeMs - 10_000, uptimeMs });
function take(input: DeviceControlInput): DeviceControlEffect[] {
  const step = stepDeviceControl(state, input, { ...around, atMs: now().atMs }, now());
  state = step.state;
  return step.effects;
}
const arrive = (id: string, one: UsbDevice, more: Partial<Extract<DeviceControlInput, { kind: 'arrived' }>> = {}) =>
  take({ kind: 'arrived', id, device: one, usable: false, toldMs: uptimeMs, atStart: false, before: null, ...more });
const held = (id: string, why: string | null = null) => take({ kind: 'holdEnded', id, why });
const released = (id: string, why: string | null = null) => take({ kind: 'releaseEnded', id, why });
/** What happened, in short: `hold`, `usb.decided ask` … */
const short = (effects: readonly DeviceControlEffect[]): string[] =>
  effects.map((effect) =>
    effect.kind !== 'record'
      ? effect.kind
      : effect.event.type === 'usb.decided'
        ? `usb.decided ${effect.event.data.decision.action} by ${effect.event.data.decision.by.kind}`
        : effect.event.type,
  );
const data = (effects: readonly DeviceControlEffect[], type: string): unknown =>
  effects.flatMap((effect) => (effect.kind === 'record' && effect.event.type === type ? [effect.event.data] : []))[0];

describe('a device that is not allowed', () => {
  test('never usable: held first, then recorded, and blocked only when the system said so', () => {
    expect(short(arrive('a', stick))).toEqual(['hold', 'usb.decided ask by rule', 'lockScreen']);
    uptimeMs += 40;
    const after = held('a');
    expect(short(after)).toEqual(['usb.blocked']);
    expect(data(after, 'usb.blocked')).toMatchObject({ beforeUse: true, afterMs: 0 });
  });

  test('usable for a while: "blocked after 120 ms" is what is said', () => {
    arrive('a', stick, { usable: true });
    uptimeMs += 120;
    expect(data(held('a'), 'usb.blocked')).toMatchObject({ beforeUse: false, afterMs: 120 });
  });

  test('the system refuses: never called blocked, said once, tried again, and said when it works after all', () => {
    arrive('a', stick, { usable: true });
    const failed = held('a', 'EIO');
    expect(short(failed)).toEqual(['usb.blockFailed']);
    expect(devicesWakeAtMs(state, now())).toBe(uptimeMs + 10_000);
    uptimeMs += 10_000;
    expect(short(take({ kind: 'timePassed' }))).toEqual(['hold']);
    expect(short(held('a', 'EIO'))).toEqual([]);
    uptimeMs += 10_000;
    expect(short(take({ kind: 'timePassed' }))).toEqual(['hold']);
    expect(short(held('a'))).toEqual(['usb.blocked']);
  });

  test('gone before the system answered: removed, and nothing else', () => {
    arrive('a', stick);
    expect(short(take({ kind: 'left', id: 'a' }))).toEqual(['usb.removed']);
    expect(held('a')).toEqual([]);
    expect(state.plugs).toEqual({});
  });

  test('report only: nothing is stopped and no screen locks', () => {
    around = surroundings({ ...list({ kinds: ['storage'], lockScreen: true }), reportOnly: true });
    expect(short(arrive('a', stick, { usable: true }))).toEqual(['usb.decided block by rule']);
  });
});

describe('permission', () => {
  test('asked, granted, replugged, ended', () => {
    arrive('a', stick);
    held('a');
    expect(short(take({ kind: 'asked', id: 'a', requestId: 'request-000000001', reason: 'Assembly slides' }))).toEqual([
      'usb.asked',
    ]);
    around = { ...around, grants: [grant({ until: new Date(startMs + 60_000).toISOString() })] };
    const answer = { requestId: 'request-000000001', answer: 'approved', note: '', until: null } as const;
    expect(short(take({ kind: 'answered', answers: [answer] }))).toEqual(['usb.answered']);
    expect(short(take({ kind: 'surroundings', occasion: 'grantArrived' }))).toEqual([
      'release',
      'usb.decided allow by grant',
    ]);
    expect(short(released('a'))).toEqual(['usb.released']);
    take({ kind: 'left', id: 'a' });
    expect(short(arrive('b', stick))).toEqual(['release', 'usb.decided allow by grant']);
    expect(short(released('b'))).toEqual([]);
    expect(devicesWakeAtMs(state, now())).toBe(70_000);
    uptimeMs = 70_000;
    expect(short(take({ kind: 'timePassed' }))).toEqual(['hold', 'usb.decided ask by rule']);
    expect(data(held('b'), 'usb.blocked')).toMatchObject({ beforeUse: false });
  });

  test('a code opens until its time', () => {
    arrive('a', stick);
    held('a');
    expect(short(take({ kind: 'codeEntered', id: 'a', outcome: 'wrong', minutes: null }))).toEqual(['usb.codeEntered']);
    expect(short(take({ kind: 'codeEntered', id: 'a', outcome: 'accepted', minutes: 15 }))).toEqual([
      'usb.codeEntered',
      'release',
      'usb.decided allow by code',
    ]);
    released('a');
    uptimeMs += 15 * 60_000;
    expect(short(take({ kind: 'timePassed' }))).toEqual(['hold', 'usb.decided ask by rule']);
  });

  test('two devices with one serial: a grant by it opens neither', () => {
    around = { ...around, grants: [grant()] };
    arrive('a', stick);
    released('a');
    const second = arrive('b', { ...stick, port: '1-2' });
    expect(short(second)).toEqual(['hold', 'usb.decided ask by rule', 'lockScreen', 'hold', 'usb.decided ask by rule']);
    held('a');
    held('b');
    expect(short(take({ kind: 'left', id: 'b' }))).toEqual(['usb.removed', 'release', 'usb.decided allow by grant']);
  });
});

describe('while the screen is locked', () => {
  const allowsSticks = () => surroundings(list({ kinds: ['phone'], action: 'block' }));
  test('what is new waits until it is unlocked', () => {
    around = allowsSticks();
    take({ kind: 'screen', locked: true });
    expect(short(arrive('a', stick))).toEqual(['hold', 'usb.decided block by locked']);
    held('a');
    expect(short(take({ kind: 'screen', locked: false }))).toEqual(['release', 'usb.decided allow by default']);
    expect(short(released('a'))).toEqual(['usb.released']);
  });

  test('what was there when it locked comes back', () => {
    around = allowsSticks();
    arrive('a', stick);
    released('a');
    take({ kind: 'screen', locked: true });
    take({ kind: 'left', id: 'a' });
    expect(short(arrive('b', stick))).toEqual(['release', 'usb.decided allow by default']);
    expect(short(arrive('c', { ...stick, serial: 'AA11', port: '1-4' }))).toContain('usb.decided block by locked');
  });

  test('a sole keyboard is let in, a second one waits, a hub passes', () => {
    around = allowsSticks();
    take({ kind: 'screen', locked: true });
    expect(short(arrive('h', hub))).toEqual(['release', 'usb.decided allow by default']);
    released('h');
    expect(short(arrive('k', keyboard))).toEqual(['release', 'usb.decided allow by default']);
    released('k');
    expect(short(arrive('l', { ...keyboard, port: '1-5' }))).toContain('usb.decided block by locked');
    held('l');
    expect(short(take({ kind: 'left', id: 'k' }))).toEqual(['usb.removed', 'release', 'usb.decided allow by default']);
  });

  test('a stick that types is no keyboard to be saved', () => {
    take({ kind: 'screen', locked: true });
    expect(short(arrive('b', device(['storage', 'keyboard', 'disguised'])))).toContain('hold');
  });
});

test('a disk whose encryption counts is looked at, and let in or put out', () => {
  around = surroundings(
    list(
      { kinds: ['storage'], require: ['encrypted'], action: 'allow' },
      { kinds: ['storage'], action: 'block', lockScreen: true },
    ),
  );
  expect(short(arrive('a', stick))).toEqual(['inspect', 'usb.decided block by rule']);
  uptimeMs += 300;
  const seen = { kind: 'inspected', id: 'a', capacityBytes: 1_000, letInMs: uptimeMs - 300 } as const;
  const kept = state;
  expect(short(take({ ...seen, encrypted: true, usableNow: true }))).toEqual(['usb.decided allow by rule']);
  state = kept;
  expect(short(take({ ...seen, encrypted: false, usableNow: false }))).toEqual(['lockScreen', 'hold']);
  expect(data(held('a'), 'usb.blocked')).toMatchObject({ beforeUse: false, afterMs: 300 });
});

/** What anybody and anything may do, in any order. */
const anyInput = fc.oneof(
  fc.record({
    kind: fc.constant('arrived' as const),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    device: fc.constantFrom(
      stick,
      { ...stick, port: '1-7' },
      keyboard,
      hub,
      device(['storage', 'keyboard', 'disguised']),
      device(['unreadable']),
    ),
    usable: fc.boolean(),
    toldMs: fc.constant(0),
    atStart: fc.boolean(),
    before: fc.constant(null),
  }),
  fc.record({ kind: fc.constant('left' as const), id: fc.constantFrom('a', 'b', 'c', 'd') }),
  fc.record({
    kind: fc.constant('holdEnded' as const),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    why: fc.constantFrom(null, null, 'EIO'),
  }),
  fc.record({
    kind: fc.constant('releaseEnded' as const),
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    why: fc.constantFrom(null, null, 'EIO'),
  }),
  fc.record({ kind: fc.constant('screen' as const), locked: fc.boolean() }),
  fc.record({
    kind: fc.constant('surroundings' as const),
    occasion: fc.constantFrom('policyChanged' as const, 'grantArrived' as const),
  }),
  fc.record({
    kind: fc.constant('codeEntered' as const),
    id: fc.constantFrom('a', 'b'),
    outcome: fc.constantFrom('accepted' as const, 'wrong' as const),
    minutes: fc.constant(15),
  }),
  fc.constant({ kind: 'timePassed' as const }),
);
const anyRules = fc.constantFrom(
  surroundings(null),
  surroundings(list({ kinds: ['storage'], action: 'block' })),
  surroundings(list({ kinds: ['storage', 'keyboard'], action: 'ask' }), { grants: [grant()] }),
  surroundings({ ...list({ kinds: ['storage'], action: 'block' }), reportOnly: true }),
);

test('whatever happens in whatever order: never called blocked unasked, nothing held that may be used, never without a keyboard', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyInput, anyRules, fc.nat(30_000)), { maxLength: 40 }), (inputs) => {
      state = noDevices;
      uptimeMs = 10_000;
      const asked = new Set<string>();
      for (const [input, rules, passMs] of inputs) {
        if (input.kind === 'arrived' && state.plugs[input.id] !== undefined) continue;
        uptimeMs += passMs;
        around = rules;
        // The system answers only what it was asked.
        const doing = 'id' in input ? state.plugs[input.id]?.doing : null;
        if (input.kind === 'holdEnded' && doing !== 'hold') continue;
        if (input.kind === 'releaseEnded' && doing !== 'release') continue;
        for (const effect of take(input)) {
          if (effect.kind === 'hold') asked.add(effect.id);
          if (effect.kind === 'record' && effect.event.type === 'usb.blocked') {
            expect(asked.has(effect.event.data.plug)).toBe(true);
            expect(input).toMatchObject({ kind: 'holdEnded', why: null });
          }
        }
        for (const plug of Object.values(state.plugs)) {
          // Nothing is left undone: it is as it should be, being done, or to be tried again.
          const asWanted = plug.want === 'use' ? plug.usable : plug.heldForSure && !plug.usable;
          expect(asWanted || plug.doing !== null || plug.failed !== null).toBe(true);
          if (plug.heldForSure) expect(plug.usable).toBe(false);
        }
        const keyboards = Object.values(state.plugs).filter((plug) =>
          plug.device.kinds.every((kind) => kind === 'keyboard'),
        );
        if (keyboards.length > 0) expect(keyboards.some((plug) => plug.want === 'use')).toBe(true);
      }
    }),
    { numRuns: 3_000 },
  );
});
