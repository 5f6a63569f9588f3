import type { DeviceKind, UsbAnswer, UsbDecision, UsbDevice, UsbOccasion } from '../../contract/usb.ts';
import type { Moment } from '../moment.ts';
import { decideDevice, type UsbSurroundings, type UsbVerdict } from './decide-device.ts';
import type {
  DeviceControlEffect,
  DeviceControlInput,
  DeviceControlState,
  DeviceControlStep,
  Plug,
} from './device-control-state.ts';
import { deviceKey, serialIdentifies } from './device-text.ts';

export type * from './device-control-state.ts';

export const noDevices: DeviceControlState = { plugs: {}, lockedWith: null };

/** What could not be held or let in is tried again so often. */
const retryMs = 10_000;

/**
 * What is plugged in and what may be used: pure, over plain data. A device is asked to be held before anything is
 * recorded of it, and counts as blocked only when the system said that it is.
 */
export function stepDeviceControl(
  before: DeviceControlState,
  input: DeviceControlInput,
  around: UsbSurroundings,
  now: Moment,
): DeviceControlStep {
  const step = new Step(before, around, now);
  step.take(input);
  return { state: step.state, effects: step.effects };
}

/** When `timePassed` is due, milliseconds since boot; null where nothing is waited for. */
export function devicesWakeAtMs({ plugs }: DeviceControlState, now: Moment): number | null {
  let due: number | null = null;
  const consider = (atMs: number): void => void (due = due === null ? atMs : Math.min(due, atMs));
  for (const { failed, verdict } of Object.values(plugs)) {
    if (failed !== null) consider(failed.retryAtMs);
    if (verdict.untilMs !== null) consider(now.uptimeMs + Math.max(0, verdict.untilMs - now.atMs));
  }
  return due;
}

/** Is this nothing but something to type or point with? */
const onlyInput = (device: UsbDevice): boolean =>
  device.kinds.every((kind) => kind === 'keyboard' || kind === 'mouse' || kind === 'input' || kind === 'hub') &&
  device.kinds.some((kind) => kind !== 'hub');

const placeOf = ({ device }: Plug): string => `${deviceKey(device)}@${device.port}`;
const isHub = (device: UsbDevice): boolean => device.kinds.every((kind) => kind === 'hub');
const isTwinOf = (device: UsbDevice, other: UsbDevice): boolean =>
  serialIdentifies(device.serial) && deviceKey(device) === deviceKey(other);

class Step {
  state: DeviceControlState;
  readonly effects: DeviceControlEffect[] = [];
  readonly #around: UsbSurroundings;
  readonly #now: Moment;

  constructor(state: DeviceControlState, around: UsbSurroundings, now: Moment) {
    this.state = state;
    this.#around = around;
    this.#now = now;
  }

  take(input: DeviceControlInput): void {
    switch (input.kind) {
      case 'arrived':
        return this.#arrived(input);
      case 'left':
        return this.#left(input.id);
      case 'holdEnded':
        return this.#holdEnded(input.id, input.why);
      case 'releaseEnded':
        return this.#releaseEnded(input.id, input.why);
      case 'inspected':
        return this.#inspected(input);
      case 'learnt':
        return this.#learnt(input);
      case 'screen':
        return this.#screen(input.locked);
      case 'surroundings':
        return this.#redecideAll(input.occasion);
      case 'asked':
        return this.#asked(input.id, input.requestId, input.reason);
      case 'answered':
        return this.#answered(input.answers);
      case 'codeEntered':
        return this.#codeEntered(input);
      case 'timePassed':
        this.#redecideAll('grantEnded');
        for (const plug of this.#all()) this.#pursue(plug);
    }
  }

  #all(): Plug[] {
    return Object.values(this.state.plugs);
  }
  #plug(id: string): Plug | undefined {
    return this.state.plugs[id];
  }
  #keep(plug: Plug): Plug {
    this.state = { ...this.state, plugs: { ...this.state.plugs, [plug.id]: plug } };
    return plug;
  }

  #arrived(input: Extract<DeviceControlInput, { kind: 'arrived' }>): void {
    const { id, device, usable, toldMs, before } = input;
    const bare: Plug = {
      id,
      device,
      insertedMs: this.#now.uptimeMs,
      toldMs,
      usable,
      everUsable: usable,
      heldForSure: false,
      want: 'hold',
      doing: null,
      failed: null,
      holdingSinceMs: toldMs,
      verdict: decideDevice(device, this.#around, { encrypted: null, twin: false, codeUntilMs: null }),
      encrypted: null,
      inspected: false,
      lockUndecided: false,
      codeUntilMs: before?.codeUntilMs ?? null,
      request: before?.request ?? null,
    };
    this.#keep(bare);
    const verdict = this.#judge(bare);
    const plug = this.#keep({ ...bare, verdict, want: wantOf(verdict) });
    // Held before it is recorded: the record may take a moment, and the device must not have it.
    this.#pursue(plug);
    const known = before !== null && JSON.stringify(before.decision) === JSON.stringify(decisionOf(verdict));
    if (!known) this.#recordDecision(plug, input.atStart ? 'atStart' : 'inserted');
    const asked = this.#plug(id);
    if (asked?.doing === 'inspect') this.#keep({ ...asked, lockUndecided: !input.atStart });
    else if (!input.atStart) this.#lockFor(verdict);
    for (const other of this.#all()) {
      if (other.id !== id && isTwinOf(other.device, device)) this.#redecide(other, 'conditionsKnown');
    }
  }

  #lockFor({ lockScreen, reportOnly, rule }: UsbVerdict): void {
    if (lockScreen && !reportOnly && this.state.lockedWith === null) this.effects.push({ kind: 'lockScreen', rule });
  }

  #left(id: string): void {
    const plug = this.#plug(id);
    if (plug === undefined) return;
    const { [id]: _gone, ...plugs } = this.state.plugs;
    this.state = { ...this.state, plugs };
    const pluggedSeconds = Math.max(0, Math.round((this.#now.uptimeMs - plug.insertedMs) / 1_000));
    this.#record(plug, {
      type: 'usb.removed',
      data: { plug: id, device: plug.device, how: 'unplugged', pluggedSeconds },
    });
    // What went may have been the only keyboard, or one of two with the same serial.
    this.#redecideAll('conditionsKnown');
  }

  #holdEnded(id: string, why: string | null): void {
    const plug = this.#plug(id);
    if (plug === undefined || plug.doing !== 'hold') return;
    if (why === null) {
      const held = this.#keep({ ...plug, doing: null, usable: false, heldForSure: true, failed: null });
      const afterMs = plug.everUsable ? Math.max(0, Math.round(this.#now.uptimeMs - plug.holdingSinceMs)) : 0;
      this.#record(plug, {
        type: 'usb.blocked',
        data: { plug: id, device: plug.device, beforeUse: !plug.everUsable, afterMs },
      });
      return this.#pursue(held);
    }
    const again = plug.failed?.what === 'hold' && plug.failed.why === why;
    const failed = { what: 'hold', why, retryAtMs: this.#now.uptimeMs + retryMs } as const;
    this.#keep({ ...plug, doing: null, usable: true, everUsable: true, heldForSure: false, failed });
    if (!again) this.#record(plug, { type: 'usb.blockFailed', data: { plug: id, device: plug.device, why } });
  }

  #releaseEnded(id: string, why: string | null): void {
    const plug = this.#plug(id);
    if (plug === undefined || plug.doing !== 'release') return;
    if (why === null) {
      const wasHeld = plug.heldForSure;
      const free = this.#keep({
        ...plug,
        doing: null,
        usable: true,
        everUsable: true,
        heldForSure: false,
        failed: null,
      });
      // What waited only for the first decision was never kept from anybody.
      if (wasHeld) this.#record(plug, { type: 'usb.released', data: { plug: id, device: plug.device } });
      return this.#pursue(free);
    }
    const again = plug.failed?.what === 'release' && plug.failed.why === why;
    const failed = { what: 'release', why, retryAtMs: this.#now.uptimeMs + retryMs } as const;
    this.#keep({ ...plug, doing: null, failed });
    if (!again) this.#record(plug, { type: 'usb.releaseFailed', data: { plug: id, device: plug.device, why } });
  }

  #inspected(input: Extract<DeviceControlInput, { kind: 'inspected' }>): void {
    const plug = this.#plug(input.id);
    if (plug === undefined || plug.doing !== 'inspect') return;
    const { encrypted, usableNow } = input;
    const device = { ...plug.device, capacityBytes: input.capacityBytes ?? plug.device.capacityBytes };
    const seen: Plug = {
      ...plug,
      device,
      encrypted,
      inspected: true,
      doing: null,
      usable: usableNow,
      everUsable: true,
      heldForSure: false,
      holdingSinceMs: input.letInMs,
    };
    this.#redecide(this.#keep(seen), 'conditionsKnown');
    const after = this.#plug(input.id);
    if (after === undefined) return;
    if (after.lockUndecided) this.#lockFor(after.verdict);
    this.#pursue(this.#keep({ ...after, lockUndecided: false }));
  }

  /** What the system tells only of a device in use: how much it holds, and what sort of drive it is. */
  #learnt(input: Extract<DeviceControlInput, { kind: 'learnt' }>): void {
    const plug = this.#plug(input.id);
    if (plug === undefined) return;
    const more: DeviceKind[] = [
      ...(input.optical ? (['optical'] as const) : []),
      ...(input.severalSlots ? (['cardReader'] as const) : []),
    ].filter((kind) => !plug.device.kinds.includes(kind));
    const capacityBytes = input.capacityBytes ?? plug.device.capacityBytes;
    const device = { ...plug.device, capacityBytes, kinds: [...plug.device.kinds, ...more] };
    this.#redecide(this.#keep({ ...plug, device }), 'conditionsKnown', capacityBytes !== plug.device.capacityBytes);
  }

  #screen(locked: boolean): void {
    if (locked === (this.state.lockedWith !== null)) return;
    const inUse = this.#all().filter(({ usable, want }) => usable && want === 'use');
    this.state = { ...this.state, lockedWith: locked ? inUse.map(placeOf) : null };
    if (!locked) this.#redecideAll('unlocked');
  }

  #asked(id: string, requestId: string, reason: string): void {
    const plug = this.#plug(id);
    if (plug === undefined) return;
    this.#keep({ ...plug, request: { id: requestId, answer: null, note: '' } });
    this.#record(plug, { type: 'usb.asked', data: { requestId, plug: id, device: plug.device, reason } });
  }

  #answered(answers: readonly UsbAnswer[]): void {
    for (const plug of this.#all()) {
      const answer = answers.find(({ requestId }) => requestId === plug.request?.id);
      if (answer === undefined || plug.request === null || plug.request.answer !== null) continue;
      this.#keep({ ...plug, request: { ...plug.request, answer: answer.answer, note: answer.note } });
      this.#record(plug, {
        type: 'usb.answered',
        data: { requestId: answer.requestId, answer: answer.answer },
      });
    }
  }

  #codeEntered({ id, outcome, minutes }: Extract<DeviceControlInput, { kind: 'codeEntered' }>): void {
    const plug = this.#plug(id);
    if (plug === undefined) return;
    this.#record(plug, { type: 'usb.codeEntered', data: { plug: id, device: plug.device, outcome, minutes } });
    if (outcome !== 'accepted' || minutes === null) return;
    const codeUntilMs = this.#now.atMs + minutes * 60_000;
    this.#redecide(this.#keep({ ...plug, codeUntilMs }), 'codeEntered');
  }

  #redecideAll(occasion: UsbOccasion): void {
    // What only types or points comes last: whether it is the last of its sort depends on what becomes of the others.
    const inOrder = this.#all().sort((one, other) => Number(onlyInput(one.device)) - Number(onlyInput(other.device)));
    for (const { id } of inOrder) {
      const plug = this.#plug(id);
      if (plug !== undefined) this.#redecide(plug, occasion);
    }
  }

  #redecide(plug: Plug, occasion: UsbOccasion, changedAnyway = false): void {
    const verdict = this.#judge(plug);
    const same = sameDecision(verdict, plug.verdict);
    const decided = this.#keep({ ...plug, verdict, want: wantOf(verdict) });
    if (!same) {
      const holdingSinceMs = this.#now.uptimeMs;
      this.#pursue(this.#keep({ ...decided, holdingSinceMs, toldMs: this.#now.uptimeMs }));
    }
    if (!same || changedAnyway) this.#recordDecision(decided, occasion);
  }

  /** The policy's verdict, save that new devices wait while the screen is locked, and nobody is left without a keyboard. */
  #judge(plug: Plug): UsbVerdict {
    const { encrypted, codeUntilMs, device } = plug;
    const others = this.#all().filter(({ id }) => id !== plug.id);
    const twin = others.some((other) => isTwinOf(other.device, device));
    const verdict = decideDevice(device, this.#around, { encrypted, twin, codeUntilMs });
    const sole = onlyInput(device) && isSole(device, others);
    if (sole && wantOf(verdict) === 'hold') {
      return { ...verdict, action: 'allow', lockScreen: false, by: { kind: 'default' } };
    }
    const { lockedWith } = this.state;
    const { usb, policyVersion } = this.#around;
    const isNew = lockedWith !== null && plug.want === 'hold' && !lockedWith.includes(placeOf(plug));
    if (!isNew || usb === null || usb.reportOnly === true || sole || isHub(device) || wantOf(verdict) === 'hold') {
      return verdict;
    }
    const rule = { policyVersion, clause: usb.clause };
    return { ...verdict, action: 'block', lockScreen: false, by: { kind: 'locked' }, rule, untilMs: null };
  }

  /** Asks the system for what is wanted, one thing at a time. */
  #pursue(plug: Plug): void {
    if (plug.doing !== null) return;
    const waiting = plug.failed !== null && plug.failed.retryAtMs > this.#now.uptimeMs;
    if (plug.want === 'use') {
      if (plug.usable || (waiting && plug.failed?.what === 'release')) return;
      this.#keep({ ...plug, doing: 'release' });
      this.effects.push({ kind: 'release', id: plug.id });
      return;
    }
    const inspects = !plug.inspected && plug.verdict.unknown.includes('encrypted') && plug.verdict.by.kind !== 'locked';
    if (inspects) {
      this.#keep({ ...plug, doing: 'inspect' });
      this.effects.push({ kind: 'inspect', id: plug.id });
      return;
    }
    if (plug.heldForSure || (waiting && plug.failed?.what === 'hold')) return;
    this.#keep({ ...plug, doing: 'hold' });
    this.effects.push({ kind: 'hold', id: plug.id });
  }

  #recordDecision(plug: Plug, occasion: UsbOccasion): void {
    const { verdict, id, device } = plug;
    const afterMs = Math.max(0, Math.round(this.#now.uptimeMs - plug.toldMs));
    const data = { plug: id, device, occasion, decision: decisionOf(verdict), afterMs };
    this.#record(plug, { type: 'usb.decided', data });
  }

  #record(plug: Plug, event: Extract<DeviceControlEffect, { kind: 'record' }>['event']): void {
    const rule = event.type === 'usb.removed' || event.type === 'usb.asked' ? null : plug.verdict.rule;
    this.effects.push({ kind: 'record', event, rule, subject: deviceKey(plug.device) });
  }
}

/** What is to happen to the device because of the verdict. */
function wantOf({ action, reportOnly }: UsbVerdict): Plug['want'] {
  return reportOnly || action === 'allow' || action === 'warn' ? 'use' : 'hold';
}

/** Would there be nothing left to type with, or to point with, without it? */
function isSole(device: UsbDevice, others: readonly Plug[]): boolean {
  const has = (one: UsbDevice, kind: DeviceKind): boolean => one.kinds.includes(kind);
  const left = (kind: DeviceKind): boolean =>
    others.some(
      (other) =>
        // What also stores is nothing to rely on.
        other.usable && other.want === 'use' && has(other.device, kind) && !has(other.device, 'disguised'),
    );
  const types = has(device, 'keyboard') || has(device, 'input');
  return (types && !left('keyboard')) || (has(device, 'mouse') && !left('mouse'));
}

function decisionOf({ action, lockScreen, reportOnly, by, kind }: UsbVerdict): UsbDecision {
  return { action, lockScreen, reportOnly, by, kind };
}

const sameDecision = (one: UsbVerdict, other: UsbVerdict): boolean =>
  JSON.stringify(decisionOf(one)) === JSON.stringify(decisionOf(other));
