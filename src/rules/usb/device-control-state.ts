import type { EventCore } from '../../contract/event.ts';
import type { UsbAnswer, UsbDecision, UsbDevice, UsbOccasion } from '../../contract/usb.ts';
import type { UsbVerdict } from './decide-device.ts';

/** One device from coming in to going away. Times are milliseconds since boot unless they say otherwise. */
export interface Plug {
  id: string;
  device: UsbDevice;
  insertedMs: number;
  /** When the system told of it. */
  toldMs: number;
  /** Can programs reach it now? */
  usable: boolean;
  /** Could they ever? */
  everUsable: boolean;
  /** The system said that it is held. */
  heldForSure: boolean;
  want: 'use' | 'hold';
  /** What the system was asked to do and has not answered yet. */
  doing: 'hold' | 'release' | 'inspect' | null;
  /** Why the system did not do it, and when to try again. */
  failed: { what: 'hold' | 'release'; why: string; retryAtMs: number } | null;
  /** When it was last asked to be held, for how long it took. */
  holdingSinceMs: number;
  verdict: UsbVerdict;
  encrypted: boolean | null;
  inspected: boolean;
  /** It came in just now, and whether the screen locks because of it is not known before it was looked at. */
  lockUndecided: boolean;
  codeUntilMs: number | null;
  request: { id: string; answer: UsbAnswer['answer'] | null; note: string } | null;
}

export interface DeviceControlState {
  plugs: Readonly<Record<string, Plug>>;
  /** Null while the screen is open; else what was in use when it locked, by key and port. */
  lockedWith: readonly string[] | null;
}

export type DeviceControlInput =
  | {
      kind: 'arrived';
      id: string;
      device: UsbDevice;
      usable: boolean;
      toldMs: number;
      atStart: boolean;
      /** What was known of it before the service stopped; its arrival is on record. */
      before: (Pick<Plug, 'codeUntilMs' | 'request'> & { decision: UsbDecision }) | null;
    }
  | { kind: 'left'; id: string }
  | { kind: 'holdEnded'; id: string; why: string | null }
  | { kind: 'releaseEnded'; id: string; why: string | null }
  /** The device was let in for a moment, looked at and put out again. */
  | {
      kind: 'inspected';
      id: string;
      encrypted: boolean | null;
      capacityBytes: number | null;
      usableNow: boolean;
      /** When it was let in. */
      letInMs: number;
    }
  | { kind: 'learnt'; id: string; capacityBytes: number | null; optical: boolean; severalSlots: boolean }
  | { kind: 'screen'; locked: boolean }
  | { kind: 'surroundings'; occasion: UsbOccasion }
  | { kind: 'asked'; id: string; requestId: string; reason: string }
  | { kind: 'answered'; answers: readonly UsbAnswer[] }
  | { kind: 'codeEntered'; id: string; outcome: 'accepted' | 'wrong' | 'expired' | 'tooMany'; minutes: number | null }
  | { kind: 'timePassed' };

type UsbEvent = Extract<EventCore, { type: `usb.${string}` }>;

export type DeviceControlEffect =
  | { kind: 'record'; event: UsbEvent; rule: UsbVerdict['rule'] | null; subject: string }
  /** Say `holdEnded`. */
  | { kind: 'hold'; id: string }
  /** Say `releaseEnded`. */
  | { kind: 'release'; id: string }
  /** Let it in, look whether it is encrypted, put it out; say `inspected`. */
  | { kind: 'inspect'; id: string }
  | { kind: 'lockScreen'; rule: UsbVerdict['rule'] };

export interface DeviceControlStep {
  state: DeviceControlState;
  effects: DeviceControlEffect[];
}
